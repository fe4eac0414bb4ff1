import type { Disk } from "./disk.ts";
import type { Sight } from "./line-sighters.ts";
import { isLines } from "./layout.ts";
import type { Found } from "./place.ts";
import { scanDocument } from "./scan-document.ts";
import { scanLines } from "./scan-lines.ts";
import type { SpaceMemory } from "./space-memory.ts";

export interface ScanOptions {
  /** Told of a document of flows alone. */
  readonly onFlows?: () => void;
  /** Looks at the lines of an `.ndjson` file. */
  readonly sight?: Sight;
}

/** Finds the assets of an export, the last one first. Throws, at the latest at its end, for one that cannot be understood whole. */
export async function* scanExport(
  disk: Disk,
  path: string,
  memory: SpaceMemory,
  { onFlows = () => undefined, sight }: ScanOptions = {},
): AsyncIterable<readonly Found[]> {
  await using file = await disk.open(path);
  yield* isLines(path) ? scanLines(path, file, sight) : scanDocument(path, file, memory, onFlows);
}
