import type { Cost, SlowCall } from "../model/report.ts";

/** A finished exchange over a network. */
export interface Call extends SlowCall {
  /** HTTP status; null where no answer came. */
  readonly status: number | null;
}

/** Counts what one end of a pipeline costs: requests, and bytes at the socket or read from files. */
export interface Meter {
  /** One finished exchange; `call` where it went over a network. */
  count(cost: Cost, call?: Call): void;
  /** Attributes what `work` costs, in all that it awaits, to `label` as well. */
  during<T>(label: string, work: () => Promise<T>): Promise<T>;
  /** The counts so far, in all or of one label. */
  reading(label?: string): Cost;
  /** The three calls that took longest, the longest first. */
  slowest(): readonly SlowCall[];
}
