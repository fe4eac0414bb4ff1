import type { AssetId } from "../../model/asset.ts";
import { compareCodePoints } from "../../model/order.ts";
import type { ListedPage } from "../../ports/spool.ts";

/** Hashes of places that are sorted at a time: eight megabytes of them. */
const AT_A_TIME = 1 << 20;

/**
 * Places that more than one id would take, with the ids in order. The places are compared by hashes, a part of all at a time, so that
 * memory is bounded; only those that share a hash are looked at themselves.
 */
export function sharedRefs(
  pages: () => Iterable<ListedPage>,
  atATime: number = AT_A_TIME,
): readonly { readonly ref: string; readonly ids: readonly AssetId[] }[] {
  const hashes = new Set<number>();
  let count = 0;
  for (const { ids } of pages()) count += ids.length;
  const parts = Math.ceil(count / atATime);
  for (let part = 0; part < parts; part++) addShared(pages(), { part, parts }, hashes);
  if (hashes.size === 0) return [];
  const idsOf = new Map<string, AssetId[]>();
  for (const { ids, refs } of pages()) {
    for (const [at, ref] of refs.entries()) {
      if (!hashes.has(hashOf(ref))) continue;
      const known = idsOf.get(ref);
      if (known === undefined) idsOf.set(ref, [ids[at] as AssetId]);
      else known.push(ids[at] as AssetId);
    }
  }
  const shared = [...idsOf].filter(([, ids]) => ids.length > 1).map(([ref, ids]) => ({ ref, ids }));
  return shared.sort((a, b) => compareCodePoints(a.ref, b.ref));
}

function addShared(
  pages: Iterable<ListedPage>,
  { part, parts }: { readonly part: number; readonly parts: number },
  shared: Set<number>,
): void {
  let hashes = new Float64Array(1024);
  let count = 0;
  for (const { refs } of pages) {
    for (const ref of refs) {
      const hash = hashOf(ref);
      if (parts > 1 && hash % parts !== part) continue;
      if (count === hashes.length) hashes = widened(hashes);
      hashes[count++] = hash;
    }
  }
  const sorted = hashes.subarray(0, count).sort();
  for (let at = 1; at < count; at++) if (sorted[at] === sorted[at - 1]) shared.add(sorted[at] as number);
}

function widened(from: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const to = new Float64Array(from.length * 2);
  to.set(from);
  return to;
}

/** 53 bits out of two FNV-1a runs over the UTF-16 units. */
function hashOf(text: string): number {
  let high = 0x811c9dc5;
  let low = 0x2545f491;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    high = Math.imul(high ^ unit, 0x01000193);
    low = Math.imul(low ^ unit, 0x5bd1e995);
  }
  return (high & 0x1fffff) * 0x1_0000_0000 + (low >>> 0);
}
