import type { Json, JsonObject } from "../../model/json.ts";
import { type Exchange, JSON_TYPE, numberIn, type Reply, type World } from "./exchange.ts";
import type { Settings } from "./settings.ts";
import { badRequest } from "./tenant-error.ts";

/** A collection of the catalog: how many rows there are, and any stretch of them. */
export interface Collection {
  readonly count: number;
  slice(start: number, end: number): readonly JsonObject[];
}

const OPTIONS = new Set(["$top", "$skip", "$count", "$select", "$filter", "$skiptoken", "$format"]);

/** A page of a collection. The server goes on by itself with `@odata.nextLink`, unless the caller pages with `$top` and `$skip`. */
export function page(context: string, collection: Collection, exchange: Exchange, { settings, circumstances }: World): Reply {
  const { query } = exchange;
  for (const option of query.keys()) if (!OPTIONS.has(option)) throw badRequest(`The query option ${option} is not supported.`);
  const top = numberIn(query, "$top", Number.MAX_SAFE_INTEGER);
  const skip = numberIn(query, query.has("$skiptoken") ? "$skiptoken" : "$skip", 0);
  if (top === null || skip === null) throw badRequest("$top and $skip must be numbers.");
  const from = circumstances.ignoresSkip === true ? 0 : skip;
  const size = Math.min(top, settings.catalog_page, circumstances.pageRows ?? settings.catalog_page);
  const rows = collection.slice(from, from + size);
  const isCut = from + rows.length < collection.count && rows.length < top;
  const goesOn = isCut && (!query.has("$top") || settings.next_links_with_top);
  return odata({
    "@odata.context": context,
    ...(query.get("$count") === "true" && { "@odata.count": collection.count }),
    value: selected(rows, query),
    ...(goesOn && { "@odata.nextLink": nextLink(exchange, skip + rows.length, top - rows.length, settings) }),
  });
}

/** One entity, with its context. */
export function entity(context: string, row: JsonObject): Reply {
  return odata({ "@odata.context": context, ...row });
}

export function odata(body: Json): Reply {
  return { status: 200, type: JSON_TYPE, headers: { "odata-version": "4.0" }, body: JSON.stringify(body) };
}

function selected(rows: readonly JsonObject[], query: URLSearchParams): readonly JsonObject[] {
  const select = query.get("$select")?.split(",");
  return select === undefined
    ? rows
    : rows.map((row) => Object.fromEntries(select.map((property) => [property, property in row ? (row[property] as Json) : null])));
}

function nextLink({ origin, path, query }: Exchange, skip: number, top: number, { next_links }: Settings): string {
  const next = new URLSearchParams([...query].filter(([option]) => option !== "$skip" && option !== "$skiptoken" && option !== "$top"));
  if (query.has("$top")) next.set("$top", String(top));
  next.set("$skiptoken", String(skip));
  const options = next.toString().replaceAll("%24", "$");
  switch (next_links) {
    case "absolute":
      return `${origin}${path}?${options}`;
    case "path":
      return `${path}?${options}`;
    case "relative":
      return `${path.slice(path.lastIndexOf("/") + 1)}?${options}`;
  }
}
