import fc from "fast-check";
import { expect, test } from "vitest";
import { aMemoryPipeline, type MemoryPipeline, NEVER } from "../../test/helpers/memory-pipeline.ts";
import type { Asset } from "../model/asset.ts";
import { aColumn, anAsset } from "../testing/builders.ts";
import { findChanges, type FoundChange } from "./find-changes.ts";
import { overlaidReader } from "./overlaid-reader.ts";
import type { Parts } from "./parts.ts";
import { preview } from "./preview.ts";

interface Found {
  readonly changes: readonly FoundChange[];
  readonly summary: object;
  readonly problems: readonly string[];
}

async function found(parts: Parts): Promise<Found> {
  await using changes = await findChanges(parts, { signal: NEVER });
  const pages = await Array.fromAsync(changes.found());
  return { changes: pages.flat(), summary: changes.summary, problems: changes.problems.map(({ code }) => code) };
}

/** What a plan says of the same. */
async function planned(parts: Parts): Promise<Found> {
  await using plan = await preview(parts, { signal: NEVER });
  const records = (await Array.fromAsync(plan.records())).flat();
  const changes = records.flatMap((record) => {
    if (record.record !== "step") return [];
    const { asset_id, change_type, facets } = record.step.change;
    return [{ asset_id, change_type, facets }];
  });
  return { changes, summary: plan.summary, problems: plan.problems.map(({ code }) => code) };
}

async function synced(assets: readonly Asset[], change: (pipeline: MemoryPipeline) => void): Promise<MemoryPipeline> {
  const pipeline = aMemoryPipeline(assets);
  await pipeline.sync();
  change(pipeline);
  return pipeline;
}

const [A, B, C] = ["A", "B", "C"].map((name) => anAsset({ name })) as [Asset, Asset, Asset];

test("each asset is named with all facets in which it differs from what was applied", async () => {
  const { parts } = await synced([A, B, C], ({ tenant }) => {
    tenant.put({ ...anAsset({ name: "A", columns: [aColumn("ID"), aColumn("NEW")] }), content: { ...A.content, owner: "somebody" } });
    tenant.delete(B.id);
    tenant.put(anAsset({ name: "D" }));
  });
  expect(await found(parts())).toEqual({
    changes: [
      { asset_id: "SALES.A", change_type: "modified", facets: ["content", "schema"] },
      { asset_id: "SALES.B", change_type: "deleted", facets: [] },
      { asset_id: "SALES.D", change_type: "created", facets: ["content", "metadata", "schema"] },
    ],
    summary: { assets: 3, unchanged: 1, created: 1, modified: 1, schema_changed: 0, metadata_changed: 0, deleted: 1, withheld: 0 },
    problems: [],
  });
});

test("it says what a plan says, whatever changed", async () => {
  const edit = fc.record({
    name: fc.constantFrom("A", "B", "C", "D", "E"),
    business_name: fc.constantFrom("x", "y"),
    columns: fc.constantFrom([aColumn("ID")], [aColumn("ID"), aColumn("N")]),
    tags: fc.constantFrom([], ["t"]),
    isGone: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(edit, { maxLength: 6 }), fc.boolean(), async (edits, tokens) => {
      const { parts } = await synced([A, B, C], ({ tenant }) => {
        for (const { isGone, ...made } of edits) {
          const asset = anAsset(made);
          if (isGone) tenant.delete(asset.id);
          else tenant.put(asset);
        }
      });
      const now = parts();
      const { source } = now;
      const untold: Parts = {
        ...now,
        source: {
          ...source,
          // The same without tokens, as some sources are: everything is read.
          async *list(call) {
            for await (const event of source.list(call))
              yield event.kind === "listed" ? { ...event, items: event.items.map((item) => ({ ...item, token: null })) } : event;
          },
        },
      };
      const seen = tokens ? now : untold;
      expect(await found(seen)).toEqual(await planned(seen));
    }),
    { seed: 1, numRuns: 200 },
  );
});

test("an asset that cannot be read is a problem, and the others are told", async () => {
  const { parts } = await synced([A, B], ({ tenant }) => {
    tenant.put({ ...A, content: { ...A.content, owner: "x" } });
    tenant.put({ ...B, content: { ...B.content, owner: "x" } });
    tenant.broken.set(A.id, "it is garbled");
  });
  expect(await found(parts())).toMatchObject({ changes: [{ asset_id: "SALES.B" }], problems: ["asset_unreadable"] });
});

test("what an incomplete listing does not hold is not deleted", async () => {
  const { parts } = await synced([A, B], ({ tenant }) => tenant.unreadable.set("SALES", "it is locked"));
  const { changes, problems } = await found(parts());
  expect([changes, new Set(problems)]).toEqual([[], new Set(["listing_incomplete"])]);
});

test("a changed hash scheme is no change of the assets", async () => {
  const pipeline = await synced([A, B], ({ tenant }) => tenant.put({ ...A, content: { ...A.content, owner: "x" } }));
  const parts = pipeline.parts();
  const settings = { ...parts.settings, scheme: { ...parts.settings.scheme, hash_algorithm: "sha512" as const } };
  expect((await found({ ...parts, settings })).changes).toEqual([{ asset_id: "SALES.A", change_type: "modified", facets: ["content"] }]);
});

test("a catalog at rest is not even listed", async () => {
  const pipeline = await synced([A, B], () => undefined);
  await pipeline.sync();
  const parts = pipeline.parts();
  const list = (): never => {
    throw new Error("it was listed");
  };
  expect(await found({ ...parts, source: { ...parts.source, list } })).toMatchObject({ changes: [], summary: { assets: 2, unchanged: 2 } });
});

test("nothing of the state or the target is touched", async () => {
  const pipeline = await synced([A, B], ({ tenant }) => tenant.delete(A.id));
  const before = await pipeline.checkpoints();
  const parts = pipeline.parts();
  const acquire = (): never => {
    throw new Error("a lease was taken");
  };
  await found({ ...parts, store: { ...parts.store, reader: () => parts.store.reader(), acquire } });
  expect(await pipeline.checkpoints()).toEqual(before);
});

test("whoever stops early leaves nothing going on, and the spool is given back", async () => {
  const pipeline = await synced(
    Array.from({ length: 1_000 }, (_, n) => anAsset({ name: `T${n}` })),
    ({ tenant }) => {
      for (let n = 0; n < 1_000; n++) tenant.put(anAsset({ name: `T${n}`, business_name: "other" }));
    },
  );
  await using changes = await findChanges(pipeline.parts(), { signal: NEVER });
  for await (const page of changes.found()) {
    expect(page.length).toBeGreaterThan(0);
    break;
  }
});

test("an asset whose checkpoint is missing from the state was told as new: it is a damaged state", async () => {
  const pipeline = await synced([A, B], ({ tenant }) => tenant.put({ ...A, content: { ...A.content, owner: "x" } }));
  const parts = pipeline.parts();
  const reader = async () => ({ ...(await openedOf(parts)), get: async () => new Map() });
  await expect(found({ ...parts, store: { ...parts.store, reader } })).rejects.toMatchObject({ code: "state_damaged" });
});

/** A reader whose methods can be spread. */
async function openedOf(parts: Parts) {
  return overlaidReader(await parts.store.reader(), new Map([["SALES.none", null]]));
}
