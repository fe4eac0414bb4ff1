import { linkSync } from "node:fs";
import { dirname, join } from "node:path";
import type { NewHead } from "../shared/state-change.ts";
import { emptyLedger, ledgerText } from "./ledger.ts";
import { APPLICATION_ID, FORMAT, TABLES } from "./schema.ts";
import { StateDatabase } from "./state-database.ts";
import { leaseLost } from "../shared/state-error.ts";
import { failure } from "./sqlite-error.ts";
import { inWorkshop, makeDurable, makeFile } from "./workshop.ts";
import { writeMeta } from "./write-meta.ts";

/**
 * Makes a new state and opens it.
 *
 * The file is made whole in a folder of its own and then linked to its name, which fails where the name is taken: at every moment there
 * is either no state or a complete one, and none is ever replaced. A file that were made in place would, after a crash, be an empty
 * database, which nobody could tell from a state that was lost.
 */
export async function createState(path: string, head: NewHead): Promise<StateDatabase> {
  const folder = dirname(path);
  try {
    await inWorkshop(folder, (workshop) => {
      const draft = join(workshop, "state.db");
      makeFile(draft);
      fill(new StateDatabase(draft, "write", path), head);
      makeDurable(draft);
      linkSync(draft, path);
    });
    makeDurable(folder);
    makeDurable(dirname(folder));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") throw leaseLost(path, "another run has begun the state since");
    throw failure(error, path);
  }
  return new StateDatabase(path, "write");
}

/** Makes the tables of a state in an empty database. */
export function makeTables(state: StateDatabase): void {
  state.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${FORMAT}; ${TABLES.join("; ")}`);
}

function fill(state: StateDatabase, head: NewHead): void {
  try {
    state.transaction(() => {
      makeTables(state);
      writeMeta(state, "head", JSON.stringify({ ...head, generation: 0, clean: false }));
      writeMeta(state, "ledger", ledgerText(emptyLedger()));
    });
    // Only the file itself is linked. Closing would settle the log too, but where the disk is full it would not say so.
    state.settle("all");
  } finally {
    state.close();
  }
}
