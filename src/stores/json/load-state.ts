import { join } from "node:path";
import { changeMemoryState } from "../shared/change-memory-state.ts";
import type { MemoryState } from "../shared/memory-state.ts";
import { stateDamaged } from "../shared/state-error.ts";
import { type Journal, type JournalPlace, readJournal, told } from "./read-journal.ts";
import { parseImage } from "./image.ts";
import type { Place } from "./state-files.ts";

/** A state as its image and all that was written since come to. */
export interface Loaded {
  readonly state: MemoryState;
  /** Writes to the state so far. */
  readonly writes: number;
  /** Where the next journal goes on from. */
  readonly end: JournalPlace;
  /** Bytes of the image, and of the journals since. */
  readonly bytes: { readonly image: number; readonly journals: number };
  /** Those that were carried out on the image, oldest first. */
  readonly journals: readonly Journal[];
}

/** Loads the state that an image and these journals tell; throws where that cannot be had whole. Null where there is no such image. */
export async function loadState(place: Place, image: string, numbers: readonly number[]): Promise<Loaded | null> {
  const path = join(place.folder, image);
  const bytes = await place.files.read(path);
  if (bytes === null) return null;
  const { state, writes: before, journal } = parseImage(bytes, path);
  const journals = await chain(
    place,
    path,
    journal,
    numbers.filter((number) => number >= journal.number),
  );
  let writes = before;
  for (const { start, lines } of journals) {
    if (lines.length > 0 && start.lineage !== state.head?.lineage)
      throw stateDamaged(path, `it is of another history (${state.head?.lineage}) than its journal (${start.lineage})`);
    for (const line of lines) {
      const { writes: at, change } = told(line);
      if (at !== ++writes) throw stateDamaged(path, `write ${at} of its journal does not follow from it`);
      changeMemoryState(state, change);
    }
  }
  const last = journals.at(-1) as Journal;
  return {
    state,
    writes,
    end: { number: last.number, ...last.end },
    bytes: { image: bytes.length, journals: journals.reduce((sum, { end }) => sum + end.bytes, 0) },
    journals,
  };
}

/**
 * The journals from the image's own to the last, each as far as the next goes on from it. The one with the highest number is the last
 * holder's; going back from it passes over what a holder wrote that had been overtaken.
 */
async function chain(
  place: Place,
  path: string,
  first: { readonly number: number; readonly sum: string },
  numbers: readonly number[],
): Promise<readonly Journal[]> {
  const found: Journal[] = [];
  for (let at = numbers.length - 1, after: JournalPlace | null = null; at >= 0; at--) {
    const number = numbers[at] as number;
    if (after !== null && number > after.number) continue;
    const journal = await readJournal(place, number);
    if (journal === null) continue;
    if (journal.start.replaces === true && number !== first.number) {
      if (after !== null || journal.lines.length > 0)
        throw stateDamaged(path, `journal ${number} goes on from another state that took its place`);
      // Whoever began to replace the state came no further.
      continue;
    }
    found.unshift(after === null ? journal : upTo(journal, after, path));
    after = journal.start.after;
    if (number === first.number || after === null) break;
  }
  if (found[0]?.number !== first.number || found[0].first.sum !== first.sum)
    throw stateDamaged(path, `journal ${first.number}, which goes on from it, is missing or another`);
  return found;
}

function upTo(journal: Journal, after: JournalPlace, path: string): Journal {
  const count = journal.lines.findIndex(({ end }) => end.sum === after.sum) + 1;
  if (after.number !== journal.number || (count === 0 && journal.first.sum !== after.sum))
    throw stateDamaged(path, `its journal ${journal.number} lacks its end`);
  return { ...journal, lines: journal.lines.slice(0, count), end: { bytes: after.bytes, sum: after.sum } };
}
