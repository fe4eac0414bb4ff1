import { describe, expect, test } from "vitest";
import { memoryHarness } from "../../test/helpers/memory-harness.ts";
import { sqliteHarness } from "../../test/helpers/sqlite-harness.ts";
import type { AssetId } from "../model/asset.ts";
import type { CheckpointLease, CheckpointStore } from "../ports/checkpoint-store.ts";
import { aColumn, anAsset } from "../testing/builders.ts";
import { aCheckpoint, aHead, anOutcome } from "../testing/checkpoint-builders.ts";
import { storeConformance } from "../testing/store-conformance.ts";
import { storeEquivalence } from "../testing/store-equivalence.ts";
import type { StoreHarness } from "../testing/store-harness.ts";
import { type CacheOptions, cachedStore } from "./cached-store.ts";

/** Room for two or three of the checkpoints that the suites write. */
const LITTLE: CacheOptions = { columns: 8 };

function cached(harness: StoreHarness, options?: CacheOptions): StoreHarness {
  return {
    open: () => cachedStore(harness.open(), options),
    openUnlocked: () => cachedStore(harness.openUnlocked(), options),
    [Symbol.asyncDispose]: () => harness[Symbol.asyncDispose](),
  };
}

storeConformance("the sqlite store behind a cache", async () => cached(await sqliteHarness({ on: "memory" })));
describe.each([
  ["a cache", undefined],
  ["a cache with little room", LITTLE],
])("%s", (name, options) => {
  storeEquivalence(`a store behind ${name}`, {
    makeModel: memoryHarness,
    make: async () => cached(await memoryHarness(), options),
    runs: 200,
  });
});

const [ORDERS, ITEMS, LEDGER] = ["SALES.Orders", "SALES.Items", "FINANCE.Ledger"] as const;

interface Watched {
  readonly lease: CheckpointLease;
  /** The ids that the store itself was asked for. */
  readonly asked: AssetId[];
  /** What the next read waits for, once it has read. */
  hold: Promise<void>;
}

/** A lease behind a cache, on a state of three checkpoints, and what comes through to the store. */
async function watched(options?: CacheOptions): Promise<Watched> {
  const store = (await memoryHarness()).open();
  const all: { asked: AssetId[]; hold: Promise<void> } = { asked: [], hold: Promise.resolve() };
  const below: CheckpointStore = {
    ...store,
    acquire: async () => {
      const lease = await store.acquire();
      return {
        ...lease,
        get: async (ids) => {
          all.asked.push(...ids);
          const found = await lease.get(ids);
          await all.hold;
          return found;
        },
      };
    },
  };
  const lease = await cachedStore(below, options).acquire();
  await lease.begin(aHead());
  await lease.record([ORDERS, ITEMS, LEDGER].map((id) => anOutcome(null, aCheckpoint(id))));
  return Object.assign(all, { lease });
}

async function versionsOf(lease: CheckpointLease, ids: readonly AssetId[]): Promise<readonly unknown[]> {
  const found = await lease.get(ids);
  return ids.map((id) => found.get(id)?.sync_version);
}

test("what was read is not read again", async () => {
  const { lease, asked } = await watched();
  expect(await versionsOf(lease, [ORDERS, ITEMS])).toEqual([1, 1]);
  expect(await versionsOf(lease, [ITEMS, LEDGER, ORDERS])).toEqual([1, 1, 1]);
  expect(asked).toEqual([ORDERS, ITEMS, LEDGER]);
});

describe("the cache hid what this run wrote", () => {
  test("of an asset that it recorded, removed or renewed since it read it", async () => {
    const { lease } = await watched();
    await lease.get([ORDERS, ITEMS, LEDGER]);
    await lease.record([anOutcome(null, aCheckpoint(ORDERS, { version: 2 })), { seq: null, asset_id: ITEMS, checkpoint: null }]);
    const { raw, fingerprint } = aCheckpoint(LEDGER, { version: 7 });
    await lease.refresh([{ asset_id: LEDGER, entry: { raw, fingerprint, mapping: null } }]);

    const found = await lease.get([ORDERS, ITEMS, LEDGER]);
    expect([found.get(ORDERS)?.sync_version, found.has(ITEMS), found.get(LEDGER)?.raw]).toEqual([2, false, raw]);
  });

  test("of an asset that it wrote while it read it", async () => {
    const all = await watched();
    const { promise, resolve } = Promise.withResolvers<void>();
    all.hold = promise;
    const reading = all.lease.get([ORDERS]);
    await all.lease.record([anOutcome(null, aCheckpoint(ORDERS, { version: 2 }))]);
    resolve();
    await reading;

    expect(await versionsOf(all.lease, [ORDERS])).toEqual([2]);
  });

  test("of an asset that a write of its own failed on and may have changed", async () => {
    const { lease, asked } = await watched();
    await lease.get([ORDERS]);
    const unsayable = aCheckpoint("SALES.\uD800", { version: 2 });
    await expect(lease.record([anOutcome(null, aCheckpoint(ORDERS, { version: 2 })), anOutcome(null, unsayable)])).rejects.toMatchObject({
      code: "value_unrepresentable",
    });
    await lease.get([ORDERS]);
    expect(asked).toEqual([ORDERS, ORDERS]);
  });
});

test("the cache holds no more columns than it has room for, and lets go first of what was asked for longest ago", async () => {
  const { lease, asked } = await watched({ columns: 12 });
  const wide = anAsset({ space: "SALES", name: "Wide", columns: Array.from({ length: 11 }, (_, n) => aColumn(`C${n}`)) });
  await lease.record([anOutcome(null, aCheckpoint("SALES.Wide", { snapshot: wide }))]);

  for (const ids of [[ORDERS], ["SALES.Wide"], ["SALES.Wide"], [ORDERS]]) await lease.get(ids);
  expect(asked).toEqual([ORDERS, "SALES.Wide", ORDERS]);
});
