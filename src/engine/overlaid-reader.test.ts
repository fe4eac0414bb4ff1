import fc from "fast-check";
import { expect, test } from "vitest";
import { spaceOf } from "../model/asset.ts";
import type { Checkpoint } from "../model/checkpoint.ts";
import { compareCodePoints } from "../model/order.ts";
import type { CheckpointReader } from "../ports/checkpoint-store.ts";
import { createMemoryStore } from "../stores/memory/index.ts";
import { aCheckpoint, aHead } from "../testing/checkpoint-builders.ts";
import { overlaidReader } from "./overlaid-reader.ts";

async function readerOf(ids: readonly string[]): Promise<CheckpointReader> {
  const store = createMemoryStore({ pipeline: "sales" });
  {
    await using lease = await store.acquire();
    await lease.begin(aHead());
    await lease.record(ids.map((id) => ({ seq: null, asset_id: id, checkpoint: aCheckpoint(id) })));
  }
  return await store.reader();
}

const someIds: fc.Arbitrary<string[]> = fc.uniqueArray(
  fc.constantFrom("A.a", "A.b", "A.\u{1F600}", "A.\uFFFD", "B.a", "B.z", "C.m", "__proto__.x"),
);

test("a reader with an overlay tells what a store would tell that had recorded it", async () => {
  await fc.assert(
    fc.asyncProperty(
      someIds,
      someIds,
      someIds,
      fc.option(fc.constantFrom("A.b", "B.a", "Z.z"), { nil: undefined }),
      async (stored, put, removed, after) => {
        const overlay = new Map<string, Checkpoint | null>();
        for (const id of put) overlay.set(id, aCheckpoint(id, { version: 2 }));
        for (const id of removed) overlay.set(id, null);
        await using reader = overlaidReader(await readerOf(stored), overlay);

        const expected = new Map(stored.map((id) => [id, 1]));
        for (const [id, checkpoint] of overlay)
          if (checkpoint === null) expected.delete(id);
          else expected.set(id, 2);
        const ids = [...expected.keys()].toSorted(compareCodePoints);
        const from = ids.filter((id) => after === undefined || compareCodePoints(id, after) > 0);
        const options = after === undefined ? {} : { after };
        const checkpoints = (await Array.fromAsync(reader.checkpoints(options))).flat();

        expect(checkpoints.map(({ asset_id, sync_version }) => [asset_id, sync_version])).toEqual(from.map((id) => [id, expected.get(id)]));
        expect((await Array.fromAsync(reader.entries(options))).flat().map(({ asset_id }) => asset_id)).toEqual(from);
        expect(await reader.count()).toBe(ids.length);
        expect([...(await reader.get([...stored, ...put, ...removed])).keys()].toSorted(compareCodePoints)).toEqual(ids);
        // A space whose last checkpoint was taken out is still named: it was synced before.
        expect(await reader.spaces()).toEqual(
          [...new Set([...stored, ...put.filter((id) => !removed.includes(id))].map(spaceOf))].toSorted(compareCodePoints),
        );
      },
    ),
  );
});
