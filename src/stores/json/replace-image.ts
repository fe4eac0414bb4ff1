import { join } from "node:path";
import { stateUnwritable } from "../shared/state-error.ts";
import { draftPath, journalPaths, listState, type Place, PREVIOUS } from "./state-files.ts";

/**
 * Puts an image in the place of the one that is there, which becomes the one before it.
 *
 * The new one is written whole, made durable, read back and compared before it takes its name; the old one has a second name by then,
 * and becomes the one before only when the new one is durable. So at every moment there is an image and, in another file, one before
 * it. `requireLease` is asked before a name is taken; whoever takes the lease removes all drafts before reading anything, so that a
 * holder who is overtaken between the question and the renaming finds nothing to rename.
 */
export async function replaceImage({ files, folder }: Place, { name, bytes, number, requireLease }: NewImage): Promise<void> {
  const path = join(folder, name);
  const draft = draftPath(path, number);
  const previous = draftPath(`${path}${PREVIOUS}`, number);
  try {
    await makeWhole({ files, folder }, draft, bytes);
    await files.link(path, previous);
    await requireLease();
    await files.rename(draft, path);
    await files.syncDirectory(folder);
    await files.rename(previous, `${path}${PREVIOUS}`);
    await files.syncDirectory(folder);
  } catch (error) {
    for (const left of [draft, previous]) await files.remove(left).catch(() => undefined);
    throw error;
  }
}

/** An image that takes its name. */
interface NewImage {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Number of the journal that goes on from it. */
  readonly number: number;
  /** Throws where another holds the lease by now. */
  readonly requireLease: () => Promise<void>;
}

/**
 * Puts an image both in its place and in that of the one before, in two files. A state that begins has nothing before it: its image
 * comes last, for it is what makes a state. One that takes another's place comes first.
 */
export async function putBoth(
  { files, folder }: Place,
  { name, bytes, number, requireLease }: NewImage,
  order: "previous first" | "image first",
): Promise<void> {
  const paths = [join(folder, `${name}${PREVIOUS}`), join(folder, name)];
  for (const path of order === "previous first" ? paths : paths.toReversed()) {
    const draft = draftPath(path, number);
    await makeWhole({ files, folder }, draft, bytes);
    await requireLease();
    await files.rename(draft, path);
    await files.syncDirectory(folder);
  }
}

/** Writes a new file, and proves that it holds these bytes. */
export async function makeWhole({ files }: Place, path: string, bytes: Uint8Array): Promise<void> {
  await files.create(path, bytes);
  const written = await files.read(path);
  if (written === null || !Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).equals(written))
    throw stateUnwritable(path, "what was written to it does not come back as it was written");
}

/** The image before the present one goes on in the journals from that number on; those before it are of no use to anybody. */
export async function removeJournalsBefore(place: Place, number: number): Promise<void> {
  for (const old of (await listState(place)).journals)
    if (old < number) for (const path of journalPaths(place, old)) await place.files.remove(path);
}
