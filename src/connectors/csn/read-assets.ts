import type { Span } from "../../csn/find-definitions.ts";
import type { Overlay } from "../../csn/overlay.ts";
import { toAsset } from "../../csn/to-asset.ts";
import { spaceOf, technicalNameOf } from "../../model/asset.ts";
import { AssetError, type ProblemCode } from "../../model/errors.ts";
import type { Listed, ReadResult } from "../../model/listing.ts";
import type { Disk } from "./disk.ts";
import { giveBack } from "../../threads/give-back.ts";
import { loadDefinition, type PlacedBytes } from "./load-definition.ts";
import { fromLocator, type Place, tokenOf } from "./place.ts";
import { readSpans } from "./read-spans.ts";
import { scanExport } from "./scan-export.ts";
import { NO_MEMORY, SpaceMemory } from "./space-memory.ts";

/**
 * Reads listed assets, file by file. What is read must be the very bytes that were listed: in a file that was written anew since, they
 * are looked for once more, and an asset that changed meanwhile fails rather than be guessed at.
 */
export async function* readAssets(disk: Disk, overlay: Overlay, items: readonly Listed[], signal: AbortSignal): AsyncIterable<ReadResult> {
  const byFile = Map.groupBy(items, ({ locator }) => fromLocator(locator).file);
  for (const [file, ofFile] of byFile) {
    signal.throwIfAborted();
    const bytes = await bytesOf(disk, file, ofFile).catch((error: Error) => error);
    for (const item of ofFile) yield bytes instanceof Error ? failed(item, file, bytes) : readAsset(overlay, item, file, bytes.get(item));
    if (!(bytes instanceof Error))
      giveBack([...bytes.values()].flatMap(({ definition, layer }) => (layer === undefined ? [definition] : [definition, layer])));
  }
}

/** The bytes of those items that are still what they were. */
async function bytesOf(disk: Disk, file: string, items: readonly Listed[]): Promise<ReadonlyMap<Listed, PlacedBytes>> {
  const there = await bytesAt(disk, file, new Map(items.map((item) => [item, fromLocator(item.locator)])));
  const moved = items.filter((item) => !there.has(item));
  return moved.length === 0 ? there : new Map([...there, ...(await bytesAt(disk, file, await placesNow(disk, file, moved)))]);
}

async function bytesAt(disk: Disk, file: string, places: ReadonlyMap<Listed, Place>): Promise<ReadonlyMap<Listed, PlacedBytes>> {
  await using open = await disk.open(file);
  const within = [...places].filter(([, place]) => spansOf(place).every(({ at, length }) => at + length <= open.size));
  const bytes = (
    await readSpans(
      open,
      within.flatMap(([, place]) => spansOf(place)),
    )
  ).values();
  const next = (): Buffer => bytes.next().value as Buffer;
  const read = within.map(([item, { layer }]): [Listed, PlacedBytes] => [
    item,
    layer === undefined ? { definition: next() } : { definition: next(), layer: next() },
  ]);
  return new Map(read.filter(([item, { definition, layer }]) => tokenOf(definition, layer) === item.token));
}

function spansOf(place: Place): readonly Span[] {
  return place.layer === undefined ? [place] : [place, place.layer];
}

/** Where the definitions that had these names and tokens stand now. */
async function placesNow(disk: Disk, file: string, items: readonly Listed[]): Promise<ReadonlyMap<Listed, Place>> {
  const sought = new Map(items.map((item) => [`${item.token} ${technicalNameOf(item.id)}`, item]));
  const places = new Map<Listed, Place>();
  try {
    for await (const found of scanExport(disk, file, await SpaceMemory.open(NO_MEMORY, ""))) {
      for (const { name, token, place } of found) {
        const item = sought.get(`${token} ${name}`);
        if (item !== undefined) places.set(item, place);
      }
    }
  } catch {
    // The file is broken now. What was found in it before that showed is proved by its token.
  }
  return places;
}

function readAsset(overlay: Overlay, item: Listed, file: string, bytes: PlacedBytes | undefined): ReadResult {
  try {
    if (bytes === undefined) throw new Error("it changed after it was listed; run again");
    const asset = toAsset({ space: spaceOf(item.id), ...loadDefinition(technicalNameOf(item.id), file, bytes), overlay });
    return { kind: "asset", id: item.id, asset, token: item.token, warnings: [] };
  } catch (error) {
    return failed(item, file, error as Error);
  }
}

function failed({ id }: Listed, file: string, error: Error): ReadResult {
  const code: ProblemCode = error instanceof AssetError ? error.code : "asset_unreadable";
  return { kind: "failed", id, problem: { asset_id: id, code, message: `${id} in ${file} could not be read: ${error.message}.` } };
}
