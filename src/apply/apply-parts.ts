import type { SourceSystem } from "../model/checkpoint.ts";
import type { Outcome } from "../model/outcome.ts";
import type { CheckpointLease } from "../ports/checkpoint-store.ts";
import type { Clock } from "../ports/clock.ts";
import type { Meter } from "../ports/meter.ts";
import type { Random } from "../ports/random.ts";
import type { OwnerMark, Target } from "../ports/target.ts";
import type { Backoff } from "./backoff.ts";

/** What carrying out a plan needs. */
export interface ApplyParts {
  readonly target: Target;
  readonly lease: CheckpointLease;
  readonly clock: Clock;
  readonly random: Random;
  readonly meter: Meter;
  readonly mark: OwnerMark;
  readonly source_system: SourceSystem;
  readonly run_id: string;
  /** The generation that this run's commit will be. */
  readonly generation: number;
  readonly batch_size: number;
  readonly max_parallel_jobs: number;
  readonly retry: Backoff;
  /** Stops new steps; what is in flight settles. */
  readonly signal: AbortSignal;
  /** Ends what is in flight too. Aborts some seconds after `signal`. */
  readonly settleSignal: AbortSignal;
  /** Told of each outcome as it is recorded. */
  readonly onOutcome: (outcome: Outcome) => void;
}
