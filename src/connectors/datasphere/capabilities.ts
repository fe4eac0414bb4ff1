import { z } from "zod";
import type { CallOptions } from "../../ports/call.ts";
import { bodyOf } from "./json-body.ts";
import { COMMAND_WORDS, type ListedSegment } from "./object-types.ts";
import { TenantError, type TenantHttp } from "./tenant-http.ts";

/** What a tenant was found to offer, remembered from run to run. */
export interface Capabilities {
  /** The tag of the discovery document that this was found in. Answers bear it too, so that a new release of the tenant shows itself. */
  readonly discovery: string | null;
  /** Paths of lists that differ from the usual ones, with `{space}`. */
  readonly paths: { readonly [segment: string]: string };
  /** What lists are asked to tell. */
  readonly select: readonly string[];
  /** Rows of a page. */
  readonly page: number;
  /** The tenant itself says that pages may be so long, so that it cuts none of them in silence. */
  readonly page_certain: boolean;
  /** Where all definitions of a space are read at once; null where that is not offered. */
  readonly content: string | null;
  /** That a bulk read says what single reads say was seen once. */
  readonly content_trusted: boolean;
}

export const CORE = "/dwaas-core/api/v1";
/** The header in which answers of the design-time interface bear the tag of the discovery document. */
export const DISCOVERY_TAG = "x-sap-cli-core-discovery-etag";

const LARGEST_PAGE = 200;
// Pages overlap by one row.
const SMALLEST_PAGE = 2;
/** When an object came to be, was changed and was deployed. */
export const TIMES: readonly string[] = ["createdOn", "changedOn", "deployedOn"];
const NAME = "technicalName";
const CONFIRMED = [NAME, "businessName", "semanticUsage", "status", "type"];

/** The ways to ask for a list, from the one that tells most to the one that every tenant answers. */
const LADDER: readonly Pick<Capabilities, "select" | "page">[] = [
  { select: [...CONFIRMED, ...TIMES], page: LARGEST_PAGE },
  { select: CONFIRMED, page: LARGEST_PAGE },
  { select: CONFIRMED, page: 100 },
  { select: [NAME], page: 25 },
];

/** What is assumed of a tenant that has no discovery document, until its lists say otherwise. */
const UNKNOWN: Capabilities = {
  discovery: null,
  paths: {},
  ...(LADDER[0] as (typeof LADDER)[number]),
  page_certain: false,
  content: `${CORE}/content`,
  content_trusted: false,
};

/** The next more modest way to ask for a list, after this one was refused; null after the last. */
export function humbler(capabilities: Capabilities): Capabilities | null {
  const next = LADDER.find(({ select, page }) => page <= capabilities.page && isLess(select, page, capabilities));
  return next === undefined ? null : { ...capabilities, ...next, page_certain: false };
}

function isLess(select: readonly string[], page: number, now: Capabilities): boolean {
  return select.every((property) => now.select.includes(property)) && (select.length < now.select.length || page < now.page);
}

/**
 * Reads the tenant's discovery document, as SAP's command line does. A tenant without one, or whose document cannot be read now, is asked
 * as others were seen to answer. Throws {@link TenantError} where the tenant does not let us in.
 */
export async function discover(http: TenantHttp, options: CallOptions): Promise<Capabilities> {
  try {
    const reply = await http.get({ url: `${CORE}/discovery`, accept: "application/json", max_bytes: LARGEST_DISCOVERY }, options);
    if (reply.status !== 200) return UNKNOWN;
    return { ...UNKNOWN, ...foundIn(bodyOf(reply, document)), discovery: reply.headers.get(DISCOVERY_TAG) ?? null };
  } catch (error) {
    if (!(error instanceof TenantError) || error.kind === "unauthorized") throw error;
    return UNKNOWN;
  }
}

const LARGEST_DISCOVERY = 32 * 1024 * 1024;

const parameter = z.looseObject({
  name: z.string().optional(),
  schema: z
    .looseObject({ maximum: z.number().optional(), items: z.looseObject({ enum: z.array(z.string()).optional() }).optional() })
    .optional(),
});
const operation = z.looseObject({ operationId: z.string().optional(), parameters: z.array(parameter).optional() });
const document = z.looseObject({
  info: z.looseObject({ version: z.string().optional() }).optional(),
  paths: z.record(z.string(), z.looseObject({ get: operation.optional() })),
});
type Discovery = z.infer<typeof document>;

function foundIn({ paths, info }: Discovery): Partial<Capabilities> {
  const byId = new Map(
    Object.entries(paths).flatMap(([path, { get }]) => (get?.operationId === undefined ? [] : [[get.operationId, { path, get }] as const])),
  );
  // Older documents leave the service's own prefix out of their paths.
  const isOld = Number.parseInt(info?.version ?? "", 10) < 2023;
  const pathOf = (id: string): string | undefined => {
    const path = byId.get(id)?.path;
    return path === undefined || !isOld || path.startsWith("/dwaas-core") ? path : `/dwaas-core${path}`;
  };
  const lists = Object.entries(COMMAND_WORDS).flatMap(([segment, word]) => {
    const path = pathOf(`objects ${word} list`);
    return path === undefined || !/^\/[^{}]*\{space\}[^{}]*$/.test(path) ? [] : [[segment, path] as const];
  });
  const list = byId.get("objects views list")?.get.parameters ?? [];
  const selectable = list.find(({ name }) => name === "select")?.schema?.items?.enum;
  const maximum = list.find(({ name }) => name === "top")?.schema?.maximum;
  const readsSpace = byId.get("spaces read");
  const isBulk = readsSpace?.get.parameters?.some(({ name }) => name === "definitions") === true;
  return {
    paths: Object.fromEntries(lists),
    ...(selectable === undefined
      ? {}
      : { select: [NAME, ...[...CONFIRMED, ...TIMES].filter((property) => isOffered(property, selectable))] }),
    page: Math.max(SMALLEST_PAGE, Math.min(LARGEST_PAGE, Math.trunc(maximum ?? LARGEST_PAGE))),
    page_certain: maximum !== undefined,
    content: isBulk ? (pathOf("spaces read") ?? null) : null,
  };
}

function isOffered(property: string, selectable: readonly string[]): boolean {
  return property !== NAME && selectable.includes(property);
}

/** The path of a type's list in a space. */
export function listPath({ paths }: Capabilities, space: string, segment: ListedSegment): string {
  const path = Object.hasOwn(paths, segment) ? (paths[segment] as string) : `${CORE}/spaces/{space}/${segment}`;
  return path.replace("{space}", encodeURIComponent(space));
}

/** True where lists tell when an object was made and when it was last changed or deployed. */
export function tellsTimes({ select }: Capabilities): boolean {
  return TIMES.every((time) => select.includes(time));
}
