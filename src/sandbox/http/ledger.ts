/** Calls of one operation. Bytes are those of the HTTP bodies, as they went over the wire. */
export interface CallCounts {
  calls: number;
  /** Answers with an error, throttling included. */
  errors: number;
  throttled: number;
  /** Calls that a fault struck. */
  faults: number;
  bytes_in: number;
  bytes_out: number;
}

export interface Counts extends CallCounts {
  readonly operations: Readonly<Record<string, Readonly<CallCounts>>>;
}

/** One line of the request log. `status` is null while there is no answer, and for good where a fault withheld it. */
export interface LoggedCall {
  readonly seq: number;
  readonly operation: string;
  status: number | null;
  error?: string;
  fault?: string;
}

/** How a call ended. */
export interface Ending {
  readonly status: number;
  readonly bytes: number;
  /** What the log calls it, where it is an error. */
  readonly error?: string | undefined;
  readonly throttled?: boolean;
}

const LOG_LENGTH = 10_000;

/** Counts every call and keeps the last ten thousand of them. */
export class Ledger<Call extends LoggedCall> {
  #operations = new Map<string, CallCounts>();
  #log: Call[] = [];
  #seq = 0;

  arrived(operation: string, bytes: number, about: Omit<Call, "seq" | "operation" | "status">): Call {
    const counts = this.#countsOf(operation);
    counts.calls += 1;
    counts.bytes_in += bytes;
    const call = { seq: ++this.#seq, operation, ...about, status: null } as unknown as Call;
    this.#log.push(call);
    if (this.#log.length > 2 * LOG_LENGTH) this.#log = this.#log.slice(-LOG_LENGTH);
    return call;
  }

  struck(call: Call, fault: string): void {
    call.fault = fault;
    this.#countsOf(call.operation).faults += 1;
  }

  answered(call: Call, { status, bytes, error, throttled = false }: Ending): void {
    call.status = status;
    const counts = this.#countsOf(call.operation);
    counts.bytes_out += bytes;
    if (error === undefined) return;
    call.error = error;
    counts.errors += 1;
    if (throttled) counts.throttled += 1;
  }

  counts(): Counts {
    const total: CallCounts = { calls: 0, errors: 0, throttled: 0, faults: 0, bytes_in: 0, bytes_out: 0 };
    for (const counts of this.#operations.values()) {
      for (const key of Object.keys(total) as (keyof CallCounts)[]) total[key] += counts[key];
    }
    const operations = [...this.#operations].map(([operation, counts]) => [operation, { ...counts }] as const);
    return { ...total, operations: Object.fromEntries(operations) };
  }

  /** The last calls, oldest first. */
  requests(limit: number = LOG_LENGTH): readonly Readonly<Call>[] {
    return limit === 0 ? [] : this.#log.slice(-Math.min(limit, LOG_LENGTH)).map((call) => ({ ...call }));
  }

  clear(): void {
    this.#operations = new Map();
    this.#log = [];
  }

  #countsOf(operation: string): CallCounts {
    const known = this.#operations.get(operation);
    if (known !== undefined) return known;
    const counts: CallCounts = { calls: 0, errors: 0, throttled: 0, faults: 0, bytes_in: 0, bytes_out: 0 };
    this.#operations.set(operation, counts);
    return counts;
  }
}
