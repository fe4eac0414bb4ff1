import type { Phase, RunEvent } from "../engine/surface.ts";

/** One of the places that a run's events go to; closed when the command is done. */
export interface EventSink {
  event(event: RunEvent): void;
  /** Makes room for a question on the terminal. */
  pause?(): void;
  close(): Promise<void>;
}

/** What a phase does, for people. */
export const PHASE_NAMES: { readonly [phase in Phase]: string } = {
  recover: "Settling the last run",
  list: "Listing",
  detect: "Comparing",
  apply: "Applying",
  commit: "Committing",
};
