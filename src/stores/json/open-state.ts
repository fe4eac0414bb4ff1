import { join } from "node:path";
import { TidemarkError } from "../../model/errors.ts";
import { fileFailure, stateGone } from "../shared/state-error.ts";
import { JournalWriter } from "./journal-writer.ts";
import { type Loaded, loadState } from "./load-state.ts";
import { readJournal } from "./read-journal.ts";
import { parseImage } from "./image.ts";
import { journalPaths, listState, type Place, PREVIOUS, imageName, type StateFiles } from "./state-files.ts";

/** A state that a lease holds. */
export interface Held {
  readonly image: string;
  readonly loaded: Loaded;
  readonly writer: JournalWriter;
}

/** Reads the state that is there, whoever writes it meanwhile; null where there is none. */
export async function readState(place: Place): Promise<Loaded | null> {
  for (let tries = 1; ; tries++) {
    const names = await listState(place);
    const { image } = names;
    if (image === null) {
      await requireNone(place, names);
      return null;
    }
    const before = await place.files.read(join(place.folder, image));
    try {
      const loaded = await loadState(place, image, names.journals);
      if (loaded !== null) return loaded;
    } catch (error) {
      if (!(error instanceof TidemarkError)) throw fileFailure(error, join(place.folder, image));
      // A writer may have replaced the image, and removed the journals before it, while they were read.
      const now = await place.files.read(join(place.folder, image));
      if (tries === TRIES || (before !== null && now !== null && Buffer.from(before).equals(now))) throw error;
    }
    if (tries === TRIES) throw stateGone(join(place.folder, image));
  }
}

/**
 * Takes a state over for writing; null where there is none.
 *
 * The number comes first: from then on the holder before, if there still is one, is told that its lease is lost. Then its drafts go, and
 * only then is read what it wrote. What is read is made durable before a journal goes on from it: a process that died may have left it
 * in the memory of the machine alone.
 */
export async function takeOver(place: Place): Promise<Held | null> {
  const before = await listState(place);
  if (before.image === null) {
    await requireNone(place, before);
    return null;
  }
  const writer = await claimNext(place);
  try {
    const { image, drafts, journals } = await listState(place);
    for (const draft of drafts) await place.files.remove(join(place.folder, draft));
    const loaded = image === null ? null : await loadState(place, image, journals);
    if (image === null || loaded === null) throw stateGone(join(place.folder, before.image));
    await settle(place, loaded.end.number);
    await writer.begin({ lineage: loaded.state.head?.lineage ?? "", writes: loaded.writes, after: loaded.end });
    return { image, loaded, writer };
  } catch (error) {
    throw fileFailure(error, join(place.folder, before.image));
  }
}

/** Takes the number behind the highest. */
export async function claimNext(place: Place): Promise<JournalWriter> {
  for (let tries = 1; ; tries++) {
    const number = ((await listState(place)).journals.at(-1) ?? 0) + 1;
    try {
      const writer = await JournalWriter.claim(place, number);
      await writer.requireLease();
      return writer;
    } catch (error) {
      if (tries === TRIES || !(error instanceof TidemarkError && error.code === "lease_lost")) throw error;
    }
  }
}

/** Makes durable what stands in a journal that another process wrote, and its names. */
export async function settle({ files, folder }: Place, number: number): Promise<void> {
  const names = await files.list(folder);
  for (const path of journalPaths({ files, folder }, number)) if (names.some((name) => path === join(folder, name))) await files.sync(path);
  await files.syncDirectory(folder);
}

/**
 * Where there is no image there must be nothing else that a run was told to be durable. A run that dies while it begins a state leaves
 * journals without a write, and an image before the one that never was, of no write either.
 */
async function requireNone(place: Place, { previous, journals }: StateFiles): Promise<void> {
  const path = join(place.folder, (previous ?? `${imageName("datasphere")}${PREVIOUS}`).slice(0, -PREVIOUS.length));
  try {
    const bytes = previous === null ? null : await place.files.read(join(place.folder, previous));
    const isBegun = bytes !== null && parseImage(bytes, path).writes > 0;
    const told = await Promise.all(journals.map((number) => readJournal(place, number)));
    if (isBegun || told.some((journal) => journal !== null && journal.lines.length > 0)) throw stateGone(path);
  } catch (error) {
    if (error instanceof TidemarkError) throw stateGone(path);
    throw fileFailure(error, path);
  }
}

const TRIES = 5;
