import type { Intent, OutcomeRecord, StateHead } from "../../model/checkpoint.ts";
import type { Json } from "../../model/json.ts";
import type { Refresh } from "../../model/plan.ts";
import type { RunReport } from "../../model/report.ts";

/** What a state is begun with. */
export type NewHead = Omit<StateHead, "format" | "generation">;

/**
 * One write to a state, as plain data: what a lease carries out, and what a journal tells. Carried out on an equal state it leaves an
 * equal one.
 */
export type StateChange =
  /** The lease was taken. */
  | { readonly kind: "take" }
  | { readonly kind: "begin" }
  /** The state fell back: its first run deletes nothing. */
  | { readonly kind: "recover" }
  | { readonly kind: "intend"; readonly intents: readonly Omit<Intent, "seq">[] }
  | { readonly kind: "record"; readonly outcomes: readonly OutcomeRecord[] }
  | { readonly kind: "refresh"; readonly items: readonly Refresh[] }
  | { readonly kind: "keep"; readonly intents: readonly Intent[] }
  | { readonly kind: "add_run"; readonly report: RunReport }
  | {
      readonly kind: "commit";
      readonly head: Omit<StateHead, "format" | "generation">;
      readonly memory: readonly (readonly [key: string, value: Json | null])[];
      readonly report: RunReport | null;
    }
  /** The oldest ones go, so many of each. */
  | { readonly kind: "drop"; readonly runs: number; readonly history: number; readonly versions: number };
