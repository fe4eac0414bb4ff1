/** What a request asks for. `root` tells the paths of today from the deprecated ones. */
export type Route =
  | { readonly operation: "token" | "oauth_urls" | "discovery" | "list_spaces" | "read_content" | "unknown" }
  | { readonly operation: "list_objects"; readonly space: string; readonly type: string }
  | { readonly operation: "read_object"; readonly space: string; readonly type: string; readonly name: string }
  | { readonly operation: "catalog_root"; readonly root: Root }
  | { readonly operation: "catalog_metadata"; readonly root: Root }
  | { readonly operation: "catalog_spaces"; readonly root: Root }
  | { readonly operation: "catalog_space"; readonly root: Root; readonly space: string }
  /** Of one space, or of all. */
  | { readonly operation: "catalog_assets"; readonly root: Root; readonly space: string | null }
  | { readonly operation: "catalog_asset"; readonly root: Root; readonly space: string; readonly name: string }
  | ({ readonly operation: "service_document" } & Consumption)
  | ({ readonly operation: "metadata" } & Consumption);

/** One exposed asset as an OData service of its own. */
export interface Consumption {
  readonly root: Root;
  readonly mode: "relational" | "analytical";
  readonly space: string;
  readonly name: string;
}

export type Root = "new" | "old";
export type Operation = Route["operation"];
export type RouteOf<O extends Operation> = Extract<Route, { readonly operation: O }>;

export const OPERATIONS: readonly Operation[] = [
  "token",
  "oauth_urls",
  "discovery",
  "list_spaces",
  "list_objects",
  "read_object",
  "read_content",
  "catalog_root",
  "catalog_metadata",
  "catalog_spaces",
  "catalog_space",
  "catalog_assets",
  "catalog_asset",
  "service_document",
  "metadata",
  "unknown",
];

/** Where the two generations of OData paths begin. */
export const ROOTS: Readonly<Record<Root, { readonly catalog: string; readonly consumption: string }>> = {
  new: { catalog: "/api/v1/datasphere/consumption/catalog", consumption: "/api/v1/datasphere/consumption" },
  old: { catalog: "/api/v1/dwc/catalog", consumption: "/api/v1/dwc/consumption" },
};

/** What a path stands for. A slash within a name comes as `%2F`, so that the path is taken apart before it is decoded. */
export function routeOf(path: string): Route {
  const rest = (prefix: string): readonly string[] | null =>
    path === prefix || path.startsWith(`${prefix}/`) ? path.slice(prefix.length).split("/").slice(1).map(decoded) : null;
  if (path === "/oauth/token") return { operation: "token" };
  if (path === "/oauth") return { operation: "oauth_urls" };
  const core = rest("/dwaas-core/api/v1");
  if (core !== null) return coreRoute(core);
  for (const root of ["new", "old"] as const) {
    const catalog = rest(ROOTS[root].catalog);
    if (catalog !== null) return catalogRoute(root, catalog);
    const consumption = rest(ROOTS[root].consumption);
    if (consumption !== null) return consumptionRoute(root, consumption);
  }
  return { operation: "unknown" };
}

function coreRoute([first, space, type, name, ...more]: readonly string[]): Route {
  if (first === "discovery" && space === undefined) return { operation: "discovery" };
  if (first === "content" && space === undefined) return { operation: "read_content" };
  if (first !== "spaces" || more.length > 0) return { operation: "unknown" };
  if (space === undefined) return { operation: "list_spaces" };
  if (type === undefined) return { operation: "unknown" };
  return name === undefined ? { operation: "list_objects", space, type } : { operation: "read_object", space, type, name };
}

function catalogRoute(root: Root, [first = "", second, ...more]: readonly string[]): Route {
  if (more.length > 0) return { operation: "unknown" };
  if (second === undefined) {
    if (first === "") return { operation: "catalog_root", root };
    if (first === "$metadata") return { operation: "catalog_metadata", root };
    if (first === "spaces") return { operation: "catalog_spaces", root };
    if (first === "assets") return { operation: "catalog_assets", root, space: null };
  }
  const [, space] = /^spaces\('((?:[^']|'')*)'\)$/.exec(first) ?? [];
  if (space !== undefined) {
    const of = { root, space: unquoted(space) };
    if (second === undefined) return { operation: "catalog_space", ...of };
    if (second === "assets") return { operation: "catalog_assets", ...of };
    const [, name] = /^assets\('((?:[^']|'')*)'\)$/.exec(second) ?? [];
    return name === undefined ? { operation: "unknown" } : { operation: "catalog_asset", ...of, name: unquoted(name) };
  }
  const [, spaceName, name] = /^assets\(spaceName='((?:[^']|'')*)',name='((?:[^']|'')*)'\)$/.exec(first) ?? [];
  if (spaceName === undefined || name === undefined || second !== undefined) return { operation: "unknown" };
  return { operation: "catalog_asset", root, space: unquoted(spaceName), name: unquoted(name) };
}

function consumptionRoute(root: Root, [mode, space, name, last = "", ...more]: readonly string[]): Route {
  if ((mode !== "relational" && mode !== "analytical") || space === undefined || name === undefined) return { operation: "unknown" };
  if (more.length > 0 || (last !== "" && last !== "$metadata")) return { operation: "unknown" };
  const asset: Consumption = { root, mode, space, name };
  return last === "" ? { operation: "service_document", ...asset } : { operation: "metadata", ...asset };
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

// OData doubles a quote within a key.
function unquoted(key: string): string {
  return key.replaceAll("''", "'");
}
