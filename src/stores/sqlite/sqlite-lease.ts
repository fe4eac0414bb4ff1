import { statSync } from "node:fs";
import { dirname } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { PruneOptions } from "../../model/ageing.ts";
import type { Intent, OutcomeRecord, StateHead } from "../../model/checkpoint.ts";
import { TidemarkError } from "../../model/errors.ts";
import type { Refresh } from "../../model/plan.ts";
import type { RunReport } from "../../model/report.ts";
import type { AcquireOptions, CheckpointLease, Commit, Pruned } from "../../ports/checkpoint-store.ts";
import { agedRows } from "./aged-rows.ts";
import { carryOutChange } from "./carry-out-change.ts";
import { readLedger, readMeta } from "./check-state.ts";
import { createState } from "./create-state.ts";
import { forgetDictionaries } from "./dictionaries.ts";
import type { Journal } from "./journal.ts";
import { type Ledger, ledgerText } from "./ledger.ts";
import { renewFallback } from "./renew-fallback.ts";
import { SqliteReader } from "./sqlite-reader.ts";
import type { NewHead, StateChange } from "../shared/state-change.ts";
import type { StateDatabase } from "./state-database.ts";
import { leaseLost } from "../shared/state-error.ts";

/** A state that is open for writing, with its journal. */
export interface Opened {
  readonly state: StateDatabase;
  readonly journal: Journal;
}

/** What a lease is told when it is taken. */
export interface LeaseOptions {
  /** Frees the lock, once, after the state is closed. */
  readonly release: () => Promise<void>;
  readonly compress: boolean;
  readonly signal: AbortSignal | undefined;
  /** As {@link AcquireOptions} has it. */
  readonly onFailure: AcquireOptions["onFailure"];
}

/** The right to write a state, which may not exist yet. Every write is one durable transaction behind the fence, and a line of the journal. */
export class SqliteLease extends SqliteReader implements CheckpointLease {
  readonly #path: string;
  readonly #options: LeaseOptions;
  #opened: Opened | null;
  /** The ledger as this lease wrote it last: while the state's is the same, nobody else has written. */
  #ledger: Ledger | null = null;

  constructor(path: string, opened: Opened | null, options: LeaseOptions) {
    super(opened?.state ?? null);
    this.#path = path;
    this.#opened = opened;
    this.#options = options;
    if (opened !== null) this.#takeOver(opened);
  }

  async begin(head: NewHead): Promise<StateHead> {
    if (this.#opened === null) {
      const state = await createState(this.#path, head);
      this.state = state;
      this.#opened = { state, journal: await renewFallback(state, dirname(this.#path)) };
      this.#ledger = readLedger(state);
      return this.#head();
    }
    this.#write({ kind: "begin" });
    // The log of a run that dies may be lost with a damaged frame; what tells the next run of it must not be in there alone.
    this.#opened.state.settle("as far as possible");
    return this.#head();
  }

  async intend(intents: readonly Omit<Intent, "seq">[]): Promise<readonly Intent[]> {
    const { last } = this.#write({ kind: "intend", intents });
    return intents.map((intent, at) => ({ ...intent, seq: last.intent - intents.length + 1 + at }));
  }

  async record(outcomes: readonly OutcomeRecord[]): Promise<void> {
    this.#write({ kind: "record", outcomes });
  }

  async refresh(items: readonly Refresh[]): Promise<void> {
    this.#write({ kind: "refresh", items });
  }

  async keep(intents: readonly Intent[]): Promise<void> {
    this.#write({ kind: "keep", intents });
  }

  async addRun(report: RunReport): Promise<void> {
    this.#write({ kind: "add_run", report });
  }

  async commit({ head, memory, report }: Commit): Promise<StateHead> {
    this.#write({ kind: "commit", head, memory: [...memory], report });
    await this.#renewFallback();
    return this.#head();
  }

  async prune(options: PruneOptions): Promise<Pruned> {
    if (this.#opened === null) return this.#neverBegun();
    const aged = agedRows(this.#opened.state, options);
    // In slices, so that others get their turn. What belongs to a run goes before its report, which tells the next time what is left to drop.
    for (let { versions, history } = aged; versions > 0 || history > 0; versions -= SLICE, history -= SLICE) {
      this.#write({ kind: "drop", runs: 0, history: slice(history), versions: slice(versions) });
      await nextTurn();
    }
    this.#write({ kind: "drop", runs: aged.runs, history: 0, versions: 0 });
    return aged;
  }

  override async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.#opened?.journal[Symbol.dispose]();
      await super[Symbol.asyncDispose]();
    } finally {
      await this.#options.release();
    }
  }

  #takeOver({ state, journal }: Opened): void {
    try {
      this.#ledger = readLedger(state);
      this.#write({ kind: "take" });
    } catch (error) {
      journal[Symbol.dispose]();
      state.close();
      throw error;
    }
  }

  /** A journal that has grown out of proportion is replaced by a copy of the state, so that copying costs in proportion to what changed. */
  async #renewFallback(): Promise<void> {
    if (this.#opened === null) return;
    const { state, journal } = this.#opened;
    if (journal.end.bytes < Math.max(SMALL_JOURNAL, statSync(this.#path).size / 2)) return;
    try {
      this.#opened = { state, journal: await renewFallback(state, dirname(this.#path), this.#options.signal) };
      journal[Symbol.dispose]();
    } catch (error) {
      // What was committed stands, and so do the copy and the journal that were there: the next commit tries again.
      if (this.#options.signal?.aborted === true) return;
      if (!(error instanceof TidemarkError)) throw error;
      this.#options.onFailure?.(error);
    }
  }

  #neverBegun(): never {
    throw new Error(`The state ${this.#path} is written before it was begun.`);
  }

  async #head(): Promise<StateHead> {
    return (await this.head()) as StateHead;
  }

  /**
   * The journal's line comes before the commit: what a run is told to be durable is in both, and a state that is lost can be made again
   * of its copy and its journal. A commit that fails takes its line back.
   */
  #write(change: StateChange): Ledger {
    const [opened, held] = [this.#opened, this.#ledger];
    if (opened === null || held === null) return this.#neverBegun();
    const { state, journal } = opened;
    try {
      const { ledger, end } = state.transaction(() => {
        if (readMeta(state, "ledger") !== ledgerText(held)) throw leaseLost(this.#path, "another run has written the state since");
        const stand = { state, bases: this.bases, ledger: held, journal, compress: this.#options.compress };
        return carryOutChange(stand, change, (line) => journal.append(line));
      });
      journal.keep(end);
      this.#ledger = ledger;
      return ledger;
    } catch (error) {
      this.bases.forget();
      forgetDictionaries(state);
      journal.takeBack();
      throw error;
    }
  }
}

/** Rows of a kind that are dropped in one write. */
const SLICE = 1_000;

function slice(left: number): number {
  return Math.min(Math.max(left, 0), SLICE);
}

/** Bytes up to which a journal is small, whatever the state. */
const SMALL_JOURNAL = 1 << 20;
