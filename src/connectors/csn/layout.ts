import { basename } from "node:path";
import { TidemarkError } from "../../model/errors.ts";
import { compareCodePoints } from "../../model/order.ts";
import type { Disk, DiskEntry } from "./disk.ts";

/** What the root holds of one space. Paths are relative to it. */
export interface SpaceFolder {
  readonly space: string;
  /** Exports in name order; of equal names the one in the root comes first. */
  readonly files: readonly string[];
  /** Folders inside the space's folder, which are not looked into. */
  readonly ignored: readonly string[];
  /** Why not all of the space can be listed: clauses. */
  readonly problems: readonly string[];
}

/**
 * Finds the spaces, in code-point order: each folder is one, and the exports in the root are of the configured space.
 *
 * Throws `source_unavailable` where the root cannot be read, `config_invalid` for exports in the root without a configured space.
 */
export async function findSpaces(disk: Disk, configured: string | undefined): Promise<readonly SpaceFolder[]> {
  const entries = await rootEntries(disk);
  const folders = await Promise.all(entries.filter(isFolderLike).map((entry) => lookInto(disk, entry)));
  const exports = entries.filter(isExport);
  if (configured === undefined) {
    if (exports.length > 0) throw homeless(exports);
    return folders.toSorted(bySpace);
  }
  const inRoot = { space: configured, ignored: [], ...sorted("", exports) };
  const others = folders.filter(({ space }) => space !== configured);
  const own = folders.find(({ space }) => space === configured);
  return [...others, own === undefined ? inRoot : joined(inRoot, own)].toSorted(bySpace);
}

/** True for a name that a space can have; of one that was a database in Glue, other characters are percent-encoded. */
export function isSpaceName(name: string): boolean {
  return /^(?:[A-Za-z0-9_]|%[0-9A-F]{2})+$/.test(name);
}

/** True for a file whose lines are definitions; the other exports are one document each. */
export function isLines(file: string): boolean {
  return /\.ndjson$/i.test(file);
}

function isExport({ name, kind }: DiskEntry): boolean {
  return kind !== "folder" && /\.(nd)?json$/i.test(name);
}

async function rootEntries(disk: Disk): Promise<readonly DiskEntry[]> {
  try {
    return await disk.entries("");
  } catch (error) {
    throw new TidemarkError("source_unavailable", `The folder of exports cannot be read: ${(error as Error).message}.`, {
      remedy: "Check the source's `path` and that this user may read it.",
      cause: error,
    });
  }
}

/** A folder, or a link in the place of one: a link that is not followed must not pass for a space that is gone. */
function isFolderLike(entry: DiskEntry): boolean {
  return entry.kind === "folder" || (entry.kind === "other" && isSpaceName(entry.name));
}

async function lookInto(disk: Disk, { name, kind }: DiskEntry): Promise<SpaceFolder> {
  const empty = { space: name, files: [], ignored: [] };
  if (kind !== "folder") return { ...empty, problems: [`${name} is no folder, and no link is followed`] };
  if (!isSpaceName(name))
    return {
      ...empty,
      problems: [`the folder's name ${JSON.stringify(name)} is not that of a space, which has only letters, digits and "_"`],
    };
  try {
    const entries = await disk.entries(name);
    const ignored = entries.filter((entry) => entry.kind === "folder").map((entry) => `${name}/${entry.name}`);
    return { ...empty, ignored: ignored.toSorted(compareCodePoints), ...sorted(`${name}/`, entries.filter(isExport)) };
  } catch (error) {
    return { ...empty, problems: [`its folder cannot be read: ${(error as Error).message}`] };
  }
}

function homeless(exports: readonly DiskEntry[]): TidemarkError {
  const named = exports.slice(0, 3).map(({ name }) => name);
  const more = exports.length > named.length ? ` and ${exports.length - named.length} more` : "";
  return new TidemarkError("config_invalid", `Exports in the root of the source's folder belong to no space: ${named.join(", ")}${more}.`, {
    remedy: "Move them into a folder that bears their space's name, or give that name as the source's `space`.",
  });
}

function bySpace(a: SpaceFolder, b: SpaceFolder): number {
  return compareCodePoints(a.space, b.space);
}

function sorted(prefix: string, exports: readonly DiskEntry[]): Pick<SpaceFolder, "files" | "problems"> {
  const inOrder = exports.toSorted((a, b) => compareCodePoints(a.name, b.name));
  return {
    files: inOrder.filter(({ kind }) => kind === "file").map(({ name }) => prefix + name),
    problems: inOrder
      .filter(({ kind }) => kind !== "file")
      .map(({ name }) => `${prefix}${name} is no file, and no link out of the source's folder is followed`),
  };
}

function joined(inRoot: SpaceFolder, folder: SpaceFolder): SpaceFolder {
  const files = [...inRoot.files, ...folder.files];
  return {
    ...folder,
    files: files.toSorted((a, b) => compareCodePoints(basename(a), basename(b))),
    problems: [...inRoot.problems, ...folder.problems],
  };
}
