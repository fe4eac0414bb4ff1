import { join } from "node:path";
import { stateUnwritable } from "../shared/state-error.ts";
import { journalPaths, listState, type Place } from "./state-files.ts";

/** Moves all files of a state into the first free `quarantine/<n>`, and answers with it; null where there are none. */
export async function setAside(place: Place): Promise<string | null> {
  const { files, folder } = place;
  const { image, previous, journals, drafts } = await listState(place);
  const present = await files.list(folder);
  const copies = journals.flatMap((number) => journalPaths(place, number)).map((path) => path.slice(folder.length + 1));
  const names = [image, previous, ...copies, ...drafts].filter((name) => name !== null && present.includes(name)) as string[];
  if (names.length === 0) return null;
  try {
    const quarantined = await freePlace(place);
    for (const name of names) await files.rename(join(folder, name), join(quarantined, name));
    await files.syncDirectory(quarantined);
    await files.syncDirectory(folder);
    return quarantined;
  } catch (error) {
    throw stateUnwritable(folder, `it cannot be moved (${(error as Error).message})`, error);
  }
}

/** Makes the first free folder of the quarantine. */
export async function freePlace({ files, folder }: Place): Promise<string> {
  const quarantine = join(folder, "quarantine");
  const taken = (await files.list(quarantine)).map(Number).filter(Number.isInteger);
  const path = join(quarantine, String(Math.max(0, ...taken) + 1));
  await files.makeDirectory(path);
  return path;
}
