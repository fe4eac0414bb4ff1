import type { Problem } from "../model/errors.ts";
import type { PlanRecord, PlanSummary, Refresh, Step, Withheld } from "../model/plan.ts";
import { addChange, addWithheld, emptySummary } from "../plan/summary.ts";
import type { ProblemLog } from "./problem-log.ts";
import { SpaceReads } from "./space-reads.ts";

/** A plan as it grows: the records of the batch at hand, and the sums of all. */
export class PlanDraft {
  /** Deletions that the guard counts: those that this plan begins. */
  deletions = 0;
  /** Checkpoints that were hashed anew because the scheme changed. */
  rehashed = 0;
  readonly reads: SpaceReads = new SpaceReads();
  readonly #problems: ProblemLog;
  readonly #records: PlanRecord[] = [];
  #summary: PlanSummary;

  constructor(problems: ProblemLog) {
    this.#problems = problems;
    this.#summary = emptySummary();
  }

  /** So many more assets that the source lists. */
  listed(count = 1): void {
    this.#summary = { ...this.#summary, assets: this.#summary.assets + count };
  }

  step(step: Step): void {
    this.#summary = addChange(this.#summary, step.change);
    this.#records.push({ record: "step", step });
  }

  withhold(withheld: Withheld): void {
    this.#summary = addWithheld(this.#summary);
    this.#records.push({ record: "withheld", withheld });
  }

  unchanged(refresh?: Refresh, count = 1): void {
    this.#summary = { ...this.#summary, unchanged: this.#summary.unchanged + count };
    if (refresh !== undefined) this.#records.push({ record: "refresh", refresh });
  }

  /** One asset is left out of the plan because of this. */
  fail(problem: Problem): void {
    this.#problems.add(problem);
    this.#records.push({ record: "problem", problem });
  }

  /** Told in the report; the plan goes on. */
  warn(problem: Problem): void {
    this.#problems.add(problem);
  }

  /** The records since the last call. */
  take(): readonly PlanRecord[] {
    return this.#records.splice(0);
  }

  get summary(): PlanSummary {
    return this.#summary;
  }
}
