import type { PlanRecord } from "../../model/plan.ts";
import type { Spool } from "../../ports/spool.ts";
import { Listing } from "./listing.ts";
import { partOf } from "./plan-part.ts";

/** A spool in memory, for tests and simulations of small catalogs. */
export async function openMemorySpool(): Promise<Spool> {
  const listing = new Listing({ held: Number.POSITIVE_INFINITY });
  const plan: PlanRecord[] = [];
  return {
    list: async (items, refs) => listing.add(items, refs),
    listText: async (listed, refs) => listing.addText(listed, refs),
    sum: async () => listing.sum(),
    pages: async function* () {
      yield* listing.pages();
    },
    listed: async function* () {
      yield* listing.rows();
    },
    collisions: async function* () {
      yield* listing.collisions();
    },
    append: async (records) => {
      for (const record of records) plan.push(record);
    },
    records: async function* (parts) {
      yield* pagesOf(plan.filter((record) => parts === undefined || parts.includes(partOf(record))));
    },
    [Symbol.asyncDispose]: async () => {
      plan.length = 0;
    },
  };
}

const PAGE = 1_000;

function* pagesOf<T>(items: readonly T[]): Generator<readonly T[]> {
  for (let at = 0; at < items.length; at += PAGE) yield items.slice(at, at + PAGE);
}
