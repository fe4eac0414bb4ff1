import { basename, join } from "node:path";
import type { StateHead } from "../../model/checkpoint.ts";
import { TidemarkError } from "../../model/errors.ts";
import { inStateOrder, type StateRecord } from "../../model/state-record.ts";
import type { Replaced } from "../../ports/checkpoint-store.ts";
import { MemoryState } from "../shared/memory-state.ts";
import { restoreRecord } from "../shared/restore-record.ts";
import { fileFailure } from "../shared/state-error.ts";
import { type Loaded, loadState } from "./load-state.ts";
import { claimNext, settle } from "./open-state.ts";
import { freePlace } from "./quarantine.ts";
import { putBoth, removeJournalsBefore } from "./replace-image.ts";
import { FORMAT, imageBytes } from "./image.ts";
import { journalPaths, listState, type Place, imageName, type StateFiles } from "./state-files.ts";

/**
 * Makes a whole state of records and puts it in the place of the one that is there, whose files get a second name in the quarantine. The
 * image's renaming is the one step: before it the old state stands, after it the new one.
 */
export async function replaceState(place: Place, records: AsyncIterable<readonly StateRecord[]>): Promise<Replaced> {
  const state = new MemoryState();
  for await (const page of inStateOrder(records)) for (const record of page) restoreRecord(state, record, FORMAT);
  const head = state.head as StateHead;
  const name = imageName(head.source_system);
  try {
    const writer = await claimNext(place);
    const names = await listState(place);
    for (const draft of names.drafts) await place.files.remove(join(place.folder, draft));
    const old = await loadOld(place, names);
    if (old !== null) await settle(place, old.end.number);
    const set_aside = await quarantine(place, names);
    const writes = (old?.writes ?? 0) + 1;
    await writer.begin({ lineage: head.lineage, writes, after: old?.end ?? null, replaces: true });
    const bytes = imageBytes({ state, writes, journal: { number: writer.number, sum: writer.first.sum } });
    await putBoth(place, { name, bytes, number: writer.number, requireLease: () => writer.requireLease() }, "image first");
    for (const other of [names.image, names.previous])
      if (other !== null && !other.startsWith(name)) await place.files.remove(join(place.folder, other));
    await removeJournalsBefore(place, writer.number);
    return { head, set_aside };
  } catch (error) {
    throw fileFailure(error, join(place.folder, name));
  }
}

/** The state that is there, or what it would fall back to; null where neither is whole. */
async function loadOld(place: Place, { image, previous, journals }: StateFiles): Promise<Loaded | null> {
  for (const name of [image, previous]) {
    try {
      const loaded = name === null ? null : await loadState(place, name, journals);
      if (loaded !== null) return loaded;
    } catch (error) {
      if (!(error instanceof TidemarkError)) throw error;
    }
  }
  return null;
}

/** Gives all files of a state a second name in the first free `quarantine/<n>`; null where there is no state. */
async function quarantine(place: Place, { image, previous, journals }: StateFiles): Promise<string | null> {
  if (image === null && previous === null) return null;
  const { files, folder } = place;
  const present = await files.list(folder);
  const copies = journals.flatMap((number) => journalPaths(place, number)).map((path) => basename(path));
  const quarantined = await freePlace(place);
  for (const name of [image, previous, ...copies])
    if (name !== null && present.includes(name)) await files.link(join(folder, name), join(quarantined, name));
  await files.syncDirectory(quarantined);
  return quarantined;
}
