import type { Disk } from "./disk.ts";
import { isLines } from "./layout.ts";
import type { Sight } from "./line-sighters.ts";
import { type Found, type FoundInOrder, oneByOne } from "./place.ts";
import { scanDocument } from "./scan-document.ts";
import { scanLines } from "./scan-lines.ts";
import type { SpaceMemory } from "./space-memory.ts";
import type { ExportRead } from "./space-token.ts";

export interface ScanOptions {
  /** Told of a document of flows alone. */
  readonly onFlows?: () => void;
  /** Looks at the lines of an `.ndjson` file. */
  readonly sight?: Sight;
  /** Told at the end of an export that was understood whole. */
  readonly onRead?: (read: ExportRead) => void;
}

/** Finds the assets of an export, the last one first. Throws, at the latest at its end, for one that cannot be understood whole. */
export async function* scanExport(
  disk: Disk,
  path: string,
  memory: SpaceMemory,
  options: ScanOptions = {},
): AsyncIterable<readonly Found[]> {
  for await (const found of scanStretches(disk, path, memory, options)) yield "lines" in found ? oneByOne(found) : found;
}

/** The same, and those of a stretch in which they stand in order together. */
export async function* scanStretches(
  disk: Disk,
  path: string,
  memory: SpaceMemory,
  { onFlows, sight, onRead }: ScanOptions,
): AsyncIterable<readonly Found[] | FoundInOrder> {
  await using file = await disk.open(path);
  const digests: string[] = [];
  const onDigest = onRead === undefined ? undefined : (digest: string): void => void digests.push(digest);
  yield* isLines(path) ? scanLines(path, file, { sight, onDigest }) : scanDocument(path, file, memory, { onFlows, onDigest });
  onRead?.({ path, size: file.size, digests });
}
