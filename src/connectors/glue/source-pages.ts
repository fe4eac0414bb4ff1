import type { Database, Table } from "@aws-sdk/client-glue";
import type { Overlay } from "../../csn/overlay.ts";
import { TidemarkError } from "../../model/errors.ts";
import type { Called, GlueCalls } from "./calls.ts";
import type { DatabasePatterns } from "./source-spaces.ts";
import type { Page } from "./walk-pages.ts";

/** Which tables are listed: those that bear a mark of Tidemark's, of any pipeline, or all others. */
export type TableFilter = "own" | "foreign" | "all";

/** What an asset is called: as its table is placed in Glue, or as the asset that Tidemark's marks on the table name. */
export type IdentityRule = "place" | "asset";

/** What the operations of one Glue source share. */
export interface GlueSourceParts {
  readonly calls: GlueCalls;
  /** For messages: endpoint or region. */
  readonly address: string;
  readonly catalogId: string | undefined;
  readonly databases: DatabasePatterns;
  readonly tables: TableFilter;
  readonly identity: IdentityRule;
  readonly overlay: Overlay;
}

/** Where a listed table stands, and the token of the page that it was listed on. */
export interface TableLocator {
  readonly database: string;
  readonly table: string;
  readonly page: string | null;
}

/** Glue's most for a page. */
const PAGE = 100;

/** One page of a database's tables. */
export async function fetchTables(
  { calls, catalogId }: GlueSourceParts,
  database: string,
  token: string | undefined,
  signal: AbortSignal,
  rows: number = PAGE,
): Promise<Called<Page<Table>>> {
  const called = await calls.read(
    (glue, options) => glue.getTables({ CatalogId: catalogId, DatabaseName: database, MaxResults: rows, NextToken: token }, options),
    signal,
  );
  return called.ok ? { ok: true, value: { items: called.value.TableList ?? [], next: called.value.NextToken || undefined } } : called;
}

/** One table; null where it is not there. */
export async function fetchTable(
  { calls, catalogId }: GlueSourceParts,
  database: string,
  name: string,
  signal: AbortSignal,
): Promise<Called<Table | null>> {
  const called = await calls.read(
    (glue, options) => glue.getTable({ CatalogId: catalogId, DatabaseName: database, Name: name }, options),
    signal,
  );
  if (called.ok) return { ok: true, value: called.value.Table ?? null };
  return called.kind === "absent" ? { ok: true, value: null } : called;
}

/** One page of the catalog's databases. */
export async function fetchDatabases(
  { calls, catalogId }: GlueSourceParts,
  token: string | undefined,
  signal: AbortSignal,
): Promise<Called<Page<Database>>> {
  const called = await calls.read(
    (glue, options) => glue.getDatabases({ CatalogId: catalogId, MaxResults: PAGE, NextToken: token }, options),
    signal,
  );
  return called.ok ? { ok: true, value: { items: called.value.DatabaseList ?? [], next: called.value.NextToken || undefined } } : called;
}

/** Ends a listing of which nothing is left. */
export function unlistable({ address }: GlueSourceParts, why: string): TidemarkError {
  return new TidemarkError("source_unavailable", `AWS Glue (${address}) cannot be listed: ${why}.`, {
    remedy: "Check endpoint, region, credentials and permissions of the source, then run again.",
  });
}
