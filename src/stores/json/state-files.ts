import { join } from "node:path";
import type { SourceSystem } from "../../model/checkpoint.ts";
import type { FileSystem } from "../../ports/file-system.ts";

/** The folder of a state, and what its files are reached through. */
export interface Place {
  readonly files: FileSystem;
  readonly folder: string;
}

/** The names of a state's files, as they stand in its folder. */
export interface StateFiles {
  /** The image; null where there is none. */
  readonly image: string | null;
  /** The image before it; null where there is none. */
  readonly previous: string | null;
  /** Numbers of the journals of which a copy is there, ascending. */
  readonly journals: readonly number[];
  /** What was not finished when a run died. */
  readonly drafts: readonly string[];
}

/** What stands behind the name of an image in the name of the one before it. */
export const PREVIOUS = ".prev";

export async function listState({ files, folder }: Place): Promise<StateFiles> {
  const names = await files.list(folder);
  const journals = names.flatMap((name) => {
    const [, number] = JOURNAL.exec(name) ?? [];
    return number === undefined ? [] : [Number(number)];
  });
  return {
    image: names.find((name) => IMAGE.test(name)) ?? null,
    previous: names.find((name) => name.endsWith(PREVIOUS) && IMAGE.test(name.slice(0, -PREVIOUS.length))) ?? null,
    journals: [...new Set(journals)].sort((a, b) => a - b),
    drafts: names.filter((name) => DRAFT.test(name)),
  };
}

export function imageName(system: SourceSystem): string {
  return `${system}_checkpoints.json`;
}

/** A journal is kept twice, line by line, so that the damage of one copy loses nothing. */
export function journalPaths({ folder }: Place, number: number): readonly [string, string] {
  const name = `journal-${String(number).padStart(6, "0")}`;
  return [join(folder, `${name}.ndjson`), join(folder, `${name}.copy.ndjson`)];
}

/** The path of a file that is made whole before it takes its name. The number is the maker's own, so that no two make the same. */
export function draftPath(path: string, number: number): string {
  return `${path}.draft-${number}`;
}

const IMAGE = /^(?:datasphere|glue)_checkpoints\.json$/;
const JOURNAL = /^journal-(\d{6,})(?:\.copy)?\.ndjson$/;
const DRAFT = /\.draft-\d+$/;
