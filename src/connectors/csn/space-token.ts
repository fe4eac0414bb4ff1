import { hash } from "node:crypto";
import type { Disk } from "./disk.ts";
import { isLines, type SpaceFolder } from "./layout.ts";
import type { LineSighters } from "./line-sighters.ts";

/** The bytes of an export, as they were read. */
export interface ExportRead {
  readonly path: string;
  /** In bytes. */
  readonly size: number;
  /** Of an `.ndjson` file those of its parts from the end, of another that of the whole. */
  readonly digests: readonly string[];
}

/** A token of a space: of the names and sizes of its exports, and of all their bytes. */
export function spaceToken(exports: readonly ExportRead[]): string {
  return `${outwardToken(exports)}:${hash("sha256", JSON.stringify(exports.map(({ digests }) => digests)))}`;
}

/** What can be told of a space's token without opening an export. */
function outwardToken(exports: readonly Omit<ExportRead, "digests">[]): string {
  return `${RULES}:${hash("sha256", JSON.stringify(exports.map(({ path, size }) => [path, size])))}`;
}

/** Moves with the rules by which a listing is made of bytes: which lines are assets, which names are refused, which of several counts. */
const RULES = "csn-1";

/** Whether these are the spaces, no other, whose exports had these tokens. Sizes are looked at first: they mostly tell what moved. */
export async function haveTokens(
  disk: Disk,
  folders: readonly SpaceFolder[],
  tokens: ReadonlyMap<string, string>,
  sighters: LineSighters,
  signal: AbortSignal,
): Promise<boolean> {
  if (folders.length !== tokens.size || folders.some(({ ignored, problems }) => ignored.length > 0 || problems.length > 0)) return false;
  try {
    for (const { space, files } of folders) if (!(await looksLike(disk, files, tokens.get(space)))) return false;
    for (const { space, files } of folders) {
      const exports: ExportRead[] = [];
      for (const path of files) {
        signal.throwIfAborted();
        exports.push(await readExport(disk, path, sighters));
      }
      if (tokens.get(space) !== spaceToken(exports)) return false;
    }
    return true;
  } catch {
    // What cannot be read is told by a listing.
    signal.throwIfAborted();
    return false;
  }
}

async function looksLike(disk: Disk, files: readonly string[], token: string | undefined): Promise<boolean> {
  const sized = await Promise.all(files.map(async (path) => ({ path, size: await disk.size(path) })));
  return token?.startsWith(`${outwardToken(sized)}:`) === true;
}

async function readExport(disk: Disk, path: string, sighters: LineSighters): Promise<ExportRead> {
  await using file = await disk.open(path);
  const { size } = file;
  return {
    path,
    size,
    digests: isLines(path) ? await Array.fromAsync(sighters.digests(file)) : [hash("sha256", await file.read(0, size))],
  };
}
