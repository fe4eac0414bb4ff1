import { spaceOf } from "../model/asset.ts";
import type { Strategy } from "../model/change.ts";
import type { Outcome } from "../model/outcome.ts";
import type { PlanSummary, Withheld } from "../model/plan.ts";
import { addChange, addWithheld } from "../plan/summary.ts";
import type { ProblemLog } from "./problem-log.ts";

/** Counts outcomes as they are recorded, and turns what went wrong into problems. */
export class OutcomeTally {
  readonly #problems: ProblemLog;
  #summary: PlanSummary;
  #failed = 0;
  #notAttempted = 0;
  readonly #failedIn = new Map<string, number>();
  readonly #byStrategy = new Map<Strategy, number>();

  /** `planned` gives what apply does not touch: assets listed, unchanged, withheld by the plan. */
  constructor(planned: PlanSummary, problems: ProblemLog) {
    this.#problems = problems;
    this.#summary = { ...planned, created: 0, modified: 0, schema_changed: 0, metadata_changed: 0, deleted: 0 };
  }

  add(outcome: Outcome): void {
    switch (outcome.status) {
      case "applied":
        this.#summary = addChange(this.#summary, outcome.change);
        this.#byStrategy.set(outcome.change.strategy, this.assets(outcome.change.strategy) + 1);
        for (const kept of outcome.kept) this.#problems.add(kept);
        this.#withhold(outcome.withheld);
        break;
      case "withheld":
        this.#withhold(outcome.withheld);
        break;
      case "failed":
        this.#failed++;
        this.#failedIn.set(spaceOf(outcome.change.asset_id), this.failedIn(spaceOf(outcome.change.asset_id)) + 1);
        this.#problems.add(outcome.problem);
        break;
      case "not_attempted":
        this.#notAttempted++;
        break;
    }
  }

  #withhold(all: readonly Withheld[]): void {
    for (const withheld of all) {
      this.#summary = addWithheld(this.#summary);
      this.#problems.add({ asset_id: withheld.asset_id, ...withheld.because });
    }
  }

  /** An asset that the plan had to leave out, its problem told already. */
  leftOut(): void {
    this.#failed++;
  }

  /** Assets applied by a strategy. */
  assets(strategy: Strategy): number {
    return this.#byStrategy.get(strategy) ?? 0;
  }

  /** Assets of a space whose step failed. */
  failedIn(space: string): number {
    return this.#failedIn.get(space) ?? 0;
  }

  get notAttempted(): number {
    return this.#notAttempted;
  }

  get done(): number {
    return [...this.#byStrategy.values()].reduce((sum, assets) => sum + assets, this.#failed);
  }

  summary(): PlanSummary & { readonly failed: number } {
    return { ...this.#summary, failed: this.#failed };
  }
}
