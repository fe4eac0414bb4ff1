import { renameSync, statfsSync } from "node:fs";
import { dirname, join } from "node:path";
import { checkState, readLedger, readMeta } from "./check-state.ts";
import { Journal } from "./journal.ts";
import { ledgerText } from "./ledger.ts";
import { JOURNAL_FORMAT } from "./read-journal.ts";
import { readHead } from "./apply-change.ts";
import { StateDatabase } from "./state-database.ts";
import { leaseLost, stateDamaged, stateUnwritable } from "../shared/state-error.ts";
import { failure } from "./sqlite-error.ts";
import { verifyState } from "./verify-state.ts";
import { inWorkshop, makeDurable, makeFile } from "./workshop.ts";
import { writeMeta } from "./write-meta.ts";

/** The copy of an earlier moment of the state, in its folder. */
export const PREVIOUS = "previous.db";

/**
 * Copies the state as it stands, proves the copy whole, and begins a journal of what is written from now on.
 *
 * The new copy takes the place of the old one before the new journal does: in between the old journal leads from behind the new copy to
 * beyond it, and whoever falls back passes over what the copy holds. Never is there a copy that no journal goes on from.
 *
 * Copying and proving take as long as the state is large; what is heard through `signal` meanwhile ends them with its reason, and leaves
 * the copy and the journal that were there.
 */
export async function renewFallback(state: StateDatabase, folder: string, signal?: AbortSignal): Promise<Journal> {
  try {
    return await inWorkshop(folder, async (workshop) => {
      const { lineage, ledger } = await copyState(state, join(workshop, PREVIOUS), signal);
      renameSync(join(workshop, PREVIOUS), join(folder, PREVIOUS));
      makeDurable(folder);
      const journal = Journal.begin(folder, workshop, { format: JOURNAL_FORMAT, lineage, writes: ledger.writes });
      try {
        makeDurable(folder);
        state.transaction(() => {
          if (readMeta(state, "ledger") !== ledgerText(ledger)) throw leaseLost(state.path, "another run has written the state since");
          writeMeta(state, "journal", JSON.stringify({ journal: journal.id, ...journal.first }));
        });
      } catch (error) {
        journal[Symbol.dispose]();
        throw error;
      }
      return journal;
    });
  } catch (error) {
    throw failure(error, join(folder, PREVIOUS));
  }
}

async function copyState(
  state: StateDatabase,
  path: string,
  signal: AbortSignal | undefined,
): Promise<{ readonly lineage: string; readonly ledger: ReturnType<typeof readLedger> }> {
  const name = join(dirname(state.path), PREVIOUS);
  requireRoom(state, dirname(path), name);
  makeFile(path);
  await state.copyTo(path, name, signal);
  const copy = new StateDatabase(path, "immutable", name);
  try {
    checkState(copy);
    const [problem] = (await verifyState(copy, signal)).problems;
    if (problem !== undefined) throw stateDamaged(state.path, `a copy of it is not whole (${problem})`);
    return { lineage: readHead(copy).lineage, ledger: readLedger(copy) };
  } finally {
    copy.close();
    makeDurable(path);
  }
}

/** A copy that will not fit is not begun: until it failed it would have taken all room that others on the disk had. */
function requireRoom(state: StateDatabase, folder: string, name: string): void {
  const { blocks, bavail, bsize } = statfsSync(folder);
  const free = bavail * bsize;
  // Some file systems tell nothing of themselves.
  if (blocks === 0 || state.bytes <= free) return;
  throw stateUnwritable(name, `it takes ${megabytes(state.bytes)} MB, and the disk has ${megabytes(free)} free`);
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
