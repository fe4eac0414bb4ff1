import { statSync } from "node:fs";
import { join } from "node:path";
import { Bases } from "./bases.ts";
import { carryOutChange } from "./carry-out-change.ts";
import { readLedger, readPosition } from "./check-state.ts";
import { Journal } from "./journal.ts";
import type { JournalEnd } from "../shared/journal-line.ts";
import { JOURNAL_FORMAT, type JournalLine } from "./read-journal.ts";
import { PREVIOUS, renewFallback } from "./renew-fallback.ts";
import { readHead } from "./apply-change.ts";
import type { Queries, StateDatabase } from "./state-database.ts";
import { stateDamaged } from "../shared/state-error.ts";

/**
 * Brings a state that was opened for writing and its journal together, and answers with the journal, to be gone on with.
 *
 * A write stands in the journal before it stands in the state, and the next is not begun before it does. So after a crash the journal is
 * level with the state or one line ahead (which is then carried out: nobody was told whether it was done, and no run asks for a write
 * that is not true by then), or it ends in a torn line (cut off: nobody was told that it was done). A state that is further behind is an
 * older one, put back by hand or left by a log (-wal) that lost its end: it is refused as damaged. One that is ahead has lost nothing;
 * its journal has, so a new copy is made and a new journal begun; so too where the journal is of an older format.
 */
export async function joinJournal(state: StateDatabase, folder: string, signal?: AbortSignal): Promise<Journal> {
  // Within a transaction, so that even where the lock fails nobody writes to either in between.
  const journal = state.transaction(() => {
    const opened = Journal.open(folder, "write");
    try {
      if (opened !== null && hasCopy(folder) && bringLevel(state, opened) && opened.start.format === JOURNAL_FORMAT) return opened;
    } catch (error) {
      opened?.[Symbol.dispose]();
      throw error;
    }
    opened?.[Symbol.dispose]();
    return null;
  });
  return journal ?? (await renewFallback(state, folder, signal));
}

/** Throws where a state is older than its journal, which was opened before the state was. */
export function requireUpToDate(state: Queries, journal: Journal): void {
  linesBehind(state, journal);
}

/** Carries a line of the journal out, within a transaction of the caller's; it must lead to the very state that it tells of. */
export function replay(state: StateDatabase, journal: Journal, { told, end }: Behind): void {
  // How snapshots are packed bears on no sum, so that it does not matter what was set when the line was written.
  carryOutChange({ state, bases: new Bases(), ledger: readLedger(state), journal, compress: true }, told.change, ({ writes, ledger }) => {
    if (writes === told.writes && ledger === told.ledger) return end;
    throw stateDamaged(state.path, `write ${told.writes} of its journal does not follow from it`);
  });
}

/** False where the journal does not lead to the state. */
function bringLevel(state: StateDatabase, journal: Journal): boolean {
  const behind = linesBehind(state, journal);
  if (behind === null) return false;
  if (behind.line !== null) replay(state, journal, behind.line);
  journal.goOnFrom(behind.line?.end ?? behind.end);
  return true;
}

/** A line of the journal, and the place behind it. */
export interface Behind {
  readonly told: JournalLine;
  readonly end: JournalEnd;
}

/** The one line that the state may lack, and the place from which the journal goes on if it lacks none; null where the journal does not lead to the state. */
function linesBehind(state: Queries, journal: Journal): { readonly line: Behind | null; readonly end: JournalEnd } | null {
  const { lineage } = readHead(state);
  const { writes } = readLedger(state);
  const { start, id, first } = journal;
  if (start.lineage !== lineage)
    throw stateDamaged(state.path, `it is of another history (${lineage}) than its journal (${start.lineage})`);
  if (start.writes > writes) throw older(state, `at write ${writes}, and its journal begins at ${start.writes}`);
  const position = readPosition(state);
  // A run may die when it has begun a new journal and before the state knows it.
  const end = position?.journal === id ? position : start.writes === writes ? first : null;
  if (end === null || journal.size < end.bytes) return null;
  const lines: Behind[] = [];
  const found = journal.read(end, (told, at) => lines.push({ told, end: at }) < 2);
  if (lines.length > 1 || (lines.length === 1 && found === "damaged"))
    throw older(state, `at write ${writes}, and its journal tells of later ones`);
  return found === "damaged" ? null : { line: lines[0] ?? null, end: { bytes: end.bytes, sum: end.sum } };
}

function older(state: Queries, how: string): Error {
  return stateDamaged(state.path, `it is older than its journal (${how}): an old copy of it was put back, or its log (-wal) lost its end`);
}

function hasCopy(folder: string): boolean {
  return (statSync(join(folder, PREVIOUS), { throwIfNoEntry: false })?.size ?? 0) > 0;
}
