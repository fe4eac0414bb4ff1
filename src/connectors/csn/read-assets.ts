import type { Overlay } from "../../csn/overlay.ts";
import { toAsset } from "../../csn/to-asset.ts";
import { spaceOf, technicalNameOf } from "../../model/asset.ts";
import { AssetError, type ProblemCode } from "../../model/errors.ts";
import type { Listed, ReadResult } from "../../model/listing.ts";
import type { Disk } from "./disk.ts";
import { loadDefinition, type PlacedBytes } from "./load-definition.ts";
import { fromLocator, type Place, tokenOf } from "./place.ts";
import { readSpans } from "./read-spans.ts";

/** Reads listed assets, file by file. What stands at a place must be what was listed there: bytes that moved since are not guessed at. */
export async function* readAssets(disk: Disk, overlay: Overlay, items: readonly Listed[], signal: AbortSignal): AsyncIterable<ReadResult> {
  const byFile = Map.groupBy(items, ({ locator }) => fromLocator(locator).file);
  for (const [file, itsItems] of byFile) {
    signal.throwIfAborted();
    const places = itsItems.map(({ locator }) => fromLocator(locator));
    const bytes = await bytesAt(disk, file, places);
    for (const [i, item] of itsItems.entries())
      yield bytes instanceof Error ? failed(item, file, bytes) : readAsset(overlay, item, bytes[i] as PlacedBytes);
  }
}

/** The bytes at each place of one file, or why they cannot be had. */
async function bytesAt(disk: Disk, file: string, places: readonly Place[]): Promise<readonly PlacedBytes[] | Error> {
  try {
    await using open = await disk.open(file);
    const spans = places.flatMap((place) => (place.layer === undefined ? [place] : [place, place.layer]));
    const bytes = (await readSpans(open, spans)).values();
    const next = (): Buffer => bytes.next().value as Buffer;
    return places.map(({ layer }) => (layer === undefined ? { definition: next() } : { definition: next(), layer: next() }));
  } catch (error) {
    return error as Error;
  }
}

function readAsset(overlay: Overlay, item: Listed, bytes: PlacedBytes): ReadResult {
  const place = fromLocator(item.locator);
  try {
    if (tokenOf(bytes.definition, bytes.layer) !== item.token) throw new Error("it changed after it was listed; run again");
    const asset = toAsset({ space: spaceOf(item.id), ...loadDefinition(technicalNameOf(item.id), place, bytes), overlay });
    return { kind: "asset", id: item.id, asset, token: item.token, warnings: [] };
  } catch (error) {
    return failed(item, place.file, error as Error);
  }
}

function failed({ id }: Listed, file: string, error: Error): ReadResult {
  const code: ProblemCode = error instanceof AssetError ? error.code : "asset_unreadable";
  return { kind: "failed", id, problem: { asset_id: id, code, message: `${id} in ${file} could not be read: ${error.message}.` } };
}
