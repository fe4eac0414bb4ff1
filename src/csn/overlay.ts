import { assetId } from "../model/asset.ts";
import { compareCodePoints } from "../model/order.ts";
import { namePattern } from "../model/name-pattern.ts";

/** What the configuration says of assets that their source does not. All keys are technical names, compared exactly. */
export interface Overlay {
  /** By space (`SALES`) or asset (`SALES.Orders`), the more specific wins. */
  readonly owners: { readonly [spaceOrAsset: string]: string };
  readonly stewards: { readonly [spaceOrAsset: string]: string };
  /** By space, asset or pattern, in which `*` stands for any characters and `?` for one (`SALES.MCT_*`). All that match add up. */
  readonly tags: { readonly [spaceAssetOrPattern: string]: readonly string[] };
}

export const NO_OVERLAY: Overlay = { owners: {}, stewards: {}, tags: {} };

export function ownerOf(overlay: Overlay, space: string, name: string): string | null {
  return moreSpecific(overlay.owners, space, name);
}

export function stewardOf(overlay: Overlay, space: string, name: string): string | null {
  return moreSpecific(overlay.stewards, space, name);
}

/** The tags of an asset, each once, in code-point order. */
export function tagsOf(overlay: Overlay, space: string, name: string): readonly string[] {
  const id = assetId(space, name);
  const matching = matchersOf(overlay).filter(({ matches }) => matches(space) || matches(id));
  return [...new Set(matching.flatMap(({ tags }) => tags))].toSorted(compareCodePoints);
}

function moreSpecific(names: { readonly [spaceOrAsset: string]: string }, space: string, name: string): string | null {
  const key = [assetId(space, name), space].find((candidate) => Object.hasOwn(names, candidate));
  return key === undefined ? null : (names[key] as string);
}

interface TagMatcher {
  readonly matches: (text: string) => boolean;
  readonly tags: readonly string[];
}

// One overlay serves every asset of a run: its patterns are compiled once.
const compiled = new WeakMap<Overlay, readonly TagMatcher[]>();

function matchersOf(overlay: Overlay): readonly TagMatcher[] {
  const known = compiled.get(overlay);
  if (known !== undefined) return known;
  const matchers = Object.entries(overlay.tags).map(([pattern, tags]) => ({ matches: namePattern(pattern), tags }));
  compiled.set(overlay, matchers);
  return matchers;
}
