import type { Named } from "./named.ts";

/** Calls of one operation. Bytes are those of the HTTP bodies. */
export interface OperationCounts {
  calls: number;
  /** Answers with an error, throttling included. */
  errors: number;
  throttled: number;
  /** Calls that a fault struck. */
  faults: number;
  bytes_in: number;
  bytes_out: number;
}

export interface Counts extends OperationCounts {
  /** Calls that only read. */
  readonly reads: number;
  /** Calls of writing operations, whatever came of them. */
  readonly writes: number;
  /** Writing calls that took effect, also where a fault hid it. */
  readonly writes_applied: number;
  readonly operations: Readonly<Record<string, Readonly<OperationCounts>>>;
}

/** One line of the request log. `status` is null while there is no answer, and for good where a fault withheld it. */
export interface LoggedCall extends Named {
  readonly seq: number;
  readonly operation: string;
  readonly writes: boolean;
  status: number | null;
  /** True where the operation took place. */
  applied: boolean;
  error?: string;
  fault?: string;
}

const LOG_LENGTH = 10_000;

/** Counts every call and keeps the last ten thousand of them. */
export class Ledger {
  #operations = new Map<string, OperationCounts>();
  #log: LoggedCall[] = [];
  #seq = 0;
  #writes = 0;
  #applied = 0;

  arrived(operation: string, writes: boolean, bytes: number, names: Named): LoggedCall {
    const counts = this.#countsOf(operation);
    counts.calls += 1;
    counts.bytes_in += bytes;
    if (writes) this.#writes += 1;
    const call: LoggedCall = { seq: ++this.#seq, operation, writes, ...names, status: null, applied: false };
    this.#log.push(call);
    if (this.#log.length > 2 * LOG_LENGTH) this.#log = this.#log.slice(-LOG_LENGTH);
    return call;
  }

  struck(call: LoggedCall, fault: string): void {
    call.fault = fault;
    this.#countsOf(call.operation).faults += 1;
  }

  applied(call: LoggedCall): void {
    call.applied = true;
    if (call.writes) this.#applied += 1;
  }

  answered(call: LoggedCall, status: number, bytes: number, error: string | undefined): void {
    call.status = status;
    const counts = this.#countsOf(call.operation);
    counts.bytes_out += bytes;
    if (error === undefined) return;
    call.error = error;
    counts.errors += 1;
    if (error === "ThrottlingException") counts.throttled += 1;
  }

  counts(): Counts {
    const total = { calls: 0, errors: 0, throttled: 0, faults: 0, bytes_in: 0, bytes_out: 0 };
    for (const counts of this.#operations.values()) {
      for (const key of Object.keys(total) as (keyof OperationCounts)[]) total[key] += counts[key];
    }
    const operations = [...this.#operations].map(([operation, counts]) => [operation, { ...counts }] as const);
    return {
      ...total,
      reads: total.calls - this.#writes,
      writes: this.#writes,
      writes_applied: this.#applied,
      operations: Object.fromEntries(operations),
    };
  }

  /** The last calls, oldest first. */
  requests(limit: number = LOG_LENGTH): readonly Readonly<LoggedCall>[] {
    return limit === 0 ? [] : this.#log.slice(-Math.min(limit, LOG_LENGTH)).map((call) => ({ ...call }));
  }

  clear(): void {
    this.#operations = new Map();
    this.#log = [];
    this.#writes = 0;
    this.#applied = 0;
  }

  #countsOf(operation: string): OperationCounts {
    const known = this.#operations.get(operation);
    if (known !== undefined) return known;
    const counts = { calls: 0, errors: 0, throttled: 0, faults: 0, bytes_in: 0, bytes_out: 0 };
    this.#operations.set(operation, counts);
    return counts;
  }
}
