import type { Strategy } from "./change.ts";
import type { Problem } from "./errors.ts";
import type { PlanSummary } from "./plan.ts";

/** Bytes at the socket (or read from files, for a source that is a folder). */
export interface Bytes {
  readonly sent: number;
  readonly received: number;
}

/** What one end of a pipeline cost. */
export interface Cost {
  readonly requests: number;
  readonly bytes: Bytes;
}

/** The measured cost of a run. */
export interface RunCost {
  readonly run_id: string;
  readonly requests: { readonly source: number; readonly target: number };
  readonly bytes: { readonly source: Bytes; readonly target: Bytes };
  readonly duration_ms: number;
}

export type RunStatus = "succeeded" | "partial" | "refused" | "failed";

/** The measured result of a sync; what `sync --json` prints, without `format_version`. */
export interface RunReport extends RunCost {
  readonly pipeline: string;
  /** ISO 8601 in UTC; for people, and for reports to grow old by. Missing in those of earlier versions. */
  readonly started_at?: string;
  readonly status: RunStatus;
  /** Counts as applied. */
  readonly summary: PlanSummary & { readonly failed: number };
  readonly by_strategy: { readonly [strategy in Strategy]: { readonly assets: number; readonly requests: number; readonly bytes: number } };
  /** The last measured full run with the same readers, concurrency and compression. */
  readonly full_sync: RunCost | null;
  readonly saved: { readonly requests_percent: number; readonly bytes_percent: number; readonly time_percent: number } | null;
  readonly problems: readonly Problem[];
}
