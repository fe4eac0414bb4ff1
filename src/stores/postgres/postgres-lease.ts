import { setTimeout as pause } from "node:timers/promises";
import type { PruneOptions } from "../../model/ageing.ts";
import type { Intent, OutcomeRecord, StateHead } from "../../model/checkpoint.ts";
import type { Refresh } from "../../model/plan.ts";
import type { RunReport } from "../../model/report.ts";
import type { CheckpointLease, Commit, Pruned } from "../../ports/checkpoint-store.ts";
import type { NewHead, StateChange } from "../shared/state-change.ts";
import { agedRows } from "./aged-rows.ts";
import { applyChange } from "./apply-change.ts";
import { createState } from "./create-state.ts";
import { type Ledger, ledgerFrom } from "./ledger.ts";
import { FORMAT } from "./migrations.ts";
import { currentRows, reconnect } from "./open-state.ts";
import { PostgresReader } from "./postgres-reader.ts";
import type { OpenRows } from "./scan-rows.ts";
import { leaseLost, stateUnwritable } from "./server-error.ts";
import { CommitUnknown, type Queries, type Session } from "./session.ts";
import type { StatePlace } from "./state-place.ts";
import { lockLedger, type Rows, writeMeta } from "./state-rows.ts";

/** What a lease is told when it is taken. */
export interface LeaseOptions {
  /** Frees the lock, once, after the session is closed. */
  readonly release: () => Promise<void>;
  readonly compress: boolean;
}

/** The right to write a state, which may not exist yet. Every write is one durable transaction behind the fence. */
export class PostgresLease extends PostgresReader implements CheckpointLease {
  readonly #place: StatePlace;
  readonly #options: LeaseOptions;
  #session: Session;
  /** The ledger's text as this lease wrote it last: while the state's is the same, nobody else has written. */
  #held = "";

  private constructor(place: StatePlace, session: Session, options: LeaseOptions) {
    super(null);
    this.#place = place;
    this.#session = session;
    this.#options = options;
  }

  /** Takes over the state that is there. */
  static async open(place: StatePlace, session: Session, options: LeaseOptions): Promise<PostgresLease> {
    const rows = await currentRows(session, place, FORMAT);
    const lease = new PostgresLease(place, session, options);
    if (rows === null) return lease;
    lease.#goOnWith(session, rows);
    // Waits for a write of a run that died in mid-commit to end, one way or the other.
    await lease.#write({ kind: "take" }, "whatever it is");
    return lease;
  }

  async begin(head: NewHead): Promise<StateHead> {
    if (this.rows === null) {
      const { session, rows, ledger } = await createState(this.#session, this.#place, head);
      this.#goOnWith(session, rows);
      this.#held = ledger;
    } else {
      await this.#write({ kind: "begin" });
    }
    return await this.#head();
  }

  async intend(intents: readonly Omit<Intent, "seq">[]): Promise<readonly Intent[]> {
    const { last } = await this.#write({ kind: "intend", intents });
    return intents.map((intent, at) => ({ ...intent, seq: last.intent - intents.length + 1 + at }));
  }

  async record(outcomes: readonly OutcomeRecord[]): Promise<void> {
    await this.#write({ kind: "record", outcomes });
  }

  async refresh(items: readonly Refresh[]): Promise<void> {
    await this.#write({ kind: "refresh", items });
  }

  async keep(intents: readonly Intent[]): Promise<void> {
    await this.#write({ kind: "keep", intents });
  }

  async addRun(report: RunReport): Promise<void> {
    await this.#write({ kind: "add_run", report });
  }

  async commit({ head, memory, report }: Commit): Promise<StateHead> {
    await this.#write({ kind: "commit", head, memory: [...memory], report });
    return await this.#head();
  }

  async prune(options: PruneOptions): Promise<Pruned> {
    const { rows } = this;
    if (rows === null) throw this.#neverBegun();
    const aged = await agedRows(rows, options);
    await this.#write({ kind: "drop", ...aged });
    return aged;
  }

  override async [Symbol.asyncDispose](): Promise<void> {
    try {
      await this.#session.close();
    } finally {
      await this.#options.release();
    }
  }

  async #head(): Promise<StateHead> {
    return (await this.head()) as StateHead;
  }

  #goOnWith(session: Session, rows: Rows): void {
    this.#session = session;
    this.rows = { ...rows, queries: session, ledger: async () => ledgerFrom(this.#held) };
  }

  async #write(change: StateChange, expected: "as held" | "whatever it is" = "as held"): Promise<Ledger> {
    const { rows } = this;
    if (rows === null) throw this.#neverBegun();
    let written = "";
    const carryOut = async (queries: Queries): Promise<Ledger> => {
      const own = { ...rows, queries };
      const found = await lockLedger(own);
      if (expected === "as held" && found !== this.#held) throw leaseLost(rows.shown, "another run has written the state since");
      this.#held = found;
      const next = ledgerFrom(found);
      next.writes += 1;
      await applyChange({ ...own, next, bases: this.bases, dictionaries: this.dictionaries, compress: this.#options.compress }, change);
      written = JSON.stringify(next);
      await writeMeta(own, "ledger", written);
      return next;
    };
    try {
      const ledger = await rows.queries.transaction(carryOut);
      this.#held = written;
      return ledger;
    } catch (error) {
      this.bases.forget();
      this.dictionaries.forget();
      if (!(error instanceof CommitUnknown)) throw error;
      await this.#readBack(error, written);
      return ledgerFrom(written);
    }
  }

  #neverBegun(): Error {
    return new Error(`The state ${this.#place.shown} is written before it was begun.`);
  }

  /**
   * A COMMIT whose answer never came is not guessed at: on a new connection the ledger tells which of the two it is. Asking for it waits
   * for the old transaction, which holds its row until the server has ended it.
   */
  async #readBack(error: CommitUnknown, written: string): Promise<void> {
    const rows = this.rows as OpenRows;
    await rows.queries.close();
    const session = await reconnect(this.#place, pause);
    this.#goOnWith(session, rows);
    const found = await session.transaction((queries) => lockLedger({ ...rows, queries }));
    if (found === this.#held)
      throw stateUnwritable(rows.shown, `the connection was lost, and the write with it (${error.message})`, undefined, error);
    if (found !== written) throw leaseLost(rows.shown, "another run has written the state since");
    this.#held = written;
  }
}
