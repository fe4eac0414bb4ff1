import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Holder } from "../../ports/checkpoint-store.ts";

/** Writes down who holds a folder's lock. */
export async function noteHolder(folder: string, holder: Holder): Promise<void> {
  const { note, draft } = pathsIn(folder);
  await writeFile(draft, `${JSON.stringify(holder)}\n`, { mode: 0o600 });
  await rename(draft, note);
}

export async function forgetHolder(folder: string): Promise<void> {
  await rm(pathsIn(folder).note, { force: true });
}

/**
 * Who holds a folder's lock, null where that cannot be told. The lock is taken a moment before it is written down, so a note that is
 * missing, or tells of a dead process, is looked at again a few times.
 */
export async function notedHolder(folder: string): Promise<Holder | null> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (attempt > 0) await pause(PAUSE_MS);
    const holder = await readNote(folder);
    if (holder !== null && mayLive(holder)) return holder;
  }
  return null;
}

const ATTEMPTS = 5;
const PAUSE_MS = 20;

function pathsIn(folder: string): { readonly note: string; readonly draft: string } {
  return { note: join(folder, "lock.json"), draft: join(folder, "lock.json.new") };
}

async function readNote(folder: string): Promise<Holder | null> {
  try {
    const { pid, host, since } = JSON.parse(await readFile(pathsIn(folder).note, "utf8")) as Partial<Holder>;
    return typeof pid === "number" && typeof host === "string" && typeof since === "string" ? { pid, host, since } : null;
  } catch {
    return null;
  }
}

function mayLive({ pid, host }: Holder): boolean {
  if (host !== hostname()) return true;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // A process of another user is one too.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
