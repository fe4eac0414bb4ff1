import type { Acknowledged, Checkpoint, Intent, OutcomeRecord } from "../model/checkpoint.ts";
import type { Outcome } from "../model/outcome.ts";
import type { Step } from "../model/plan.ts";
import type { WriteResult } from "../ports/target.ts";

/** One effect of a step: which it is, and what the state knows. */
export interface StepContext {
  readonly step: Step;
  readonly phase: "put" | "mark" | "remove";
  readonly checkpoint: Checkpoint | null;
  /** The table of the asset that this one was renamed from, where its annotations come along. */
  readonly carry: Acknowledged | null;
}

/** An effect and its intent, which is durable. */
export interface Effect {
  readonly context: StepContext;
  readonly intent: Intent;
}

/** What came of an effect: what to record, what to tell, and the effect that follows it. */
export interface StepResult {
  /** Null leaves the intent open, because nobody knows whether the effect took place. */
  readonly record: OutcomeRecord | null;
  readonly outcome: Outcome | null;
  readonly next: StepContext | null;
}

export type Applied = Extract<WriteResult, { status: "applied" }>;

/** The answer for an effect that is seen to have taken place. */
export function done(acknowledged: Acknowledged | null): Applied {
  return { status: "applied", acknowledged, decisions: [], kept: [], withheld: [] };
}
