import { Ledger, type Counts as CallCounts, type LoggedCall as Call } from "../http/ledger.ts";
import type { Named } from "./named.ts";

export interface Counts extends CallCounts {
  /** Calls that only read. */
  readonly reads: number;
  /** Calls of writing operations, whatever came of them. */
  readonly writes: number;
  /** Writing calls that took effect, also where a fault hid it. */
  readonly writes_applied: number;
}

/** One line of the request log. */
export interface LoggedCall extends Named, Call {
  readonly writes: boolean;
  /** True where the operation took place. */
  applied: boolean;
}

/** Counts calls, and among them the writes and what became of them. */
export class GlueLedger extends Ledger<LoggedCall> {
  #writes = 0;
  #applied = 0;

  override arrived(operation: string, bytes: number, about: Named & Pick<LoggedCall, "writes" | "applied">): LoggedCall {
    if (about.writes) this.#writes += 1;
    return super.arrived(operation, bytes, about);
  }

  applied(call: LoggedCall): void {
    call.applied = true;
    if (call.writes) this.#applied += 1;
  }

  override counts(): Counts {
    const { operations, ...total } = super.counts();
    return { ...total, reads: total.calls - this.#writes, writes: this.#writes, writes_applied: this.#applied, operations };
  }

  override clear(): void {
    super.clear();
    this.#writes = 0;
    this.#applied = 0;
  }
}
