import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import { dirname } from "node:path";

/** The folder itself, or the nearest above it that is there: what would have to be written to make it. */
export interface FolderFound {
  readonly existing: string;
  /** Why nothing can be written there: a clause. Null if it can. */
  readonly obstacle: string | null;
}

/** Whether files can be written into a folder that is there, or that is to be made. Makes nothing. */
export async function lookForFolder(folder: string): Promise<FolderFound> {
  const existing = await nearestExisting(folder);
  try {
    if (!(await stat(existing)).isDirectory()) return { existing, obstacle: `${existing} is no folder` };
    await access(existing, constants.R_OK | constants.W_OK | constants.X_OK);
    return { existing, obstacle: null };
  } catch (error) {
    return { existing, obstacle: `${existing} cannot be written (${(error as Error).message})` };
  }
}

async function nearestExisting(path: string): Promise<string> {
  const isThere = await stat(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => error.code !== "ENOENT" && error.code !== "ENOTDIR",
  );
  return isThere || dirname(path) === path ? path : await nearestExisting(dirname(path));
}
