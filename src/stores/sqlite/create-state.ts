import { closeSync, fsyncSync, linkSync, mkdtempSync, openSync, readdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import type { StateHead } from "../../model/checkpoint.ts";
import { emptyLedger, ledgerText } from "./ledger.ts";
import { APPLICATION_ID, FORMAT, TABLES } from "./schema.ts";
import { StateDatabase } from "./state-database.ts";
import { leaseLost, stateUnwritable } from "./state-error.ts";
import { writeMeta } from "./write-meta.ts";

/** What a state is begun with. */
export type NewHead = Omit<StateHead, "format" | "generation">;

/**
 * Makes a new state and opens it.
 *
 * The file is made whole in a folder of its own and then linked to its name, which fails where the name is taken: at every moment there
 * is either no state or a complete one, and none is ever replaced. A file that were made in place would, after a crash, be an empty
 * database, which nobody could tell from a state that was lost.
 */
export function createState(path: string, head: NewHead): StateDatabase {
  const folder = dirname(path);
  try {
    removeRemainders(folder);
    const workshop = mkdtempSync(join(folder, WORKSHOP));
    try {
      const draft = join(workshop, "state.db");
      closeSync(openSync(draft, "wx", 0o600));
      fill(new StateDatabase(draft, "write", path), head);
      makeDurable(draft);
      linkSync(draft, path);
    } finally {
      rmSync(workshop, { recursive: true, force: true });
    }
    makeDurable(folder);
    makeDurable(dirname(folder));
  } catch (error) {
    throw asFailure(error, path);
  }
  return new StateDatabase(path, "write");
}

const WORKSHOP = "begin-";

// Only a run that died while it made a state leaves one, and this run holds the lease.
function removeRemainders(folder: string): void {
  for (const name of readdirSync(folder)) if (name.startsWith(WORKSHOP)) rmSync(join(folder, name), { recursive: true, force: true });
}

function fill(state: StateDatabase, head: NewHead): void {
  try {
    state.transaction(() => {
      state.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${FORMAT}; ${TABLES.join("; ")}`);
      writeMeta(state, "head", JSON.stringify({ ...head, generation: 0, clean: false }));
      writeMeta(state, "ledger", ledgerText(emptyLedger()));
    });
    // Only the file itself is linked. Closing would settle the log too, but where the disk is full it would not say so.
    state.settle("all");
  } finally {
    state.close();
  }
}

function makeDurable(path: string): void {
  const handle = openSync(path, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function asFailure(error: unknown, path: string): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code === "EEXIST") return leaseLost(path, "another run has begun the state since");
  if (error instanceof Error && typeof (error as NodeJS.ErrnoException).syscall === "string") {
    return stateUnwritable(path, code === "ENOSPC" ? "the disk is full" : error.message, error);
  }
  return error;
}
