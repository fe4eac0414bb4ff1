import type { AssetId } from "../../model/asset.ts";
import { compareCodePoints } from "../../model/order.ts";
import { readLedger } from "./check-state.ts";
import { unpackAt } from "./dictionaries.ts";
import { addTo, emptyTally, type Tally } from "../shared/tally.ts";
import { isIntact, type Row, sumOf, type Value } from "../shared/row-sum.ts";
import type { Ledger } from "./ledger.ts";
import { COLUMNS, forEachTable, RECORD_COLUMNS, type RecordRow } from "./schema.ts";
import type { Queries } from "./state-database.ts";
import { stateDamaged } from "../shared/state-error.ts";
import type { RowOf, SummedTable } from "../shared/rows.ts";

/**
 * Reads a table in the order of its key, in pages, and proves on the way that no row was altered; from the first row on, also that none
 * was lost, doubled or left over. A scan that is written under (by the same lease) cannot prove the latter.
 */
export function* scanRows<T extends SummedTable>(
  state: Queries,
  table: T,
  options: { readonly after?: string | undefined; readonly pageSize?: number } = {},
): Generator<readonly RowOf[T][]> {
  const { after, pageSize = PAGE } = options;
  const before = readLedger(state);
  const met = emptyTally();
  let last: string | number | undefined = after;
  for (;;) {
    const page: readonly RowOf[T][] = pageOf(state, table, last, pageSize);
    for (const row of page) addTo(met, row.at(-1) as string);
    const end: string | number | undefined = page.at(-1)?.[0];
    if (end !== undefined && last !== undefined && !isBehind(end, last))
      throw stateDamaged(state.path, `the rows of ${table} are out of order`);
    if (page.length > 0) yield page;
    if (page.length < pageSize) break;
    last = end;
  }
  if (after === undefined) proveTally(state, table, before, met);
}

/** Compares what a scan met with what the table should hold, unless it was written to since. */
export function proveTally(state: Queries, table: SummedTable, before: Ledger, met: Tally): void {
  const ledger = readLedger(state);
  const { rows, sum } = ledger.tallies[table];
  if (ledger.writes !== before.writes || (rows === met.rows && sum === met.sum)) return;
  throw stateDamaged(state.path, `${table} should hold ${rows} rows and holds ${met.rows === rows ? "others" : met.rows}`);
}

/** Reads a table for nothing but the proof. */
export function proveWhole(state: Queries, table: SummedTable): void {
  const pages = scanRows(state, table);
  while (pages.next().done !== true);
}

/** The row with that key, proved to be what was written. */
export function rowAt<T extends SummedTable>(state: Queries, table: T, key: string | number): RowOf[T] | undefined {
  return intact(state, table, state.rows(ROW_AT[table], key))[0];
}

/** The rows with these keys in no certain order, each proved to be what was written; in one query, which costs a third of one for each. */
export function rowsAt<T extends "entry">(state: Queries, table: T, keys: readonly string[]): readonly RowOf[T][] {
  return keys.length === 0 ? [] : intact(state, table, state.rows(ROWS_AT[table], JSON.stringify(keys)));
}

/** The wide row of a checkpoint, its snapshot unpacked, proved to be the one that its entry tells of. */
export function recordAt(state: Queries, id: AssetId, sum: string): RecordRow {
  const [stored] = state.rows(state.format === 1 ? RECORD_OF_FORMAT_1 : RECORD_AT, id);
  return proved(state, stored, id, sum);
}

/** The wide rows of these checkpoints by their ids, each as {@link recordAt} gives it. */
export function recordsAt(state: Queries, sums: ReadonlyMap<AssetId, string>): ReadonlyMap<AssetId, RecordRow> {
  if (sums.size === 0) return new Map();
  const stored = state.rows(state.format === 1 ? RECORDS_OF_FORMAT_1 : RECORDS_AT, JSON.stringify([...sums.keys()]));
  const byId = new Map(stored.map((row) => [row[0], row]));
  return new Map([...sums].map(([id, sum]) => [id, proved(state, byId.get(id), id, sum)]));
}

function proved(state: Queries, stored: Row | undefined, id: AssetId, sum: string): RecordRow {
  if (stored === undefined) throw stateDamaged(state.path, `the row ${JSON.stringify(id)} of record is missing`);
  const row = stored.slice(0, -1);
  const packed: unknown = stored.at(-1);
  if (packed !== null) row[SNAPSHOT] = unpackAt(state, packed);
  if (sumOf(row) !== sum) throw stateDamaged(state.path, `the row ${JSON.stringify(id)} of record is not what was written`);
  return row as readonly Value[] as RecordRow;
}

/** The last rows of a table that only grows at its end, the newest first and without the very last `skip`, proved to be without a gap. */
export function newestRows<T extends "run" | "history">(state: Queries, table: T, limit: number, skip: number = 0): readonly RowOf[T][] {
  const { last, tallies } = readLedger(state);
  const rows = intact(state, table, state.rows(`SELECT ${COLUMNS[table]} FROM ${table} ORDER BY seq DESC LIMIT ? OFFSET ?`, limit, skip));
  for (const [i, [seq]] of rows.entries()) {
    const expected = last[table] - skip - i;
    if (seq !== expected) throw stateDamaged(state.path, `the row ${expected} of ${table} is missing`);
  }
  if (rows.length !== Math.min(limit, Math.max(0, tallies[table].rows - skip)))
    throw stateDamaged(state.path, `rows of ${table} are missing`);
  return rows;
}

/** The rows as rows of that table; throws where one is not what was written, naming it by its key. */
export function intact<T extends SummedTable>(state: Queries, table: T, rows: readonly Row[]): readonly RowOf[T][] {
  for (const row of rows) {
    if (!isIntact(row)) throw stateDamaged(state.path, `the row ${JSON.stringify(row[0])} of ${table} is not what was written`);
  }
  return rows as readonly RowOf[T][];
}

const PAGE = 1_000;

const ROW_AT = forEachTable((table, columns, key) => `SELECT ${columns} FROM ${table} WHERE ${key} = ?`);
const THESE = "IN (SELECT value FROM json_each(?))";
const ROWS_AT = forEachTable((table, columns, key) => `SELECT ${columns} FROM ${table} WHERE ${key} ${THESE}`);
const FIRST_PAGE = forEachTable((table, columns, key) => `SELECT ${columns} FROM ${table} ORDER BY ${key} LIMIT ?`);
const NEXT_PAGE = forEachTable((table, columns, key) => `SELECT ${columns} FROM ${table} WHERE ${key} > ? ORDER BY ${key} LIMIT ?`);
const RECORD_AT = `SELECT ${RECORD_COLUMNS}, packed FROM record WHERE asset_id = ?`;
const RECORDS_AT = `SELECT ${RECORD_COLUMNS}, packed FROM record WHERE asset_id ${THESE}`;
const RECORDS_OF_FORMAT_1 = `SELECT ${RECORD_COLUMNS}, NULL FROM record WHERE asset_id ${THESE}`;
const RECORD_OF_FORMAT_1 = `SELECT ${RECORD_COLUMNS}, NULL FROM record WHERE asset_id = ?`;

/** Where the snapshot stands in a row of `record`. */
export const SNAPSHOT = 5;

/** A page of rows behind a key, each proved to be what was written. */
export function pageOf<T extends SummedTable>(
  state: Queries,
  table: T,
  after: string | number | undefined,
  size: number,
): readonly RowOf[T][] {
  return intact(state, table, after === undefined ? state.rows(FIRST_PAGE[table], size) : state.rows(NEXT_PAGE[table], after, size));
}

function isBehind(a: string | number, b: string | number): boolean {
  return typeof a === "number" ? a > Number(b) : compareCodePoints(a, String(b)) > 0;
}
