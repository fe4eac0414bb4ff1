import fc from "fast-check";
import { expect, test } from "vitest";
import type { CheckpointEntry } from "../model/checkpoint.ts";
import { compareCodePoints } from "../model/order.ts";
import type { SpooledListing } from "../ports/spool.ts";
import { mergeById } from "./merge-by-id.ts";

const listedOf = (id: string): SpooledListing => ({ id, scope: "S", token: null, locator: null, ref: id });
const entryOf = (asset_id: string): CheckpointEntry => ({
  asset_id,
  raw: null,
  fingerprint: { scheme: "s", content: null, schema: null, metadata: null },
  ref: null,
  mapping: null,
  tombstone: null,
});

async function* pages<T>(rows: readonly T[], size: number): AsyncIterable<readonly T[]> {
  for (let at = 0; at < rows.length; at += size) {
    // Empty pages are allowed and change nothing.
    yield [];
    yield rows.slice(at, at + size);
  }
}

const ids = fc.uniqueArray(fc.string({ unit: "binary", maxLength: 3 }), { maxLength: 30 });

test("every id of either side comes once, in code-point order, with what each side knows of it", async () => {
  await fc.assert(
    fc.asyncProperty(ids, ids, fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 7 }), async (left, right, leftSize, rightSize) => {
      const merged = [];
      const listed = left.toSorted(compareCodePoints).map(listedOf);
      const entries = right.toSorted(compareCodePoints).map(entryOf);
      for await (const page of mergeById(pages(listed, leftSize), pages(entries, rightSize))) {
        merged.push(
          ...page.map((pair) => ({
            id: pair.listed?.id ?? pair.entry?.asset_id,
            listed: pair.listed !== null,
            recorded: pair.entry !== null,
          })),
        );
      }
      const expected = [...new Set([...left, ...right])]
        .sort(compareCodePoints)
        .map((id) => ({ id, listed: left.includes(id), recorded: right.includes(id) }));
      expect(merged).toEqual(expected);
    }),
  );
});
