import type { Definitions } from "./definitions.ts";
import { ListedIndex } from "./listed-index.ts";
import type { ModelMemory } from "./model-memory.ts";
import { ModelSources } from "./model-sources.ts";
import type { ReadSchedule } from "./read-policy.ts";

/** What a listing leaves behind for the reads that follow it. */
export interface ListedState {
  readonly definitions: Definitions;
  readonly index: ListedIndex;
  readonly models: ModelSources;
  readonly modelMemory: ModelMemory;
  /** Which unproved assets need not be read; null where all are. */
  readonly schedule: ReadSchedule | null;
}

/** The state of a listing that begins. */
export function listedState(definitions: Definitions, modelMemory: ModelMemory, schedule: ReadSchedule | null = null): ListedState {
  const index = new ListedIndex();
  return { definitions, index, modelMemory, schedule, models: new ModelSources(definitions, index, modelMemory) };
}
