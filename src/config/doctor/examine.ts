import type { Pipeline } from "../pipeline.ts";
import type { Check } from "./check.ts";
import { sourceChecks } from "./source-checks.ts";
import { storeChecks } from "./store-checks.ts";
import { targetChecks } from "./target-checks.ts";

export interface ExamineOptions {
  /** Whether permissions to write are probed too, by requests that cannot write. */
  readonly probeWrites: boolean;
  readonly signal: AbortSignal;
}

/**
 * Looks at all that a sync of this pipeline needs, cheapest first, and answers check by check. Changes nothing anywhere: no folder, no
 * lease, no table. What is wrong is a check that failed; only an abort throws.
 */
export async function* examine(pipeline: Pipeline, options: ExamineOptions): AsyncGenerator<Check> {
  yield* storeChecks(pipeline);
  yield* sourceChecks(pipeline, options);
  yield* targetChecks(pipeline, options);
}
