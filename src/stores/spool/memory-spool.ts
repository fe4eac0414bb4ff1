import { type AssetId } from "../../model/asset.ts";
import { compareCodePoints } from "../../model/order.ts";
import type { PlanRecord } from "../../model/plan.ts";
import { requireWellFormed } from "../../model/well-formed.ts";
import type { Spool, SpooledListing } from "../../ports/spool.ts";

/** A spool in memory, for tests and simulations of small catalogs. */
export async function openMemorySpool(): Promise<Spool> {
  const listing = new Map<AssetId, SpooledListing>();
  const plan: PlanRecord[] = [];
  const inOrder = (): SpooledListing[] => [...listing.values()].sort((a, b) => compareCodePoints(a.id, b.id));
  return {
    list: async (items) => {
      const known: AssetId[] = [];
      for (const { id } of items) requireWellFormed(id);
      for (const item of items) {
        if (listing.has(item.id)) known.push(item.id);
        else listing.set(item.id, item);
      }
      return known;
    },
    listed: async function* () {
      yield* pagesOf(inOrder());
    },
    collisions: async function* () {
      const byRef = Map.groupBy(inOrder(), (item) => item.ref);
      for (const ref of [...byRef.keys()].sort(compareCodePoints)) {
        const ids = (byRef.get(ref) ?? []).map((item) => item.id);
        if (ids.length > 1) yield { ref, ids };
      }
    },
    append: async (records) => {
      for (const record of records) plan.push(record);
    },
    records: async function* () {
      yield* pagesOf(plan.slice());
    },
    [Symbol.asyncDispose]: async () => {
      listing.clear();
      plan.length = 0;
    },
  };
}

const PAGE = 1_000;

function* pagesOf<T>(items: readonly T[]): Generator<readonly T[]> {
  for (let at = 0; at < items.length; at += PAGE) yield items.slice(at, at + PAGE);
}
