import type { AssetId } from "../../model/asset.ts";
import type { Row } from "../shared/row-sum.ts";
import type { RowOf } from "../shared/rows.ts";

/** A snapshot as it is stored: its JSON, or packed (`shared/pack-text.ts`). */
export type Stored = string | Uint8Array;

/** A row of each table that is read row by row: the key first, the row's sum last. */
export interface RowIn extends Omit<RowOf, "version"> {
  readonly dictionary: Row & readonly [id: number, checkpoints: number, content: string, sum: string];
  /** `snapshot` is null where there was none. */
  readonly version: Row &
    readonly [
      seq: number,
      asset_id: AssetId,
      run_id: string,
      generation: number,
      sync_version: number | null,
      snapshot: Stored | null,
      sum: string,
    ];
}

/** The tables whose rows the ledger counts. */
export type SummedTable = keyof RowIn;

/** The types of the columns of a table that is read row by row, in order. The first is the key within a state; the last is the row's sum. */
const TYPES = {
  basis: { id: "integer", scheme: "text", raw: "text", mapping: "text", sum: "text" },
  entry: {
    asset_id: "text",
    basis: "integer",
    token: "text",
    content: "text",
    schema: "text",
    metadata: "text",
    ref: "text",
    tombstone: "text",
    record: "text",
    sum: "text",
  },
  intent: { seq: "bigint", body: "text", sum: "text" },
  version: {
    seq: "bigint",
    asset_id: "text",
    run_id: "text",
    generation: "bigint",
    sync_version: "bigint",
    snapshot: "text",
    packed: "bytea",
    sum: "text",
  },
  history: { seq: "bigint", asset_id: "text", body: "text", sum: "text" },
  run: { seq: "bigint", body: "text", sum: "text" },
  memory: { key: "text", value: "text", sum: "text" },
  dictionary: { id: "bigint", checkpoints: "bigint", content: "text", sum: "text" },
} as const satisfies { readonly [table in SummedTable]: Readonly<Record<string, string>> };

/** The wide part of a checkpoint; its sum stands in the entry, so that a scan of entries is narrow and a checkpoint is proved whole. */
const RECORD_TYPES = { asset_id: "text", facts: "text", snapshot: "text", packed: "bytea" } as const;

/** `facts` is JSON. */
export type RecordRow = Row & readonly [asset_id: AssetId, facts: string, snapshot: Stored];

/** One table as statements need it. */
export interface Table {
  readonly name: string;
  /** In order, the key first. */
  readonly columns: readonly string[];
  readonly types: readonly string[];
  readonly key: string;
}

export const SUMMED_TABLES = Object.keys(TYPES) as readonly SummedTable[];
export const TABLES: { readonly [table in SummedTable]: Table } = Object.fromEntries(
  Object.entries(TYPES).map(([name, types]) => [name, tableOf(name, types)]),
) as { readonly [table in SummedTable]: Table };
export const RECORD: Table = tableOf("record", RECORD_TYPES);

/** The tables of a format whose rows the ledger counts. */
export function summedTables(format: number): readonly SummedTable[] {
  return format === 1 ? SUMMED_TABLES.filter((table) => table !== "dictionary") : SUMMED_TABLES;
}

/** What a statement selects of a table, in the order of its columns. The first format has no packed snapshots. */
export function selected({ columns }: Table, format: number): readonly string[] {
  return columns.map((column) => (column === PACKED && format === 1 ? "NULL::bytea" : column));
}

/** A row as its columns come: a snapshot stands in one of two columns, as text or packed. Null where it stands in both, which nobody writes. */
export function fromColumns({ columns }: Table, row: Row): Row | null {
  const at = columns.indexOf(PACKED);
  if (at < 0) return row;
  const [text = null, packed = null] = row.slice(at - 1);
  return text !== null && packed !== null ? null : [...row.slice(0, at - 1), packed ?? text, ...row.slice(at + 1)];
}

/** The columns of a row. */
export function toColumns({ columns }: Table, row: Row): Row {
  const at = columns.indexOf(PACKED);
  if (at < 0) return row;
  const snapshot = row[at - 1] ?? null;
  const both = snapshot instanceof Uint8Array ? [null, snapshot] : [snapshot, null];
  return [...row.slice(0, at - 1), ...both, ...row.slice(at)];
}

/** Stands right behind the snapshot's text. */
const PACKED = "packed";

function tableOf(name: string, types: Readonly<Record<string, string>>): Table {
  const columns = Object.keys(types);
  return { name, columns, types: Object.values(types), key: columns[0] as string };
}
