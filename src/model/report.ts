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

/** One request, and how long it took. */
export interface SlowCall {
  /** What it was, for people: operation and asset or space. */
  readonly what: string;
  readonly duration_ms: number;
}

/** The measured cost of a run. */
export interface RunCost {
  readonly run_id: string;
  readonly requests: { readonly source: number; readonly target: number };
  readonly bytes: { readonly source: Bytes; readonly target: Bytes };
  readonly duration_ms: number;
}

export type RunStatus = "succeeded" | "partial" | "refused" | "failed";

/** What a run met in one space of the source. */
export interface SpaceReport {
  readonly space: string;
  readonly complete: boolean;
  readonly listed: number;
  /** Assets that were asked for and answered; those that something proved unchanged were not. */
  readonly read: number;
  /** What the listing left out: not covered by the scope, never deployed, not exposed. */
  readonly skipped: number;
  /** Assets that the source refuses. A space that it refuses is not complete. */
  readonly forbidden: number;
  /** Assets that could not be read otherwise, or not be written. */
  readonly failed: number;
  /** What is no asset and was found beside them, by kind: read for what it says of assets, or only counted, and not written. */
  readonly beside?: { readonly [kind: string]: number };
}

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
  /** By space, in code-point order. Absent where the source was not asked. */
  readonly spaces?: readonly SpaceReport[];
  readonly problems: readonly Problem[];
  /** The three requests of each end that took longest, the longest first. Missing where neither end is called over a network. */
  readonly slowest?: { readonly source: readonly SlowCall[]; readonly target: readonly SlowCall[] };
  /** What the run did for its own state. Missing where it had nothing to do for it. */
  readonly upkeep?: UpkeepReport;
}

/** What a run did to keep its state safe and small; an absent key was not due. */
export interface UpkeepReport {
  readonly backup?: {
    readonly file: string;
    readonly reason: string;
    readonly generation: number;
    readonly checkpoints: number;
    readonly bytes: number;
    readonly duration_ms: number;
  };
  /** The whole state was read and compared with its sums. */
  readonly validation?: { readonly checkpoints: number; readonly problems: number; readonly duration_ms: number };
  /** What grew old and was dropped. */
  readonly cleanup?: {
    readonly backups: number;
    readonly runs: number;
    readonly history: number;
    readonly versions: number;
    readonly duration_ms: number;
  };
  /** What the state takes on the disk, and how much more than at the clean-up before. */
  readonly storage?: { readonly bytes: number; readonly growth_bytes: number | null };
}
