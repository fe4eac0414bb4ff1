import { join } from "node:path";
import { TidemarkError } from "../../model/errors.ts";
import { changeMemoryState } from "../shared/change-memory-state.ts";
import { fileFailure } from "../shared/state-error.ts";
import { type Loaded, loadState } from "./load-state.ts";
import { claimNext, settle } from "./open-state.ts";
import { freePlace } from "./quarantine.ts";
import { makeWhole } from "./replace-image.ts";
import { imageBytes } from "./image.ts";
import { draftPath, listState, type Place, PREVIOUS } from "./state-files.ts";

/**
 * Replaces a damaged image by what the one before it and the journals since then come to, marked as recovered, and answers with the
 * folder that the damaged one was moved to. Null, and nothing is changed, where those are not whole either. Deletes nothing.
 *
 * What stands in the end is all that any run was told to be durable.
 */
export async function fallBack(place: Place): Promise<string | null> {
  const { previous, journals } = await listState(place);
  if (previous === null) return null;
  const path = join(place.folder, previous.slice(0, -PREVIOUS.length));
  try {
    if ((await loadWhole(place, previous, journals)) === null) return null;
    const writer = await claimNext(place);
    const loaded = await loadWhole(place, previous, journals);
    if (loaded === null) return null;
    const { state, writes, end } = loaded;
    await settle(place, end.number);
    await writer.begin({ lineage: state.head?.lineage ?? "", writes, after: end });
    changeMemoryState(state, { kind: "recover" });
    const bytes = imageBytes({ state, writes, journal: { number: writer.number, sum: writer.first.sum } });
    return await putInPlace(place, path, bytes, writer.number);
  } catch (error) {
    throw fileFailure(error, path);
  }
}

/** The damaged file keeps its name until the new one takes it: a run that dies in between finds it damaged, and falls back again. */
async function putInPlace(place: Place, path: string, bytes: Uint8Array, number: number): Promise<string> {
  const { files, folder } = place;
  const draft = draftPath(path, number);
  await makeWhole(place, draft, bytes);
  const quarantined = await freePlace(place);
  const name = path.slice(folder.length + 1);
  if ((await files.list(folder)).includes(name)) await files.link(path, join(quarantined, name));
  await files.syncDirectory(quarantined);
  await files.rename(draft, path);
  await files.syncDirectory(folder);
  return quarantined;
}

async function loadWhole(place: Place, previous: string, journals: readonly number[]): Promise<Loaded | null> {
  try {
    return await loadState(place, previous, journals);
  } catch (error) {
    if (error instanceof TidemarkError && (error.code === "state_damaged" || error.code === "state_newer")) return null;
    throw error;
  }
}
