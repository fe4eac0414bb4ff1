import { existsSync } from "node:fs";
import { join } from "node:path";
import { TidemarkError } from "../../model/errors.ts";
import { checkState, readPosition } from "./check-state.ts";
import { JOURNAL, Journal } from "./journal.ts";
import type { JournalEnd } from "../shared/journal-line.ts";
import { PREVIOUS } from "./renew-fallback.ts";
import { StateDatabase, type Queries } from "./state-database.ts";
import { verifyState } from "./verify-state.ts";

/** Checks what a damaged state would fall back to: every row of the copy, every line of the journal as far as the state holds it. */
export async function verifyFallback(folder: string, state: Queries): Promise<readonly string[]> {
  const position = readPosition(state);
  if (position === null) return [];
  return [...journalProblems(folder, position), ...(await copyProblems(folder))];
}

function journalProblems(folder: string, position: JournalEnd & { readonly journal: string }): readonly string[] {
  using journal = Journal.open(folder, "read");
  if (journal === null) return [unusable(join(folder, JOURNAL), "it is missing, or its first line is not what was written")];
  // A run is beginning a new one, or died when it did.
  if (journal.id !== position.journal) return [];
  let met = journal.first;
  journal.read(journal.first, (_told, end) => {
    if (end.bytes <= position.bytes) met = end;
    return end.bytes < position.bytes;
  });
  return met.bytes === position.bytes && met.sum === position.sum
    ? []
    : [unusable(join(folder, JOURNAL), `only its first ${met.bytes} of ${position.bytes} bytes are what was written`)];
}

async function copyProblems(folder: string): Promise<readonly string[]> {
  const path = join(folder, PREVIOUS);
  if (!existsSync(path)) return [unusable(path, "it is missing")];
  try {
    const copy = new StateDatabase(path, "immutable");
    try {
      checkState(copy);
      return (await verifyState(copy)).problems.map((problem) => unusable(path, problem));
    } finally {
      copy.close();
    }
  } catch (error) {
    if (error instanceof TidemarkError) return [unusable(path, error.message)];
    throw error;
  }
}

function unusable(path: string, why: string): string {
  return `A damaged state could not fall back on ${path}: ${why}. The state itself does not need it: delete the file, and the next sync makes a new one.`;
}
