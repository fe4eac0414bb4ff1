import type { AssetId } from "../../model/asset.ts";
import type { Definitions } from "./definitions.ts";
import type { FilledBy } from "./flows/filled-by.ts";
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
  /** Objects that a pipeline of what is exposed leaves out because they are not: as many as are worth knowing without a read. */
  readonly withdrawn: Set<AssetId>;
  /** Which flows fill which assets. */
  readonly filledBy: FilledBy;
  /** Which unproved assets need not be read; null where all are. */
  readonly schedule: ReadSchedule | null;
}

/** The state of a listing that begins. */
export function listedState(
  definitions: Definitions,
  modelMemory: ModelMemory,
  filledBy: FilledBy,
  schedule: ReadSchedule | null = null,
): ListedState {
  const index = new ListedIndex();
  return {
    definitions,
    index,
    modelMemory,
    filledBy,
    schedule,
    withdrawn: new Set(),
    models: new ModelSources(definitions, index, modelMemory),
  };
}
