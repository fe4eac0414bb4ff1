import type { Intent, OutcomeRecord, StateHead } from "../../model/checkpoint.ts";
import type { Refresh } from "../../model/plan.ts";
import { parseStored } from "../../model/stored-json.ts";
import type { CheckpointLease, Commit } from "../../ports/checkpoint-store.ts";
import { readLedger, readMeta } from "./check-state.ts";
import { createState, type NewHead } from "./create-state.ts";
import { type Ledger, ledgerText } from "./ledger.ts";
import { FORMAT } from "./schema.ts";
import { SqliteReader } from "./sqlite-reader.ts";
import type { StateDatabase } from "./state-database.ts";
import { leaseLost } from "./state-error.ts";
import {
  addHistory,
  addIntent,
  addRun,
  endIntent,
  keepIntent,
  putCheckpoint,
  refreshEntry,
  remember,
  removeCheckpoint,
  type Write,
} from "./write-rows.ts";
import { writeMeta } from "./write-meta.ts";

/** The right to write a state, which may not exist yet. Every write is one durable transaction behind the fence. */
export class SqliteLease extends SqliteReader implements CheckpointLease {
  readonly #path: string;
  readonly #release: () => Promise<void>;
  #writable: StateDatabase | null;
  /** The ledger as this lease wrote it last: while the state's is the same, nobody else has written. */
  #ledger: Ledger | null = null;

  /** `release` frees the lock, once, after the state is closed. */
  constructor(path: string, state: StateDatabase | null, release: () => Promise<void>) {
    super(state);
    this.#path = path;
    this.#writable = state;
    this.#release = release;
    if (state !== null) this.#takeOver(state);
  }

  async begin(head: NewHead): Promise<StateHead> {
    if (this.#writable === null) {
      const state = createState(this.#path, head);
      this.state = this.#writable = state;
      this.#ledger = readLedger(state);
      return (await this.head()) as StateHead;
    }
    const begun = this.#write(({ state }) => writeHead(state, { ...readHead(state), clean: false }));
    // The log of a run that dies may be lost with a damaged frame; what tells the next run of it must not be in there alone.
    this.#writable.settle("as far as possible");
    return begun;
  }

  async intend(intents: readonly Omit<Intent, "seq">[]): Promise<readonly Intent[]> {
    return this.#write((write) => intents.map((intent) => addIntent(write, intent)));
  }

  async record(outcomes: readonly OutcomeRecord[]): Promise<void> {
    this.#write((write) => {
      for (const { seq, asset_id, checkpoint, history } of outcomes) {
        if (checkpoint === null) removeCheckpoint(write, asset_id);
        else if (checkpoint !== undefined) putCheckpoint(write, checkpoint);
        if (seq !== null) endIntent(write, seq);
        if (history !== undefined) addHistory(write, history);
      }
    });
  }

  async refresh(items: readonly Refresh[]): Promise<void> {
    this.#write((write) => {
      for (const item of items) refreshEntry(write, item);
    });
  }

  async keep(intents: readonly Intent[]): Promise<void> {
    this.#write((write) => {
      for (const intent of intents) keepIntent(write, intent);
    });
  }

  async commit({ head, memory, report }: Commit): Promise<StateHead> {
    return this.#write((write) => {
      const { lineage, generation } = readHead(write.state);
      for (const [key, value] of memory) remember(write, key, value);
      if (report !== null) addRun(write, report);
      return writeHead(write.state, { ...head, lineage, generation: generation + 1 });
    });
  }

  override async [Symbol.asyncDispose](): Promise<void> {
    try {
      await super[Symbol.asyncDispose]();
    } finally {
      await this.#release();
    }
  }

  // From here on every older lease finds a ledger that it did not write.
  #takeOver(state: StateDatabase): void {
    try {
      this.#ledger = readLedger(state);
      this.#write(({ ledger }) => {
        ledger.epoch += 1;
      });
    } catch (error) {
      state.close();
      throw error;
    }
  }

  #write<T>(work: (write: Write) => T): T {
    const [state, held] = [this.#writable, this.#ledger];
    if (state === null || held === null) throw new Error(`The state ${this.#path} is written before it was begun.`);
    const ledger = structuredClone(held);
    ledger.writes += 1;
    try {
      const result = state.transaction(() => {
        if (readMeta(state, "ledger") !== ledgerText(held)) throw leaseLost(this.#path, "another run has written the state since");
        const made = work({ state, ledger, bases: this.bases });
        writeMeta(state, "ledger", ledgerText(ledger));
        return made;
      });
      this.#ledger = ledger;
      return result;
    } catch (error) {
      this.bases.forget();
      throw error;
    }
  }
}

type StoredHead = Omit<StateHead, "format">;

function readHead(state: StateDatabase): StoredHead {
  return parseStored(readMeta(state, "head")) as unknown as StoredHead;
}

function writeHead(state: StateDatabase, head: StoredHead): StateHead {
  writeMeta(state, "head", JSON.stringify(head));
  return { format: FORMAT, ...head };
}
