import type { HashScheme } from "../model/fingerprint.ts";
import type { PlanRecord, PlanSummary } from "../model/plan.ts";
import type { Selection } from "../model/selection.ts";
import type { BackupShelf } from "../ports/backup-shelf.ts";
import type { CheckpointStore } from "../ports/checkpoint-store.ts";
import type { Clock } from "../ports/clock.ts";
import type { FingerprintReader } from "../ports/fingerprint-reader.ts";
import type { Log } from "../ports/log.ts";
import type { Meter } from "../ports/meter.ts";
import type { Random } from "../ports/random.ts";
import type { Source } from "../ports/source.ts";
import type { RunListener } from "../ports/run-listener.ts";
import type { OpenSpool } from "../ports/spool.ts";
import type { Target } from "../ports/target.ts";

/** A pipeline wired up: what `config/assemble` makes of a configuration, and all that the engine knows of the world. */
export interface Parts {
  /** Matches `[A-Za-z0-9_-]+`. */
  readonly pipeline: string;
  readonly source: Source;
  readonly target: Target;
  readonly store: CheckpointStore;
  readonly openSpool: OpenSpool;
  /** Reads fingerprints of the source's assets elsewhere than here. Left out where that would not be faster. */
  readonly fingerprints?: FingerprintReader;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Is told of the runs, where anybody wants to know. */
  readonly listener?: RunListener;
  readonly meters: { readonly source: Meter; readonly target: Meter };
  readonly settings: Settings;
  /** How the state is kept safe and small. Left out: neither backups nor clean-up. */
  readonly upkeep?: Upkeep;
}

/** What a pipeline does for its own state beside its runs. */
export interface Upkeep {
  readonly shelf: BackupShelf;
  /** Whether runs make backups by themselves. */
  readonly backup_enabled: boolean;
  readonly retention_days: number;
  readonly cleanup_interval_hours: number;
}

/** The settings of one pipeline, defaults filled in. */
export interface Settings {
  readonly scheme: HashScheme;
  readonly full_sync_threshold: number;
  readonly delta_sync_enabled: boolean;
  readonly metadata_only_threshold: number;
  readonly batch_size: number;
  /** 1 where `parallel_processing` is off. */
  readonly max_parallel_jobs: number;
  readonly retry: RetrySettings;
  readonly deletion: { readonly floor: number; readonly share: number; readonly grace_runs: number };
  readonly renames: "show" | "carry";
  /** Names readers, concurrency and compression: only full runs under the same ones are compared with. */
  readonly comparable: string;
}

/** Attempts in all, and the pause between them: base × 2^n up to the maximum, with jitter. */
export interface RetrySettings {
  readonly attempts: number;
  readonly base_ms: number;
  readonly max_ms: number;
}

/** What one invocation asks of a run. */
export interface RunOptions {
  readonly signal: AbortSignal;
  /** Treats every asset as changed: reads all, writes all that are there. */
  readonly full?: boolean;
  /** Reads every asset, also those that a token proves unchanged. */
  readonly full_read?: boolean;
  /** Compares every table with what was recorded, and brings back those that others changed or deleted. */
  readonly reconcile?: boolean;
  /** The exact number of deletions that the plan may hold although the limit says less. */
  readonly allow_deletes?: number;
  readonly accept_scope_change?: boolean;
  /** Looks at these assets only. */
  readonly select?: Selection;
  /** Shown the whole plan, which the guard let through, before its first write. What it throws ends the run with nothing written. */
  readonly approve?: (plan: JudgedPlan) => Promise<void>;
}

/** A plan that is complete and judged, to be looked at. */
export interface JudgedPlan {
  readonly summary: PlanSummary;
  records(): AsyncIterable<readonly PlanRecord[]>;
}
