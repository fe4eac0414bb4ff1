import { copyFileSync, existsSync, linkSync, renameSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { TidemarkError } from "../../model/errors.ts";
import { Bases } from "./bases.ts";
import { carryOutChange } from "./carry-out-change.ts";
import { checkState, readLedger } from "./check-state.ts";
import { Journal } from "./journal.ts";
import type { JournalEnd } from "../shared/journal-line.ts";
import { replay } from "./join-journal.ts";
import { migrate } from "./migrate.ts";
import { PREVIOUS } from "./renew-fallback.ts";
import { freePlace } from "./set-aside.ts";
import { readHead } from "./apply-change.ts";
import { StateDatabase } from "./state-database.ts";
import { stateDamaged } from "../shared/state-error.ts";
import { failure } from "./sqlite-error.ts";
import { verifyState } from "./verify-state.ts";
import { inWorkshop, makeDurable } from "./workshop.ts";

/**
 * Replaces a damaged state by what its last copy and the journal since then come to, marked as recovered, and answers with the folder
 * that its files were moved to. Null, and nothing is changed, where those are not whole either. Deletes nothing.
 *
 * What stands in the end is all that any run was told to be durable: a write stands in the journal before it stands in the state.
 */
export async function fallBack(path: string): Promise<string | null> {
  if (!existsSync(join(dirname(path), PREVIOUS))) return null;
  try {
    return await inWorkshop(dirname(path), (workshop) => fallBackFrom(workshop, path));
  } catch (error) {
    throw failure(error, path);
  }
}

/** The same, made in a workshop that is there. */
export async function fallBackFrom(workshop: string, path: string): Promise<string | null> {
  const [folder, draft] = [dirname(path), join(workshop, `fallen-back-${basename(path)}`)];
  if (!existsSync(join(folder, PREVIOUS))) return null;
  using journal = Journal.open(folder, "write");
  if (journal === null || !(await isWhole(() => rebuildFrom(folder, journal, draft)))) return null;
  makeDurable(draft);
  return await putInPlace(draft, path);
}

/** The last copy, with all that the journal tells since, as a new state. */
async function rebuildFrom(folder: string, journal: Journal, draft: string): Promise<void> {
  copyFileSync(join(folder, PREVIOUS), draft);
  const state = new StateDatabase(draft, "write", join(folder, PREVIOUS));
  try {
    // It counts once it is in place: until then nothing of it need be durable.
    state.exec("PRAGMA synchronous = OFF");
    checkState(state);
    const [problem] = (await verifyState(state)).problems;
    if (problem !== undefined) throw stateDamaged(state.path, problem);
    migrate(state);
    const copied = readLedger(state).writes;
    const { lineage, writes } = journal.start;
    if (lineage !== readHead(state).lineage || writes > copied) throw stateDamaged(state.path, "it does not belong to its journal");
    let end: JournalEnd = journal.first;
    const found = journal.read(journal.first, (told, at) => {
      // A run may die when it has made a new copy and before it began a new journal.
      if (told.writes > copied) state.transaction(() => replay(state, journal, { told, end: at }));
      end = at;
      return true;
    });
    if (found === "damaged") throw stateDamaged(state.path, "its journal is damaged");
    journal.goOnFrom(end);
    markRecovered(state, journal);
    state.settle("all");
  } finally {
    state.close();
  }
}

// Like any write: in the journal first, so that falling back once more comes to the same.
function markRecovered(state: StateDatabase, journal: Journal): void {
  const stand = { state, bases: new Bases(), ledger: readLedger(state), journal, compress: true };
  try {
    journal.keep(state.transaction(() => carryOutChange(stand, { kind: "recover" }, (line) => journal.append(line))).end);
  } catch (error) {
    journal.takeBack();
    throw error;
  }
}

/**
 * The damaged file keeps its name until the new one takes it: a run that dies in between finds it damaged, or without its log older than
 * its journal, and falls back again. The log goes first, for SQLite would take it for the new file's.
 */
async function putInPlace(draft: string, path: string): Promise<string> {
  const place = await freePlace(join(dirname(path), "quarantine"));
  const quarantined = join(place, basename(path));
  if (existsSync(path)) linkSync(path, quarantined);
  for (const beside of ["-wal", "-shm"]) if (existsSync(`${path}${beside}`)) renameSync(`${path}${beside}`, `${quarantined}${beside}`);
  makeDurable(place);
  renameSync(draft, path);
  makeDurable(dirname(path));
  return place;
}

/** False where what the work does comes upon damage. */
export async function isWhole(work: () => Promise<void>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    if (error instanceof TidemarkError && (error.code === "state_damaged" || error.code === "state_newer")) return false;
    throw error;
  }
}
