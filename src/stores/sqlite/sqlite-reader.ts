import { type AssetId, spaceOf } from "../../model/asset.ts";
import type { AssetVersion, Checkpoint, CheckpointEntry, HistoryRecord, Intent, StateHead } from "../../model/checkpoint.ts";
import type { Json } from "../../model/json.ts";
import { compareCodePoints } from "../../model/order.ts";
import type { RunReport } from "../../model/report.ts";
import { parseStored } from "../../model/stored-json.ts";
import type { CheckpointReader, HistoryOptions, TokenPage, VersionOptions } from "../../ports/checkpoint-store.ts";
import { Bases } from "./bases.ts";
import { checkState, readLedger, readMeta } from "./check-state.ts";
import { fromRows } from "./checkpoint-rows.ts";
import { intact, newestRows, proveWhole, recordsAt, rowAt, rowsAt, scanRows } from "./read-rows.ts";
import { COLUMNS, type RecordRow } from "./schema.ts";
import { readVersions } from "./read-versions.ts";
import { scanTokens } from "./scan-tokens.ts";
import type { Queries } from "./state-database.ts";
import { fromEntryRow } from "../shared/entry-row.ts";
import type { RowOf } from "../shared/rows.ts";

/** Reads a state; null is one that does not exist. Damage that a read meets throws `state_damaged`, naming the row. */
export class SqliteReader implements CheckpointReader {
  protected readonly bases: Bases = new Bases();
  protected state: Queries | null;
  #memoryIsWhole = false;

  constructor(state: Queries | null) {
    this.state = state;
    if (state === null) return;
    try {
      checkState(state);
    } catch (error) {
      state.close();
      throw error;
    }
  }

  async head(): Promise<StateHead | null> {
    if (this.state === null) return null;
    return { format: this.state.format, ...(parseStored(readMeta(this.state, "head")) as unknown as Omit<StateHead, "format">) };
  }

  async count(): Promise<number> {
    return this.state === null ? 0 : readLedger(this.state).tallies.entry.rows;
  }

  async spaces(): Promise<readonly string[]> {
    const state = this.state;
    if (state === null) return [];
    const spaces: string[] = [];
    let id = firstIdBehind(state, "");
    while (id !== undefined) {
      const space = spaceOf(id);
      spaces.push(space);
      // "/" follows ".": behind this stands the first id of another space.
      const next = `${space}/`;
      id = firstIdBehind(state, compareCodePoints(next, id) > 0 ? next : id);
    }
    return spaces.sort(compareCodePoints);
  }

  async *entries(options: { readonly after?: AssetId } = {}): AsyncIterable<readonly CheckpointEntry[]> {
    const state = this.state;
    if (state === null) return;
    for (const page of scanRows(state, "entry", { after: options.after })) yield page.map((row) => this.#entry(state, row));
  }

  async *tokens(known: { readonly basis: string; readonly mapping: string }): AsyncIterable<TokenPage> {
    if (this.state !== null) yield* scanTokens(this.state, this.bases, known);
  }

  async entriesAt(ids: readonly AssetId[]): Promise<ReadonlyMap<AssetId, CheckpointEntry>> {
    const state = this.state;
    if (state === null) return new Map();
    return new Map(rowsAt(state, "entry", findable(ids)).map((row) => [row[0], this.#entry(state, row)]));
  }

  async get(ids: readonly AssetId[]): Promise<ReadonlyMap<AssetId, Checkpoint>> {
    const state = this.state;
    const found = new Map<AssetId, Checkpoint>();
    if (state === null) return found;
    const names = findable(ids);
    for (let at = 0; at < names.length; at += CHECKPOINT_PAGE) {
      for (const checkpoint of this.#checkpoints(state, rowsAt(state, "entry", names.slice(at, at + CHECKPOINT_PAGE))))
        found.set(checkpoint.asset_id, checkpoint);
    }
    return found;
  }

  async *checkpoints(options: { readonly after?: AssetId } = {}): AsyncIterable<readonly Checkpoint[]> {
    const state = this.state;
    if (state === null) return;
    for (const page of scanRows(state, "entry", { after: options.after, pageSize: CHECKPOINT_PAGE })) {
      yield this.#checkpoints(state, page);
    }
  }

  async intents(): Promise<readonly Intent[]> {
    if (this.state === null) return [];
    return [...scanRows(this.state, "intent")]
      .flat()
      .map(([seq, body]) => ({ ...(parseStored(body) as unknown as Omit<Intent, "seq">), seq }));
  }

  async memory(key: string): Promise<Json | undefined> {
    const state = this.state;
    if (state === null || !key.isWellFormed()) return undefined;
    const row = rowAt(state, "memory", key);
    if (row !== undefined) return parseStored(row[1]);
    this.#requireWholeMemory(state);
    return undefined;
  }

  async *memories(): AsyncIterable<readonly (readonly [key: string, value: Json])[]> {
    if (this.state === null) return;
    for (const page of scanRows(this.state, "memory")) yield page.map(([key, value]) => [key, parseStored(value)] as const);
  }

  async *versions(options: VersionOptions = {}): AsyncIterable<readonly AssetVersion[]> {
    if (this.state !== null) yield* readVersions(this.state, options);
  }

  async *reports(): AsyncIterable<readonly RunReport[]> {
    if (this.state === null) return;
    for (const page of scanRows(this.state, "run")) yield page.map(([, body]) => JSON.parse(body) as RunReport);
  }

  async *trail(): AsyncIterable<readonly HistoryRecord[]> {
    if (this.state === null) return;
    for (const page of scanRows(this.state, "history")) yield page.map(([, , body]) => parseStored(body) as unknown as HistoryRecord);
  }

  async runs(limit: number): Promise<readonly RunReport[]> {
    if (this.state === null) return [];
    // A report's numbers are measurements, fractions among them: JavaScript's own, not exact text.
    return newestRows(this.state, "run", limit).map(([, body]) => JSON.parse(body) as RunReport);
  }

  async history({ asset_id, limit, skip = 0 }: HistoryOptions): Promise<readonly HistoryRecord[]> {
    const state = this.state;
    if (state === null || asset_id?.isWellFormed() === false) return [];
    const rows =
      asset_id === undefined
        ? newestRows(state, "history", limit, skip)
        : intact(state, "history", state.rows(HISTORY_OF_ASSET, asset_id, limit, skip));
    return rows.map(([, , body]) => parseStored(body) as unknown as HistoryRecord);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.state?.close();
  }

  #entry(state: Queries, row: RowOf["entry"]): CheckpointEntry {
    return fromEntryRow(row, this.bases.of(state, row[1]));
  }

  #checkpoints(state: Queries, entries: readonly RowOf["entry"][]): readonly Checkpoint[] {
    const records = recordsAt(state, new Map(entries.map((entry) => [entry[0], entry[8]])));
    return entries.map((entry) => fromRows(this.#entry(state, entry), records.get(entry[0]) as RecordRow));
  }

  // A key that is not found may be one that decayed; whoever asks for it would take it for never remembered.
  #requireWholeMemory(state: Queries): void {
    if (this.#memoryIsWhole) return;
    proveWhole(state, "memory");
    this.#memoryIsWhole = true;
  }
}

/** SQLite would look for another name in the place of these. */
function findable(ids: readonly AssetId[]): readonly AssetId[] {
  return ids.filter((id) => id.isWellFormed());
}

/** Checkpoints are wide: a page of them is about as many bytes as a page of entries. */
const CHECKPOINT_PAGE = 100;

function firstIdBehind(state: Queries, bound: string): AssetId | undefined {
  const [page] = scanRows(state, "entry", { after: bound, pageSize: 1 });
  return page?.[0]?.[0];
}

const HISTORY_OF_ASSET = `SELECT ${COLUMNS.history} FROM history WHERE asset_id = ? ORDER BY seq DESC LIMIT ? OFFSET ?`;
