import type { AssetId } from "../model/asset.ts";
import type { CheckpointEntry } from "../model/checkpoint.ts";
import { compareCodePoints } from "../model/order.ts";
import type { SpooledListing } from "../ports/spool.ts";

/** One id: as listed, as recorded, or both. */
export type Pair<L = SpooledListing, E = CheckpointEntry> =
  | { readonly listed: L; readonly entry: E | null }
  | { readonly listed: null; readonly entry: E };

/** Joins the listing with the recorded entries, both in code-point order of their ids, in pages; holds one page of each. */
export async function* mergeById<L extends { readonly id: AssetId }, E extends { readonly asset_id: AssetId }>(
  listed: AsyncIterable<readonly L[]>,
  entries: AsyncIterable<readonly E[]>,
): AsyncIterable<readonly Pair<L, E>[]> {
  const left = cursor(listed);
  const right = cursor(entries);
  await left.fill();
  await right.fill();
  let page: Pair<L, E>[] = [];
  for (;;) {
    const a = left.head();
    const b = right.head();
    if (a === undefined && b === undefined) break;
    const order = a === undefined ? 1 : b === undefined ? -1 : compareCodePoints(a.id, b.asset_id);
    if (a !== undefined && order <= 0) {
      page.push({ listed: a, entry: order === 0 ? (b ?? null) : null });
      left.take();
    } else if (b !== undefined) {
      page.push({ listed: null, entry: b });
    }
    if (order >= 0) right.take();
    // A page ends where either side has to fetch: nothing waits in memory longer than that.
    if (left.empty() || right.empty()) {
      if (page.length > 0) yield page;
      page = [];
      await left.fill();
      await right.fill();
    }
  }
  if (page.length > 0) yield page;
}

interface Cursor<T> {
  head(): T | undefined;
  take(): void;
  empty(): boolean;
  /** Fetches the next page if this one is used up. */
  fill(): Promise<void>;
}

function cursor<T>(pages: AsyncIterable<readonly T[]>): Cursor<T> {
  const iterator = pages[Symbol.asyncIterator]();
  let page: readonly T[] = [];
  let at = 0;
  let ended = false;
  return {
    head: () => page[at],
    take: () => {
      at++;
    },
    empty: () => at >= page.length && !ended,
    fill: async () => {
      while (at >= page.length && !ended) {
        const next = await iterator.next();
        page = next.done === true ? [] : next.value;
        at = 0;
        ended = next.done === true;
      }
    },
  };
}
