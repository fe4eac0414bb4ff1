import type { RunReport } from "../model/report.ts";
import type { Parts, RunOptions } from "./parts.ts";
import { prepare } from "./prepare.ts";
import { runPlan } from "./run-plan.ts";

/**
 * Brings the target in step with the source: lists the source, reads what may have changed, plans what differs, has the guard judge the
 * whole plan, applies it and commits the outcome.
 *
 * Throws a TidemarkError only for what ends the run before anything is applied; everything else is in the report.
 */
export function sync(parts: Parts, options: RunOptions): Promise<RunReport> {
  return runPlan(parts, options, (planning) => prepare(planning, { ...options, observe: false }));
}
