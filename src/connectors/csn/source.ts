import type { Overlay } from "../../csn/overlay.ts";
import { MAPPING_VERSION } from "../../csn/to-asset.ts";
import { type AssetId, spaceOf } from "../../model/asset.ts";
import { TidemarkError } from "../../model/errors.ts";
import type { Json } from "../../model/json.ts";
import type { ListingEvent, Presence } from "../../model/listing.ts";
import { compareCodePoints } from "../../model/order.ts";
import type { CallOptions } from "../../ports/call.ts";
import type { Meter } from "../../ports/meter.ts";
import type { ListOptions, Source } from "../../ports/source.ts";
import { type Disk, openDisk, openDiskInThread } from "./disk.ts";
import { findSpaces, isSpaceName, type SpaceFolder } from "./layout.ts";
import { LineSighters, type LineThreads } from "./line-sighters.ts";
import { listSpace } from "./list-space.ts";
import { readAssets } from "./read-assets.ts";
import { NO_MEMORY } from "./space-memory.ts";
import { haveTokens } from "./space-token.ts";

export interface CsnSourceOptions extends Overlay {
  /** The folder of exports, absolute: each sub-folder is a space. */
  readonly path: string;
  /** The space of the exports that lie in the folder itself. */
  readonly space?: string;
  /** Counts each opened file as one request, and the bytes read of it. */
  readonly meter: Meter;
}

/**
 * Reads the files that Datasphere exports: `*.json` as its CSN export writes them, and `*.ndjson` with one
 * `{"name": …, "definition": …}` a line, where there are `threads` in these. Throws `config_invalid` for a `space` that is no space name.
 */
export function createCsnSource(options: CsnSourceOptions, threads?: LineThreads): Source {
  return csnSource(openDisk(options.path, options.meter), options, threads);
}

/** The same for a thread that does nothing but read from it. */
export function createCsnSourceInThread(options: CsnSourceOptions): Source {
  return csnSource(openDiskInThread(options.path, options.meter), options);
}

/** The same source over any disk, so that a test can have one that fails. */
export function csnSource(
  disk: Disk,
  { space, owners, stewards, tags }: Omit<CsnSourceOptions, "path" | "meter">,
  threads?: LineThreads,
): Source {
  if (space !== undefined && !isSpaceName(space)) {
    throw new TidemarkError(
      "config_invalid",
      `The source's space ${JSON.stringify(space)} is no name of a space, which has only letters, digits and "_".`,
    );
  }
  const overlay: Overlay = { owners, stewards, tags };
  const sighters = new LineSighters(threads);
  return {
    system: "datasphere",
    scope: { type: "csn", ...(space === undefined ? {} : { space }) },
    basis: { mapping: MAPPING_VERSION, overlay: overlay as unknown as Json },
    list: (call) => listSpaces(disk, space, call, sighters),
    isAsListed: async (tokens, { signal }) => await haveTokens(disk, await findSpaces(disk, space), tokens, sighters, signal),
    read: (items, { signal }) => readAssets(disk, overlay, items, signal),
    confirm: (ids, call) => presences(disk, space, ids, call),
    close: () => Promise.resolve(),
  };
}

async function* listSpaces(
  disk: Disk,
  configured: string | undefined,
  options: ListOptions,
  { sight }: LineSighters,
): AsyncIterable<ListingEvent> {
  const found = await findSpaces(disk, configured);
  const missing = [...options.known].filter((space) => !found.some((folder) => folder.space === space));
  const folders = [...found, ...missing.map((space) => missingFolder(space, configured))].toSorted((a, b) =>
    compareCodePoints(a.space, b.space),
  );
  for (const folder of folders) {
    options.signal.throwIfAborted();
    if (options.wanted?.(folder.space) === false) continue;
    yield* listSpace(disk, folder, options, sight);
  }
}

// The option says whose the root's own exports are, so they may have been this space's until it was changed.
function missingFolder(space: string, configured: string | undefined): SpaceFolder {
  const problem =
    configured === undefined
      ? "its folder is missing, and it held assets before"
      : `it held assets before, and now it has no folder, and exports in the root are those of ${configured} by the source's option \`space\``;
  return { space, files: [], ignored: [], problems: [problem] };
}

/** Lists the spaces of these ids again: gone is what a complete listing, and not an empty one, does not hold. */
async function presences(
  disk: Disk,
  configured: string | undefined,
  ids: readonly AssetId[],
  { signal }: CallOptions,
): Promise<ReadonlyMap<AssetId, Presence>> {
  const found = new Map<AssetId, Presence>(ids.map((id) => [id, "unknown"]));
  for (const folder of await readableSpaces(disk, configured)) {
    const asked = ids.filter((id) => spaceOf(id) === folder.space);
    if (asked.length === 0) continue;
    const known = new Set([folder.space]);
    for await (const event of listSpace(disk, folder, { signal, memory: NO_MEMORY, known })) {
      if (event.kind === "listed") for (const { id } of event.items) if (found.has(id)) found.set(id, "present");
      if (event.kind === "certificate" && event.certificate.complete)
        for (const id of asked) if (found.get(id) === "unknown") found.set(id, "gone");
    }
  }
  return found;
}

/** None where the root itself cannot be read: then nothing can be said of any asset. */
async function readableSpaces(disk: Disk, configured: string | undefined): Promise<readonly SpaceFolder[]> {
  try {
    return await findSpaces(disk, configured);
  } catch (error) {
    if (error instanceof TidemarkError) return [];
    throw error;
  }
}
