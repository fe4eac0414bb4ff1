import { isIntact, type Row, sealed, sumOf } from "../shared/row-sum.ts";
import { addTo, takeFrom } from "../shared/tally.ts";
import type { AssetId } from "../../model/asset.ts";
import type { Ledger } from "./ledger.ts";
import type { Parameter, Queries } from "./session.ts";
import { leaseLost, stateDamaged } from "./server-error.ts";
import { fromColumns, RECORD, type RecordRow, type RowIn, selected, type SummedTable, type Table, TABLES, toColumns } from "./tables.ts";

/** The rows of one state, as statements reach them. */
export interface Rows {
  readonly queries: Queries;
  /** The schema's name, quoted. */
  readonly schema: string;
  /** Version of the tables. */
  readonly format: number;
  /** The state's number. */
  readonly id: number;
  /** The state, for messages. */
  readonly shown: string;
}

/** The rows of these columns; throws where one is not what was written, naming it by its key. */
export function intact<T extends SummedTable>({ shown }: Rows, table: T, columns: readonly Row[]): readonly RowIn[T][] {
  return columns.map((found) => {
    const row = fromColumns(TABLES[table], found);
    if (row === null || !isIntact(row))
      throw stateDamaged(shown, `the row ${JSON.stringify(found[0])} of ${table} is not what was written`);
    return row as RowIn[T];
  });
}

/** A page of a table in the order of its key, from behind `after`. */
export async function nextPage<T extends SummedTable>(
  rows: Rows,
  table: T,
  { after, size }: { readonly after: string | number | undefined; readonly size: number },
): Promise<readonly RowIn[T][]> {
  const { key } = TABLES[table];
  const columns = selected(TABLES[table], rows.format);
  const behind = after === undefined ? "" : ` AND ${key} > $3`;
  const sql = `SELECT ${columns.join()} FROM ${rows.schema}.${table} WHERE state = $1${behind} ORDER BY ${key} LIMIT $2`;
  return intact(rows, table, await rows.queries.rows(sql, rows.id, size, ...(after === undefined ? [] : [after])));
}

/** Those rows of a table that have one of these keys. */
export async function rowsAt<T extends SummedTable>(
  rows: Rows,
  table: T,
  keys: readonly (string | number)[],
): Promise<readonly RowIn[T][]> {
  const { key, types } = TABLES[table];
  const columns = selected(TABLES[table], rows.format);
  const found: RowIn[T][] = [];
  for (const some of chunks(keys)) {
    const sql = `SELECT ${columns.join()} FROM ${rows.schema}.${table} WHERE state = $1 AND ${key} = ANY($2::${types[0]}[])`;
    found.push(...intact(rows, table, await rows.queries.rows(sql, rows.id, some)));
  }
  return found;
}

/** The wide rows of checkpoints, each proved to be the one that its entry tells of. */
export async function recordsOf(rows: Rows, entries: readonly RowIn["entry"][]): Promise<ReadonlyMap<AssetId, RecordRow>> {
  const found = new Map<AssetId, Row>();
  const sql = `SELECT ${selected(RECORD, rows.format).join()} FROM ${rows.schema}.record WHERE state = $1 AND asset_id = ANY($2::text[])`;
  for (const some of chunks(entries.map(([id]) => id)))
    for (const row of await rows.queries.rows(sql, rows.id, some)) found.set(String(row[0]), row);
  const records = new Map<AssetId, RecordRow>();
  for (const [id, , , , , , , , sum] of entries) {
    const columns = found.get(id);
    if (columns === undefined) throw stateDamaged(rows.shown, `the row ${JSON.stringify(id)} of record is missing`);
    const row = fromColumns(RECORD, columns);
    if (row === null || sumOf(row) !== sum)
      throw stateDamaged(rows.shown, `the row ${JSON.stringify(id)} of record is not what was written`);
    records.set(id, row as RecordRow);
  }
  return records;
}

/** Rows under a lease: each write keeps the ledger's count. */
export interface WritableRows extends Rows {
  /** The ledger as it shall stand when the write is done. */
  readonly next: Ledger;
}

/** Puts rows in the place of those with the same keys, of which there are no two in `put`. */
export async function putRows<T extends SummedTable>(rows: WritableRows, table: T, put: readonly RowIn[T][]): Promise<void> {
  const tally = rows.next.tallies[table];
  for (const old of await rowsAt(rows, table, keysOf(put))) takeFrom(tally, sumIn(old));
  await upsert(rows, TABLES[table], put);
  for (const row of put) addTo(tally, sumIn(row));
}

/** Adds rows whose keys are new. */
export async function addRows<T extends SummedTable>(rows: WritableRows, table: T, added: readonly RowIn[T][]): Promise<void> {
  await upsert(rows, TABLES[table], added);
  for (const row of added) addTo(rows.next.tallies[table], sumIn(row));
}

/** Removes the rows with these keys and answers with them. */
export async function removeRows<T extends SummedTable>(
  rows: WritableRows,
  table: T,
  keys: readonly (string | number)[],
): Promise<readonly RowIn[T][]> {
  const { columns, key, types } = TABLES[table];
  const removed: RowIn[T][] = [];
  for (const some of chunks(keys)) {
    const sql = `DELETE FROM ${rows.schema}.${table} WHERE state = $1 AND ${key} = ANY($2::${types[0]}[]) RETURNING ${columns.join()}`;
    removed.push(...intact(rows, table, await rows.queries.rows(sql, rows.id, some)));
  }
  for (const row of removed) takeFrom(rows.next.tallies[table], sumIn(row));
  return removed;
}

/** Removes that many rows of the lowest numbers. */
export async function dropOldest(rows: WritableRows, table: SummedTable, count: number): Promise<void> {
  const { columns, key } = TABLES[table];
  const oldest = `SELECT ${key} FROM ${rows.schema}.${table} WHERE state = $1 ORDER BY ${key} LIMIT $2`;
  const sql = `DELETE FROM ${rows.schema}.${table} WHERE state = $1 AND ${key} IN (${oldest}) RETURNING ${columns.join()}`;
  for (let left = count; left > 0; left -= DROPPED) {
    const dropped = intact(rows, table, await rows.queries.rows(sql, rows.id, Math.min(left, DROPPED)));
    for (const row of dropped) takeFrom(rows.next.tallies[table], sumIn(row));
  }
}

const DROPPED = 1_000;

export async function putRecords(rows: Rows, records: readonly RecordRow[]): Promise<void> {
  await upsert(rows, RECORD, records);
}

export async function removeRecords(rows: Rows, ids: readonly AssetId[]): Promise<void> {
  for (const some of chunks(ids)) {
    await rows.queries.rows(`DELETE FROM ${rows.schema}.record WHERE state = $1 AND asset_id = ANY($2::text[])`, rows.id, some);
  }
}

export type MetaKey = "head" | "ledger";

/** A value of `meta`, its sum checked. */
export async function readMeta(rows: Rows, key: MetaKey): Promise<string> {
  const [row] = await rows.queries.rows(`SELECT key, value, sum FROM ${rows.schema}.meta WHERE state = $1 AND key = $2`, rows.id, key);
  return metaIn(rows, key, row);
}

/**
 * The ledger, locked until the transaction ends: whoever writes this state next waits for it. Throws where the state is not the
 * pipeline's current one any more.
 */
export async function lockLedger(rows: Rows): Promise<string> {
  const sql = `SELECT place FROM ${rows.schema}.state WHERE id = $1 FOR UPDATE`;
  const [state] = await rows.queries.rows(sql, rows.id);
  if (state?.[0] !== CURRENT)
    throw leaseLost(rows.shown, state === undefined ? "its rows were removed" : `it was moved to ${String(state[0])}`);
  return await readMeta(rows, "ledger");
}

export async function writeMeta(rows: Rows, key: MetaKey, value: string): Promise<void> {
  await rows.queries.rows(
    `INSERT INTO ${rows.schema}.meta (state, key, value, sum) VALUES ($1, $2, $3, $4)
     ON CONFLICT (state, key) DO UPDATE SET value = excluded.value, sum = excluded.sum`,
    rows.id,
    ...sealed([key, value]),
  );
}

/** Where the state of a pipeline stands that counts. Others are in `quarantine/<n>`. */
export const CURRENT = "current";

function metaIn({ shown }: Rows, key: MetaKey, row: Row | undefined): string {
  if (row === undefined) throw stateDamaged(shown, `its ${key} is missing`);
  if (!isIntact(row)) throw stateDamaged(shown, `its ${key} is not what was written`);
  return String(row[1]);
}

async function upsert({ queries, schema, id }: Rows, table: Table, rows: readonly Row[]): Promise<void> {
  const { name, columns, types, key } = table;
  const renewed = columns.slice(1).map((column) => `${column} = excluded.${column}`);
  const sql = `INSERT INTO ${schema}.${name} (state, ${columns.join()})
    SELECT $1::bigint, * FROM unnest(${types.map((type, at) => `$${at + 2}::${type}[]`).join()})
    ON CONFLICT (state, ${key}) DO UPDATE SET ${renewed.join()}`;
  for (const some of chunks(rows.map((row) => toColumns(table, row)))) {
    await queries.rows(sql, id, ...columns.map((_, at): Parameter => some.map((row) => row[at] ?? null)));
  }
}

/** Rows and keys go to the server in bounded parts. */
export function* chunks<T>(items: readonly T[]): Generator<readonly T[]> {
  for (let at = 0; at < items.length; at += CHUNK) yield items.slice(at, at + CHUNK);
}

const CHUNK = 250;

function keysOf(rows: readonly Row[]): readonly (string | number)[] {
  return rows.map(([key]) => key as string | number);
}

function sumIn(row: Row): string {
  return row.at(-1) as string;
}
