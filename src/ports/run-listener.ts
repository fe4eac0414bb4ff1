import type { Problem } from "../model/errors.ts";
import type { RunReport } from "../model/report.ts";
import type { CheckpointReader } from "./checkpoint-store.ts";

/** How a run ended: with a report, or before it could make one. */
export type RunEnd =
  | { readonly report: RunReport; readonly openState: () => Promise<CheckpointReader> }
  /** What ended it, before anything was applied. */
  | { readonly error: unknown };

/**
 * Is told of every run that may write, as it begins and as it ends. Previews are no runs.
 *
 * Obligations: never throws and never takes longer than some seconds. What it could not do it answers with, as warnings: a run does not
 * fail for who is told of it.
 */
export interface RunListener {
  begun(run_id: string): Promise<readonly Problem[]>;
  ended(run_id: string, end: RunEnd): Promise<readonly Problem[]>;
}
