import type { Catalogs, StoredDatabase } from "./catalogs.ts";
import type { Database, Table } from "./documents.ts";
import { Rows } from "./rows.ts";

const FORMAT = "tidemark-sandbox-glue-1";

/** One line of a catalog file: the head, a database, a table of the database above it, or the end with the number of lines before it. */
export type CatalogRecord =
  | { readonly format: string }
  | { readonly database: Database; readonly tags: Readonly<Record<string, string>> }
  | { readonly table: Table; readonly archived: readonly Table[] }
  | { readonly end: number };

/** The catalogs as records, as they are at this moment if taken in one go. */
export function* recordsOf(catalogs: Catalogs): Generator<CatalogRecord> {
  yield { format: FORMAT };
  let count = 1;
  for (const { database, tags, tables } of catalogs.all()) {
    yield { database, tags: Object.fromEntries(tags) };
    for (const { current, archived } of tables.values()) yield { table: current, archived: [...archived] };
    count += 1 + tables.size;
  }
  yield { end: count };
}

/** A record as its line. Node's line reader also breaks at U+2028 and U+2029, which JSON leaves as they are: they are escaped. */
export function lineOf(record: CatalogRecord): string {
  const json = JSON.stringify(record).replaceAll("\u2028", "\\u2028").replaceAll("\u2029", "\\u2029");
  return `${json}\n`;
}

/** Fills the catalogs from a file's lines. Throws where the file is of another kind or not whole. */
export async function readRecords(lines: AsyncIterable<string>, catalogs: Catalogs): Promise<void> {
  let count = 0;
  let isWhole = false;
  let parent: StoredDatabase | null = null;
  for await (const line of lines) {
    const record = JSON.parse(line) as CatalogRecord;
    if (count === 0 && !("format" in record && record.format === FORMAT)) throw new Error("it does not begin as a catalog of this sandbox");
    if ("database" in record) {
      parent = { database: record.database, tags: new Map(Object.entries(record.tags)), tables: new Rows() };
      catalogs.databases(record.database.CatalogId).set(record.database.Name, parent);
    } else if ("table" in record) {
      parent?.tables.set(record.table.Name, { current: record.table, archived: [...record.archived] });
    } else if ("end" in record) {
      isWhole = record.end === count;
    }
    count += 1;
  }
  if (!isWhole) throw new Error("its end is missing");
}
