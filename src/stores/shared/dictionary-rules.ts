import type { Dictionary } from "./pack-text.ts";

/** A dictionary of a state, and how many checkpoints the state held when it was made. */
export interface StateDictionary extends Dictionary {
  readonly checkpoints: number;
}

/** Whether a state of so many checkpoints has grown enough for a first dictionary, or far beyond what its newest was made of. */
export function isDictionaryDue(checkpoints: number, newest: StateDictionary | null): boolean {
  return checkpoints >= (newest?.checkpoints ?? FEWEST / GROWTH) * GROWTH;
}

/** Whether all of a state is packed anew with a new dictionary; of a larger one, what was packed with an earlier one stays. */
export function isPackedAnew(checkpoints: number): boolean {
  return checkpoints <= SMALL;
}

/** A dictionary is made of every so manieth snapshot, evenly spread over the ids. */
export function sampleStep(checkpoints: number): number {
  return Math.max(1, Math.floor(checkpoints / LOOKED_AT));
}

/** Checkpoints from which on a dictionary pays: some of them say most of what the others do. */
const FEWEST = 48;

/** How many times as many checkpoints make a new one worth while. */
const GROWTH = 16;

const SMALL = 1_000;

/** How many snapshots are looked at. */
const LOOKED_AT = 96;
