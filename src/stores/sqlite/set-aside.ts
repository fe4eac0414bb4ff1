import { mkdir, readdir, rename } from "node:fs/promises";
import { join } from "node:path";
import { stateUnwritable } from "./state-error.ts";

/** Moves `state.db` and SQLite's files beside it into the first free `quarantine/<n>`. */
export async function setAside(folder: string): Promise<string | null> {
  const names = (await readdir(folder)).filter((name) => name === "state.db" || name.startsWith("state.db-"));
  if (names.length === 0) return null;
  try {
    const place = await freePlace(join(folder, "quarantine"));
    for (const name of names) await rename(join(folder, name), join(place, name));
    return place;
  } catch (error) {
    throw stateUnwritable(join(folder, "state.db"), `it cannot be moved (${(error as Error).message})`, error);
  }
}

async function freePlace(quarantine: string): Promise<string> {
  await mkdir(quarantine, { recursive: true, mode: 0o700 });
  const taken = (await readdir(quarantine)).map(Number).filter(Number.isInteger);
  const place = join(quarantine, String(Math.max(0, ...taken) + 1));
  await mkdir(place, { mode: 0o700 });
  return place;
}
