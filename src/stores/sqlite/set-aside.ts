import { mkdir, readdir, rename } from "node:fs/promises";
import { join } from "node:path";
import { JOURNAL } from "./journal.ts";
import { PREVIOUS } from "./renew-fallback.ts";
import { stateUnwritable } from "../shared/state-error.ts";

/** Moves `state.db`, SQLite's files beside it, its copy and its journal into the first free `quarantine/<n>`. */
export async function setAside(folder: string): Promise<string | null> {
  const names = (await readdir(folder)).filter((name) => name.startsWith("state.db") || name === PREVIOUS || name === JOURNAL);
  if (names.length === 0) return null;
  try {
    const place = await freePlace(join(folder, "quarantine"));
    for (const name of names) await rename(join(folder, name), join(place, name));
    return place;
  } catch (error) {
    throw stateUnwritable(join(folder, "state.db"), `it cannot be moved (${(error as Error).message})`, error);
  }
}

/** Makes the first free folder of the quarantine. */
export async function freePlace(quarantine: string): Promise<string> {
  await mkdir(quarantine, { recursive: true, mode: 0o700 });
  const taken = (await readdir(quarantine)).map(Number).filter(Number.isInteger);
  const place = join(quarantine, String(Math.max(0, ...taken) + 1));
  await mkdir(place, { mode: 0o700 });
  return place;
}
