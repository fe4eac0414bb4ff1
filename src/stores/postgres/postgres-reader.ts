import { type AssetId, spaceOf } from "../../model/asset.ts";
import type { AssetVersion, Checkpoint, CheckpointEntry, HistoryRecord, Intent, StateHead } from "../../model/checkpoint.ts";
import type { Json } from "../../model/json.ts";
import { compareCodePoints } from "../../model/order.ts";
import type { RunReport } from "../../model/report.ts";
import { parseStored } from "../../model/stored-json.ts";
import type { CheckpointReader, HistoryOptions, VersionOptions } from "../../ports/checkpoint-store.ts";
import { readHead } from "./head.ts";
import { Bases } from "./bases.ts";
import { fromRows } from "./checkpoint-rows.ts";
import { Dictionaries } from "./dictionaries.ts";
import { readVersions } from "./read-versions.ts";
import { type LedgeredRows, newestRows, type OpenRows, scanRows } from "./scan-rows.ts";
import { type OpenRecord, openRecords } from "./snapshots.ts";
import { intact, nextPage, rowsAt } from "./state-rows.ts";
import { type RowIn, TABLES } from "./tables.ts";
import { fromEntryRow } from "../shared/entry-row.ts";

/** Reads a state; null is one that does not exist. Damage that a read meets throws `state_damaged`, naming the row. */
export class PostgresReader implements CheckpointReader {
  protected readonly bases: Bases = new Bases();
  protected readonly dictionaries: Dictionaries = new Dictionaries();
  protected rows: OpenRows | null;
  #memoryIsWhole = false;

  constructor(rows: OpenRows | null) {
    this.rows = rows;
  }

  async head(): Promise<StateHead | null> {
    return this.rows === null ? null : { format: this.rows.format, ...(await readHead(this.rows)) };
  }

  async count(): Promise<number> {
    return this.rows === null ? 0 : (await this.rows.ledger()).tallies.entry.rows;
  }

  async spaces(): Promise<readonly string[]> {
    const spaces: string[] = [];
    let id = await this.#firstIdBehind("");
    while (id !== undefined) {
      const space = spaceOf(id);
      spaces.push(space);
      // "/" follows ".": behind this stands the first id of another space.
      const next = `${space}/`;
      id = await this.#firstIdBehind(compareCodePoints(next, id) > 0 ? next : id);
    }
    return spaces.sort(compareCodePoints);
  }

  async *entries({ after }: { readonly after?: AssetId } = {}): AsyncIterable<readonly CheckpointEntry[]> {
    const { rows } = this;
    if (rows === null) return;
    for await (const page of scanRows(rows, "entry", { after })) yield await this.#entries(rows, page);
  }

  async get(ids: readonly AssetId[]): Promise<ReadonlyMap<AssetId, Checkpoint>> {
    const { rows } = this;
    if (rows === null) return new Map();
    // Text that UTF-8 cannot hold was never stored.
    return await this.#checkpoints(
      rows,
      ids.filter((id) => id.isWellFormed()),
    );
  }

  async *checkpoints({ after }: { readonly after?: AssetId } = {}): AsyncIterable<readonly Checkpoint[]> {
    const { rows } = this;
    if (rows === null) return;
    for await (const page of scanRows(rows, "entry", { after, pageSize: CHECKPOINT_PAGE })) {
      const found = await this.#checkpoints(
        rows,
        page.map(([id]) => id),
      );
      yield page.flatMap(([id]) => found.get(id) ?? []);
    }
  }

  async intents(): Promise<readonly Intent[]> {
    if (this.rows === null) return [];
    const rows = (await Array.fromAsync(scanRows(this.rows, "intent"))).flat();
    return rows.map(([seq, body]) => ({ ...(parseStored(body) as unknown as Omit<Intent, "seq">), seq }));
  }

  async memory(key: string): Promise<Json | undefined> {
    const { rows } = this;
    if (rows === null || !key.isWellFormed()) return undefined;
    const [row] = await rowsAt(rows, "memory", [key]);
    if (row !== undefined) return parseStored(row[1]);
    await this.#requireWholeMemory(rows);
    return undefined;
  }

  async *memories(): AsyncIterable<readonly (readonly [key: string, value: Json])[]> {
    if (this.rows === null) return;
    for await (const page of scanRows(this.rows, "memory")) yield page.map(([key, value]) => [key, parseStored(value)] as const);
  }

  async *versions(options: VersionOptions = {}): AsyncIterable<readonly AssetVersion[]> {
    if (this.rows !== null) yield* readVersions({ ...this.rows, dictionaries: this.dictionaries }, options);
  }

  async *reports(): AsyncIterable<readonly RunReport[]> {
    if (this.rows === null) return;
    for await (const page of scanRows(this.rows, "run")) yield page.map(([, body]) => reportIn(body));
  }

  async *trail(): AsyncIterable<readonly HistoryRecord[]> {
    if (this.rows === null) return;
    for await (const page of scanRows(this.rows, "history")) yield page.map(([, , body]) => parseStored(body) as unknown as HistoryRecord);
  }

  async runs(limit: number): Promise<readonly RunReport[]> {
    if (this.rows === null) return [];
    return (await newestRows(this.rows, "run", { limit })).map(([, body]) => reportIn(body));
  }

  async history({ asset_id, limit, skip = 0 }: HistoryOptions): Promise<readonly HistoryRecord[]> {
    const { rows } = this;
    if (rows === null || asset_id?.isWellFormed() === false) return [];
    const found =
      asset_id === undefined
        ? await newestRows(rows, "history", { limit, skip })
        : intact(rows, "history", await rows.queries.rows(historyOfAsset(rows.schema), rows.id, asset_id, limit, skip));
    return found.map(([, , body]) => parseStored(body) as unknown as HistoryRecord);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.rows?.queries.close();
  }

  async #entries(rows: LedgeredRows, page: readonly RowIn["entry"][]): Promise<readonly CheckpointEntry[]> {
    const bases = await this.bases.of(rows, page);
    return page.map((row, at) => fromEntryRow(row, bases[at] as (typeof bases)[number]));
  }

  /** Both rows of each, as they stand at one moment: the lease may write between two questions of its own. */
  async #checkpoints(rows: OpenRows, ids: readonly AssetId[]): Promise<ReadonlyMap<AssetId, Checkpoint>> {
    return await rows.queries.together(async (queries) => {
      const own = { ...rows, queries, dictionaries: this.dictionaries };
      const found = await rowsAt(own, "entry", ids);
      const [entries, records] = [await this.#entries(own, found), await openRecords(own, found)];
      return new Map(entries.map((entry) => [entry.asset_id, fromRows(entry, records.get(entry.asset_id) as OpenRecord)]));
    });
  }

  async #firstIdBehind(bound: string): Promise<AssetId | undefined> {
    if (this.rows === null) return undefined;
    return (await nextPage(this.rows, "entry", { after: bound, size: 1 }))[0]?.[0];
  }

  // A key that is not found may be one that decayed; whoever asks for it would take it for never remembered.
  async #requireWholeMemory(rows: OpenRows): Promise<void> {
    if (this.#memoryIsWhole) return;
    for await (const _page of scanRows(rows, "memory"));
    this.#memoryIsWhole = true;
  }
}

/** A report's numbers are measurements, fractions among them: JavaScript's own, not exact text. */
function reportIn(body: string): RunReport {
  return JSON.parse(body) as RunReport;
}

/** Checkpoints are wide: a page of them is about as many bytes as a page of entries. */
const CHECKPOINT_PAGE = 100;

function historyOfAsset(schema: string): string {
  return `SELECT ${TABLES.history.columns.join()} FROM ${schema}.history WHERE state = $1 AND asset_id = $2 ORDER BY seq DESC LIMIT $3 OFFSET $4`;
}
