import type { Cost } from "../model/report.ts";

/** Counts what one end of a pipeline costs: requests, and bytes at the socket or read from files. */
export interface Meter {
  /** One finished exchange. */
  count(cost: Cost): void;
  /** Attributes what `work` costs, in all that it awaits, to `label` as well. */
  during<T>(label: string, work: () => Promise<T>): Promise<T>;
  /** The counts so far, in all or of one label. */
  reading(label?: string): Cost;
}
