import type { AssetId } from "../../model/asset.ts";
import type { AssetVersion, Checkpoint, HistoryRecord, Intent, StateHead } from "../../model/checkpoint.ts";
import { compareCodePoints } from "../../model/order.ts";
import type { RunReport } from "../../model/report.ts";

/** A state as it stands in memory. */
export class MemoryState {
  head: StateHead | null = null;
  readonly intents: Map<number, Intent> = new Map();
  /** Values as JSON text, so that what is remembered comes back as any store would give it. */
  readonly memory: Map<string, string> = new Map();
  readonly history: HistoryRecord[] = [];
  readonly runs: RunReport[] = [];
  readonly versions: AssetVersion[] = [];
  #lastIntent = 0;
  readonly #checkpoints = new Map<AssetId, Checkpoint>();
  #order: readonly AssetId[] | null = null;

  /** The last number that was given to an intent. */
  get lastIntent(): number {
    return this.#lastIntent;
  }

  set lastIntent(seq: number) {
    this.#lastIntent = seq;
  }

  get count(): number {
    return this.#checkpoints.size;
  }

  /** Ids in code-point order. */
  get ids(): readonly AssetId[] {
    this.#order ??= [...this.#checkpoints.keys()].sort(compareCodePoints);
    return this.#order;
  }

  get(id: AssetId): Checkpoint | undefined {
    return this.#checkpoints.get(id);
  }

  put(checkpoint: Checkpoint): void {
    if (!this.#checkpoints.has(checkpoint.asset_id)) this.#order = null;
    this.#checkpoints.set(checkpoint.asset_id, checkpoint);
  }

  remove(id: AssetId): void {
    if (this.#checkpoints.delete(id)) this.#order = null;
  }

  addIntent(intent: Omit<Intent, "seq">): Intent {
    const numbered = { ...intent, seq: (this.#lastIntent += 1) };
    this.intents.set(numbered.seq, numbered);
    return numbered;
  }

  /** An intent that was numbered elsewhere; the next one gets a higher number. */
  putIntent(intent: Intent): void {
    this.intents.set(intent.seq, intent);
    this.#lastIntent = Math.max(this.#lastIntent, intent.seq);
  }

  /** This moment of the state, which later writes leave as it is. */
  copy(): MemoryState {
    const copy = new MemoryState();
    copy.head = this.head;
    copy.#lastIntent = this.#lastIntent;
    for (const [id, checkpoint] of this.#checkpoints) copy.#checkpoints.set(id, checkpoint);
    copy.#order = this.#order;
    for (const [seq, intent] of this.intents) copy.intents.set(seq, intent);
    for (const [key, text] of this.memory) copy.memory.set(key, text);
    for (const record of this.history) copy.history.push(record);
    for (const report of this.runs) copy.runs.push(report);
    for (const version of this.versions) copy.versions.push(version);
    return copy;
  }
}
