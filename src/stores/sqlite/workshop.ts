import { closeSync, fsyncSync, mkdtempSync, openSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";

const WORKSHOP = "begin-";

/**
 * Lets `work` make files in a folder of its own beside the state, on the same disk, so that each can be made whole before it takes its
 * name. What is left of it goes, also what a run left that died here: this one holds the lease.
 */
export async function inWorkshop<T>(folder: string, work: (workshop: string) => T | Promise<T>): Promise<T> {
  for (const name of readdirSync(folder)) if (name.startsWith(WORKSHOP)) rmSync(join(folder, name), { recursive: true, force: true });
  const workshop = mkdtempSync(join(folder, WORKSHOP));
  try {
    return await work(workshop);
  } finally {
    rmSync(workshop, { recursive: true, force: true });
  }
}

/** Makes a new file, its owner's alone, for SQLite to fill. */
export function makeFile(path: string): void {
  closeSync(openSync(path, "wx", 0o600));
}

/** Makes a file's content, or a folder's names, durable. */
export function makeDurable(path: string): void {
  const handle = openSync(path, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
