import type { AssetId, AssetType } from "../../model/asset.ts";
import type { SourceSystem } from "../../model/checkpoint.ts";
import { TidemarkError } from "../../model/errors.ts";
import type { Row } from "../shared/row-sum.ts";
import type { SummedTable } from "../shared/rows.ts";

/** "TDMK" in the file's header: tells a Tidemark state from any other SQLite database. */
export const APPLICATION_ID = 0x54444d4b;

/** Version of the tables below, in the file's header. A newer one is refused, an older one read as it is and migrated when it is opened for writing. */
export const FORMAT = 2;

const TABLES_SINCE_2: readonly string[] = [
  "CREATE TABLE dictionary (id INTEGER PRIMARY KEY, checkpoints INTEGER NOT NULL, content TEXT NOT NULL, sum TEXT NOT NULL) STRICT",
  `CREATE TABLE version (
  seq INTEGER PRIMARY KEY, asset_id TEXT NOT NULL, run_id TEXT NOT NULL, generation INTEGER NOT NULL, sync_version INTEGER,
  content TEXT, sum TEXT NOT NULL
) STRICT`,
  "CREATE INDEX version_of_asset ON version (asset_id, seq)",
  "CREATE INDEX version_of_run ON version (run_id, seq)",
  "CREATE TABLE past (seq INTEGER PRIMARY KEY, snapshot ANY NOT NULL) STRICT",
];

/** What makes the tables of the first format those of the second. SQLite writes the added column into the table's text as it stands below. */
export const FROM_1_TO_2: string = ["ALTER TABLE record ADD COLUMN packed BLOB", ...TABLES_SINCE_2, "PRAGMA user_version = 2"].join("; ");

/**
 * The tables of a state. Where a table has a column `sum`, it stands last and is the sum of the columns before it (`row-sum.ts`).
 *
 * `entry` is what an ordered scan reads, so it is narrow: the wide part of a checkpoint stands in `record`, whose sum stands in the
 * entry. `basis` holds what thousands of entries share. In the same way `version` is narrow, and the snapshot that it tells of stands in
 * `past`. Text keys order by code point (SQLite's BINARY).
 *
 * A snapshot stands either as text or packed (`shared/pack-text.ts`): `record.packed`, then `record.snapshot` is empty; a blob in `past`.
 * Every sum is over what was said, never over how it is packed, so that a replay comes to the same sums under any version of zstd.
 */
export const TABLES: readonly string[] = [
  "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL, sum TEXT NOT NULL) STRICT, WITHOUT ROWID",
  "CREATE TABLE basis (id INTEGER PRIMARY KEY, scheme TEXT NOT NULL, raw TEXT, mapping TEXT, sum TEXT NOT NULL) STRICT",
  `CREATE TABLE entry (
  asset_id TEXT PRIMARY KEY, basis INTEGER NOT NULL, token TEXT,
  content TEXT, schema TEXT, metadata TEXT,
  ref TEXT, tombstone TEXT, record TEXT NOT NULL, sum TEXT NOT NULL
) STRICT, WITHOUT ROWID`,
  `CREATE TABLE record (
  asset_id TEXT PRIMARY KEY, asset_type TEXT NOT NULL, source_system TEXT NOT NULL, last_sync_time TEXT NOT NULL, sync_version INTEGER NOT NULL,
  snapshot TEXT NOT NULL, target TEXT, decisions TEXT NOT NULL
, packed BLOB) STRICT`,
  "CREATE TABLE intent (seq INTEGER PRIMARY KEY, body TEXT NOT NULL, sum TEXT NOT NULL) STRICT",
  "CREATE TABLE history (seq INTEGER PRIMARY KEY, asset_id TEXT NOT NULL, body TEXT NOT NULL, sum TEXT NOT NULL) STRICT",
  "CREATE INDEX history_of_asset ON history (asset_id, seq)",
  "CREATE TABLE run (seq INTEGER PRIMARY KEY, body TEXT NOT NULL, sum TEXT NOT NULL) STRICT",
  "CREATE TABLE memory (key TEXT PRIMARY KEY, value TEXT NOT NULL, sum TEXT NOT NULL) STRICT",
  ...TABLES_SINCE_2,
];

/** The tables that a file of each format has. */
export const TABLES_OF: ReadonlyMap<number, readonly string[]> = new Map([
  [1, TABLES.slice(0, -TABLES_SINCE_2.length).map((sql) => sql.replace("\n, packed BLOB)", "\n)"))],
  [FORMAT, TABLES],
]);

/** Columns of the tables that are read row by row, in order, the sum last. */
export const COLUMNS: { readonly [table in SummedTable]: string } = {
  basis: "id, scheme, raw, mapping, sum",
  entry: "asset_id, basis, token, content, schema, metadata, ref, tombstone, record, sum",
  intent: "seq, body, sum",
  history: "seq, asset_id, body, sum",
  run: "seq, body, sum",
  memory: "key, value, sum",
  // `content` is the sum of the snapshot in `past`.
  version: "seq, asset_id, run_id, generation, sync_version, content, sum",
};

/** The same statement for each table, made once of its name, its columns, and the first of them, by which it is ordered. */
export function forEachTable(statement: (table: SummedTable, columns: string, key: string) => string): {
  readonly [table in SummedTable]: string;
} {
  const made = Object.entries(COLUMNS).map(([table, columns]) => [
    table,
    statement(table as SummedTable, columns, columns.slice(0, columns.indexOf(","))),
  ]);
  return Object.fromEntries(made) as { readonly [table in SummedTable]: string };
}

export const RECORD_COLUMNS = "asset_id, asset_type, source_system, last_sync_time, sync_version, snapshot, target, decisions";

/** The wide row of a checkpoint. `snapshot`, `decisions` and `target` are JSON; `target` lacks what stands in the entry. */
export type RecordRow = Row &
  readonly [
    asset_id: AssetId,
    asset_type: AssetType,
    source_system: SourceSystem,
    last_sync_time: string,
    sync_version: number,
    snapshot: string,
    target: string | null,
    decisions: string,
  ];

/** Versions before 3.51.3 can damage a database in WAL mode when two connections reset the log at the same moment. */
const LOWEST_SQLITE = "3.51.3";

/** Refuses a Node whose SQLite is too old to be trusted with a state. */
export function requireSqlite(version: string | undefined = process.versions["sqlite"]): void {
  if (version !== undefined && !isBelow(version, LOWEST_SQLITE)) return;
  throw new TidemarkError(
    "config_invalid",
    `This Node (${process.version}) carries SQLite ${version ?? "in no known version"}; the sqlite store needs ${LOWEST_SQLITE} or newer, because earlier ones can damage a state.`,
    {
      remedy: "Run Tidemark with Node 24.15 or newer.",
    },
  );
}

function isBelow(version: string, lowest: string): boolean {
  const parts = version.split(".").map(Number);
  for (const [i, least] of lowest.split(".").map(Number).entries()) {
    const part = parts[i] ?? 0;
    if (part !== least) return part < least;
  }
  return false;
}
