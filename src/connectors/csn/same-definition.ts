import { canonicalText } from "../../csn/canonical-text.ts";
import { NO_OVERLAY } from "../../csn/overlay.ts";
import { toAsset } from "../../csn/to-asset.ts";
import { AssetError } from "../../model/errors.ts";
import type { Json } from "../../model/json.ts";
import type { Disk } from "./disk.ts";
import { loadDefinition } from "./load-definition.ts";
import type { Found } from "./place.ts";
import { readSpans } from "./read-spans.ts";

/** True where two definitions of one name say the same: they make the same asset. One that makes none is like no other. */
export async function isSameDefinition(disk: Disk, a: Found, b: Found): Promise<boolean> {
  const [one, other] = [await assetText(disk, a), await assetText(disk, b)];
  return one !== null && one === other;
}

async function assetText(disk: Disk, { name, place }: Found): Promise<string | null> {
  await using file = await disk.open(place.file);
  const [definition, layer] = await readSpans(file, place.layer === undefined ? [place] : [place, place.layer]);
  try {
    const loaded = loadDefinition(name, place.file, { definition: definition as Buffer, ...(layer === undefined ? {} : { layer }) });
    return canonicalText(toAsset({ space: "", ...loaded, overlay: NO_OVERLAY }) as unknown as Json);
  } catch (error) {
    if (error instanceof AssetError) return null;
    throw error;
  }
}
