import type { Table } from "@aws-sdk/client-glue";
import PQueue from "p-queue";
import { type AssetId, spaceOf, technicalNameOf } from "../../model/asset.ts";
import type { Listed, Presence, ReadResult } from "../../model/listing.ts";
import { toldBy, toSourceAsset } from "./source-asset.ts";
import { definitionOf, definitionToken } from "./source-definition.ts";
import { fetchTable, fetchTables, type GlueSourceParts, type TableLocator } from "./source-pages.ts";
import { databaseOfSpace } from "./source-spaces.ts";
import { answered } from "./walk-pages.ts";

/**
 * Reads listed tables anew. Where several stood on one page of the listing, that page is asked for again, because it holds them whole;
 * what it does not show any more is asked for by its name, and so are single tables.
 */
export async function* readTables(parts: GlueSourceParts, items: readonly Listed[], signal: AbortSignal): AsyncIterable<ReadResult> {
  const placed = items.map((item) => ({ item, place: item.locator as unknown as TableLocator }));
  for (const onPage of Map.groupBy(placed, ({ place }) => JSON.stringify([place.database, place.page])).values()) {
    const [first] = onPage as [PlacedItem];
    const tables = onPage.length < WORTH_A_PAGE ? NO_TABLES : await pageAgain(parts, first.place, signal);
    for (const { item, place } of onPage) {
      const table = tables.get(place.table);
      if (table !== undefined) yield readAs(parts, item, table);
    }
    const missing = onPage.filter(({ place }) => !tables.has(place.table));
    yield* await inParallel(missing, async (one) => readOne(parts, one, signal));
  }
}

interface PlacedItem {
  readonly item: Listed;
  readonly place: TableLocator;
}

/** Gone is what the service says it does not have, while it shows the tables of that database. */
export async function presences(
  parts: GlueSourceParts,
  ids: readonly AssetId[],
  signal: AbortSignal,
): Promise<ReadonlyMap<AssetId, Presence>> {
  const found = new Map<AssetId, Presence>(ids.map((id) => [id, "unknown"]));
  for (const [space, wanted] of Map.groupBy(ids, spaceOf)) {
    const database = databaseOfSpace(space);
    if (database === null || !(await canRead(parts, database, signal))) continue;
    const seen = await inParallel(wanted, (id) => presenceOf(parts, database, technicalNameOf(id), signal));
    for (const [index, id] of wanted.entries()) found.set(id, seen[index] ?? "unknown");
  }
  return found;
}

// A page of a hundred tables costs a request and some ten times the bytes of these.
const WORTH_A_PAGE = 8;
const PARALLEL_READS = 8;
const NO_TABLES: ReadonlyMap<string, Table> = new Map();

async function pageAgain(
  parts: GlueSourceParts,
  { database, page: token }: TableLocator,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Table>> {
  const page = await answered(() => fetchTables(parts, database, token ?? undefined, signal));
  // A token may have expired: then each table is asked for by its name.
  if (!("ok" in page) || !page.ok) return NO_TABLES;
  return new Map(page.value.items.map((table) => [table.Name ?? "", table]));
}

async function readOne(parts: GlueSourceParts, { item, place }: PlacedItem, signal: AbortSignal): Promise<ReadResult> {
  const answer = await answered(() => fetchTable(parts, place.database, place.table, signal));
  if ("silence" in answer) return failed(item, `it got no answer (${answer.silence.message})`);
  if (!answer.ok) return failed(item, `Glue refused it (${answer.message})`);
  return answer.value === null ? failed(item, "it is gone since it was listed") : readAs(parts, item, answer.value);
}

function readAs({ overlay, identity }: GlueSourceParts, item: Listed, table: Table): ReadResult {
  const { id } = item;
  try {
    const definition = definitionOf(table);
    if (identity === "asset" && toldBy(definition)?.id !== id) return failed(item, "the marks on its table do not tell it any more");
    const { asset, warnings } = toSourceAsset({ space: spaceOf(id), name: technicalNameOf(id) }, definition, overlay);
    return { kind: "asset", id, asset, token: definitionToken(definition), warnings };
  } catch (error) {
    return failed(item, (error as Error).message);
  }
}

function failed({ id }: Listed, why: string): ReadResult {
  return { kind: "failed", id, problem: { asset_id: id, code: "asset_unreadable", message: `${id} could not be read: ${why}.` } };
}

async function presenceOf(parts: GlueSourceParts, database: string, name: string, signal: AbortSignal): Promise<Presence> {
  const answer = await answered(() => fetchTable(parts, database, name, signal));
  if (!("ok" in answer) || !answer.ok) return "unknown";
  return answer.value === null ? "gone" : "present";
}

async function canRead(parts: GlueSourceParts, database: string, signal: AbortSignal): Promise<boolean> {
  const page = await answered(() => fetchTables(parts, database, undefined, signal, 1));
  return "ok" in page && page.ok;
}

function inParallel<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  return new PQueue({ concurrency: PARALLEL_READS }).addAll(items.map((item) => () => work(item)));
}
