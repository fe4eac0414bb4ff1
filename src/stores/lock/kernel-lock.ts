import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { TidemarkError } from "../../model/errors.ts";
import type { Lock } from "../../ports/lock.ts";
import { forgetHolder, noteHolder, notedHolder } from "./holder-note.ts";

/**
 * The kernel's lock on `<folder>/lock.db`: taken with `BEGIN EXCLUSIVE`, freed by the kernel with the process, however that ends. No
 * clock and no age decides whether it is stale. Who holds it stands in `lock.json` beside it, for people. The folder must exist.
 *
 * On network file systems locks of the kernel may not hold; a state belongs on a local disk.
 */
export function kernelLock(folder: string): Lock {
  const path = join(folder, "lock.db");
  return {
    acquire: async (holder) => {
      const lock = take(path);
      if (lock === null) return { ok: false, holder: await notedHolder(folder) };
      try {
        await noteHolder(folder, holder);
      } catch (error) {
        lock.close();
        throw cannotLock(path, error);
      }
      return {
        ok: true,
        release: async () => {
          if (!lock.isOpen) return;
          // A note that stays tells of nobody who holds the lock: the next holder replaces it. It is no reason to fail what has been done.
          await forgetHolder(folder).catch(() => undefined);
          lock.close();
        },
      };
    },
  };
}

/** The connection that holds the lock, or null where another holds it. */
function take(path: string): DatabaseSync | null {
  let lock: DatabaseSync | undefined;
  try {
    makeOnce(path);
    lock = new DatabaseSync(path, { timeout: 0 });
    // Nothing is ever written to it, so it needs no journal beside it.
    lock.exec("PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
    return lock;
  } catch (error) {
    lock?.close();
    if ((error as { errcode?: number }).errcode === SQLITE_BUSY) return null;
    throw cannotLock(path, error);
  }
}

const SQLITE_BUSY = 5;

// Exclusively created, never opened again: closing any handle of a file frees all locks that this process holds on it.
function makeOnce(path: string): void {
  try {
    closeSync(openSync(path, "wx", 0o600));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}

function cannotLock(path: string, error: unknown): TidemarkError {
  return new TidemarkError(
    "state_unwritable",
    `The lock ${path} cannot be taken (${(error as Error).message}), so the state beside it cannot be written.`,
    {
      remedy: "Make room on the disk or mend the folder's permissions, then run again.",
      cause: error,
    },
  );
}
