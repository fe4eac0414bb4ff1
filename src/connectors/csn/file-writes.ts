import { dirname } from "node:path";
import type { FileSystem } from "../../ports/file-system.ts";

/** What became of a change to the disk. */
export type FileOutcome =
  | { readonly state: "done" }
  /** Certainly no effect. */
  | { readonly state: "refused"; readonly why: string }
  /** It is to be seen, and might not outlast a loss of power. */
  | { readonly state: "unknown"; readonly why: string };

/** Puts a file in the place of another, or of none: whole, or not at all. Only one may do so for a path at a time. */
export async function replaceFile(files: FileSystem, path: string, bytes: Uint8Array): Promise<FileOutcome> {
  const folder = dirname(path);
  // Not the ending of an export, so that half a file is never read as one.
  const temporary = `${path}.tmp`;
  try {
    await files.makeDirectory(folder);
    await files.remove(temporary);
    await files.create(temporary, bytes);
    await files.rename(temporary, path);
  } catch (error) {
    await files.remove(temporary).catch(() => undefined);
    return { state: "refused", why: (error as Error).message };
  }
  return durable(files, folder);
}

/** Takes a file away; one that is not there is gone already. */
export async function removeFile(files: FileSystem, path: string): Promise<FileOutcome> {
  try {
    await files.remove(path);
  } catch (error) {
    return { state: "refused", why: (error as Error).message };
  }
  return durable(files, dirname(path));
}

async function durable(files: FileSystem, folder: string): Promise<FileOutcome> {
  try {
    await files.syncDirectory(folder);
    await files.syncDirectory(dirname(folder));
    return { state: "done" };
  } catch (error) {
    return { state: "unknown", why: (error as Error).message };
  }
}
