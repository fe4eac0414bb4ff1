import type { AssetId } from "../../model/asset.ts";
import type { Checkpoint, HistoryRecord, Intent } from "../../model/checkpoint.ts";
import type { Json } from "../../model/json.ts";
import type { Refresh } from "../../model/plan.ts";
import type { RunReport } from "../../model/report.ts";
import type { Bases } from "./bases.ts";
import { toRecordRow } from "./checkpoint-rows.ts";
import { addTo, takeFrom } from "../shared/tally.ts";
import { type Ledger } from "./ledger.ts";
import { type Row, sealed, sumOf } from "../shared/row-sum.ts";
import { rowAt, SNAPSHOT } from "./read-rows.ts";
import { pack } from "../shared/pack-text.ts";
import { newestDictionary } from "./dictionaries.ts";
import { forEachTable, RECORD_COLUMNS, type RecordRow } from "./schema.ts";
import type { StateDatabase } from "./state-database.ts";
import { basisOf, entryOf, fromEntryRow, toEntryRow } from "../shared/entry-row.ts";
import type { SummedTable } from "../shared/rows.ts";

/** One write: the state, and the ledger as it shall stand when the write is done. */
export interface Write {
  readonly state: StateDatabase;
  readonly ledger: Ledger;
  readonly bases: Bases;
  /** Whether snapshots are packed; those that are there are read either way. */
  readonly compress: boolean;
}

/** `record`: its wide row, where that was made already. */
export function putCheckpoint(write: Write, checkpoint: Checkpoint, record: RecordRow = toRecordRow(checkpoint)): void {
  const entry = entryOf(checkpoint);
  const basis = write.bases.idOf(write.state, write.ledger, basisOf(entry));
  putRow(write, "entry", toEntryRow(entry, basis, sumOf(record)));
  const packed = write.compress ? pack(record[SNAPSHOT], newestDictionary(write.state)) : null;
  write.state.run(PUT_RECORD, ...record.with(SNAPSHOT, packed === null ? record[SNAPSHOT] : ""), packed);
}

/** Stores the snapshot of a record packed. */
export function packRecord({ state }: Write, id: AssetId, snapshot: string): void {
  state.run("UPDATE record SET snapshot = '', packed = ? WHERE asset_id = ?", pack(snapshot, newestDictionary(state)), id);
}

export function removeCheckpoint(write: Write, id: AssetId): void {
  removeRow(write, "entry", id);
  write.state.run("DELETE FROM record WHERE asset_id = ?", id);
}

/** Renews the narrow row alone. An asset without a checkpoint has nothing to renew. */
export function refreshEntry(write: Write, { asset_id, entry }: Refresh): void {
  const { state, ledger, bases } = write;
  const row = rowAt(state, "entry", asset_id);
  if (row === undefined) return;
  const stored = fromEntryRow(row, bases.of(state, row[1]));
  const { raw, fingerprint } = entry;
  // The mapping belongs to the table that the target acknowledged; where there is none, there is none.
  const mapping = stored.ref === null ? null : (entry.mapping ?? stored.mapping);
  const renewed = { ...stored, raw, fingerprint, mapping };
  putRow(write, "entry", toEntryRow(renewed, bases.idOf(state, ledger, basisOf(renewed)), row[8]));
}

export function addIntent(write: Write, intent: Omit<Intent, "seq">): Intent {
  const seq = (write.ledger.last.intent += 1);
  putRow(write, "intent", sealed([seq, JSON.stringify(intent)]));
  return { ...intent, seq };
}

/** An intent that has ended stays ended. */
export function keepIntent(write: Write, { seq, ...intent }: Intent): void {
  if (removeRow(write, "intent", seq)) putRow(write, "intent", sealed([seq, JSON.stringify(intent)]));
}

export function endIntent(write: Write, seq: number): void {
  removeRow(write, "intent", seq);
}

export function addHistory(write: Write, record: HistoryRecord): void {
  putRow(write, "history", sealed([(write.ledger.last.history += 1), record.asset_id, JSON.stringify(record)]));
}

export function addRun(write: Write, report: RunReport): void {
  putRow(write, "run", sealed([(write.ledger.last.run += 1), JSON.stringify(report)]));
}

/** Drops rows from the oldest on, so many. */
export function dropOldest(write: Write, table: "run" | "history" | "version", count: number): void {
  for (const [seq] of write.state.rows(`SELECT seq FROM ${table} ORDER BY seq LIMIT ?`, count)) {
    removeRow(write, table, seq as number);
    if (table === "version") write.state.run("DELETE FROM past WHERE seq = ?", seq as number);
  }
}

/** Puts an intent in its place that was numbered elsewhere. */
export function putIntent(write: Write, { seq, ...intent }: Intent): void {
  write.ledger.last.intent = Math.max(write.ledger.last.intent, seq);
  putRow(write, "intent", sealed([seq, JSON.stringify(intent)]));
}

/** Remembers a value; null forgets. */
export function remember(write: Write, key: string, value: Json | null): void {
  if (value === null) removeRow(write, "memory", key);
  else putRow(write, "memory", sealed([key, JSON.stringify(value)]));
}

const PUT_RECORD = `INSERT OR REPLACE INTO record (${RECORD_COLUMNS}, packed) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`;
const PUT_ROW = forEachTable(
  (table, columns) => `INSERT OR REPLACE INTO ${table} (${columns}) VALUES (${columns.replaceAll(/\w+/g, "?")})`,
);
const REMOVE_ROW = forEachTable((table, _, key) => `DELETE FROM ${table} WHERE ${key} = ?`);

/** Puts a row of a counted table in its place. */
export function putRow(write: Write, table: SummedTable, row: Row): void {
  const { state, ledger } = write;
  const old = sumInPlace(state, table, row[0] as string | number);
  if (old !== undefined) takeFrom(ledger.tallies[table], old);
  state.run(PUT_ROW[table], ...row);
  addTo(ledger.tallies[table], row.at(-1) as string);
}

function removeRow({ state, ledger }: Write, table: SummedTable, key: string | number): boolean {
  const old = sumInPlace(state, table, key);
  if (old === undefined) return false;
  state.run(REMOVE_ROW[table], key);
  takeFrom(ledger.tallies[table], old);
  return true;
}

function sumInPlace(state: StateDatabase, table: SummedTable, key: string | number): string | undefined {
  return rowAt(state, table, key)?.at(-1) as string | undefined;
}
