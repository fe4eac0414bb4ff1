import type { Table } from "@aws-sdk/client-glue";
import { assetId, spaceOf } from "../../model/asset.ts";
import type { Listed, ListingCertificate, ListingEvent } from "../../model/listing.ts";
import { compareCodePoints } from "../../model/order.ts";
import type { ListOptions } from "../../ports/source.ts";
import { observedTable } from "./observed-table.ts";
import { definitionOf, definitionToken } from "./source-definition.ts";
import { fetchDatabases, fetchTables, type GlueSourceParts, type TableLocator, unlistable } from "./source-pages.ts";
import { databaseOfSpace, spaceOfDatabase } from "./source-spaces.ts";
import { walkPages } from "./walk-pages.ts";

/** Lists every database that the patterns name, each as a scope of its own. Throws `source_unavailable` where no database can be asked for. */
export async function* listCatalog(parts: GlueSourceParts, options: ListOptions): AsyncIterable<ListingEvent> {
  const { spaces, gap } = await findSpaces(parts, options.signal);
  if (gap !== null)
    yield {
      kind: "problem",
      problem: {
        code: "listing_incomplete",
        message: `Listing the databases of AWS Glue (${parts.address}) ${gap}. Those that it did not show are neither synced nor deleted in this run.`,
      },
    };
  const unseen = [...options.known].filter((space) => !spaces.has(space) && isInScope(parts, space));
  const endpoint: Endpoint = { silent: 0, answered: false };
  for (const space of [...spaces, ...unseen].toSorted(compareCodePoints)) {
    options.signal.throwIfAborted();
    if (options.wanted?.(space) === false) continue;
    if (!spaces.has(space))
      yield certificate(space, 0, gap === null ? "the database is gone, and it held tables before" : "the database was not shown");
    else if (endpoint.silent >= MOST_SILENT) yield certificate(space, 0, "it was not asked for, because Glue gave no answer for others");
    else yield* listDatabase(parts, space, endpoint, options);
  }
  if (endpoint.silent > 0 && !endpoint.answered) throw unlistable(parts, "it gave no answer");
}

/** Whether the endpoint answers: one that does not is not waited for again and again. */
interface Endpoint {
  /** Databases in a row without an answer. */
  silent: number;
  answered: boolean;
}

const MOST_SILENT = 3;

/** The databases to list, as spaces. A name without `*` needs no permission to list databases. */
async function findSpaces(
  parts: GlueSourceParts,
  signal: AbortSignal,
): Promise<{ readonly spaces: ReadonlySet<string>; readonly gap: string | null }> {
  const spaces = new Set(parts.databases.names.map(spaceOfDatabase));
  if (!parts.databases.isOpen) return { spaces, gap: null };
  let isFirst = true;
  for await (const walked of walkPages((token) => fetchDatabases(parts, token, signal))) {
    if (walked.kind === "gap" && isFirst) throw unlistable(parts, `listing its databases ${walked.why}`);
    if (walked.kind === "gap") return { spaces, gap: walked.why };
    isFirst = false;
    // A resource link shows the tables of another catalog's database, which is that catalog's to tell.
    const own = walked.items.filter((database) => database.TargetDatabase === undefined);
    for (const { Name = "" } of own) if (parts.databases.match(Name)) spaces.add(spaceOfDatabase(Name));
  }
  return { spaces, gap: null };
}

function isInScope({ databases }: GlueSourceParts, space: string): boolean {
  const database = databaseOfSpace(space);
  return database !== null && databases.match(database);
}

async function* listDatabase(
  parts: GlueSourceParts,
  space: string,
  endpoint: Endpoint,
  { signal, known }: ListOptions,
): AsyncIterable<ListingEvent> {
  const database = databaseOfSpace(space) as string;
  const seen = new Set<string>();
  const gaps: string[] = [];
  let count = 0;
  for await (const walked of walkPages((token) => fetchTables(parts, database, token, signal))) {
    if (walked.kind === "gap") {
      gaps.push(walked.reason === "absent" ? `there is no database ${database}` : `listing the tables of ${database} ${walked.why}`);
      endpoint.silent = walked.reason === "silent" ? endpoint.silent + 1 : 0;
      continue;
    }
    endpoint.silent = 0;
    endpoint.answered = true;
    for (const { Name } of walked.items) {
      if (Name === undefined) gaps.push("a table was listed without a name");
      else if (seen.has(Name)) gaps.push(`${Name} was listed twice, so that a page may have shifted and hidden others`);
      else seen.add(Name);
    }
    const items = walked.items
      .filter((table) => table.Name !== undefined && isWanted(parts, table))
      .map((table) => listed(parts, space, table, walked.token));
    count += items.length;
    if (items.length > 0) yield { kind: "listed", items };
  }
  if (count === 0 && known.has(space) && gaps.length === 0) gaps.push("it holds no table, and it held some before");
  yield certificate(space, count, gaps[0]);
}

function isWanted({ tables }: GlueSourceParts, table: Table): boolean {
  if (tables === "all") return true;
  return (observedTable("", table).mark !== null) === (tables === "own");
}

function listed({ identity }: GlueSourceParts, space: string, table: Table, token: string | undefined): Listed {
  const place: TableLocator = { database: databaseOfSpace(space) as string, table: table.Name as string, page: token ?? null };
  const id = (identity === "asset" ? observedTable("", table).mark?.asset_id : undefined) ?? assetId(space, place.table);
  return { id, scope: spaceOf(id), token: definitionToken(definitionOf(table)), locator: { ...place } };
}

function certificate(scope: string, count: number, problem: string | undefined): ListingEvent {
  const said: ListingCertificate = problem === undefined ? { scope, complete: true, count } : { scope, complete: false, count, problem };
  return { kind: "certificate", certificate: said };
}
