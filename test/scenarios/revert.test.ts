import { expect, test } from "vitest";
import { previewRevert, revert } from "../../src/engine/revert.ts";
import { anAsset } from "../../src/testing/builders.ts";
import { aMemoryPipeline, type MemoryPipeline, NEVER } from "../helpers/memory-pipeline.ts";

/** Ten tables; a second run changed one, deleted one and created one. */
async function changed(): Promise<MemoryPipeline & { readonly run: string }> {
  const pipeline = aMemoryPipeline(Array.from({ length: 10 }, (_, n) => anAsset({ name: `T${n}`, description: "first" })));
  await pipeline.sync();
  pipeline.tenant.put(anAsset({ name: "T0", description: "second" }));
  pipeline.tenant.delete("SALES.T1");
  pipeline.tenant.put(anAsset({ name: "New" }));
  const { run_id } = await pipeline.sync();
  return { ...pipeline, run: run_id };
}

async function described(pipeline: MemoryPipeline): Promise<readonly string[]> {
  return (await pipeline.checkpoints()).map(({ asset_id, snapshot }) => `${asset_id} ${snapshot.content.description ?? "-"}`);
}

test("reverting a run brings back what it changed and deleted, and deletes what it created", async () => {
  const pipeline = await changed();

  const report = await revert(pipeline.parts(), { signal: NEVER, run: pipeline.run });

  expect([report.status, report.summary.created, report.summary.modified, report.summary.deleted]).toEqual(["succeeded", 1, 1, 1]);
  expect(await described(pipeline)).toEqual(Array.from({ length: 10 }, (_, n) => `SALES.T${n} first`));
  expect(pipeline.catalog.places().toSorted()).toEqual(Array.from({ length: 10 }, (_, n) => `SALES.T${n}`));
});

test("the sync after a revert brings the source's state again", async () => {
  const pipeline = await changed();
  const before = await described(pipeline);
  await revert(pipeline.parts(), { signal: NEVER, run: pipeline.run });

  const report = await pipeline.sync();

  expect([report.status, report.summary.created, report.summary.modified, report.summary.deleted]).toEqual(["succeeded", 1, 1, 1]);
  expect(await described(pipeline)).toEqual(before);
});

test("a revert can be reverted", async () => {
  const pipeline = await changed();
  const before = await described(pipeline);
  const { run_id } = await revert(pipeline.parts(), { signal: NEVER, run: pipeline.run });

  await revert(pipeline.parts(), { signal: NEVER, run: run_id });

  expect(await described(pipeline)).toEqual(before);
});

test("what a later run changed again is withheld from the revert of a run, with the way out", async () => {
  const pipeline = await changed();
  pipeline.tenant.put(anAsset({ name: "T0", description: "third" }));
  await pipeline.sync();

  const report = await revert(pipeline.parts(), { signal: NEVER, run: pipeline.run });

  expect(report.problems).toMatchObject([
    { code: "changed_since", asset_id: "SALES.T0", message: expect.stringContaining("--to") as unknown },
  ]);
  expect((await described(pipeline))[0]).toBe("SALES.T0 third");
});

test("one asset goes back to a generation, whatever came since", async () => {
  const pipeline = await changed();
  pipeline.tenant.put(anAsset({ name: "T0", description: "third" }));
  await pipeline.sync();

  await revert(pipeline.parts(), { signal: NEVER, asset: "SALES.T0", generation: 1 });
  expect((await described(pipeline)).filter((line) => line.includes(".T0"))).toEqual(["SALES.T0 first"]);
  await revert(pipeline.parts(), { signal: NEVER, asset: "SALES.T0", generation: 2 });
  expect((await described(pipeline)).filter((line) => line.includes(".T0"))).toEqual(["SALES.T0 second"]);
  await expect(revert(pipeline.parts(), { signal: NEVER, asset: "SALES.T9", generation: 1 })).rejects.toMatchObject({ code: "usage" });
  await expect(revert(pipeline.parts(), { signal: NEVER, asset: "SALES.Nowhere", generation: 1 })).rejects.toMatchObject({ code: "usage" });
});

test("reverting a first run is a mass deletion: refused, unless its exact number is allowed", async () => {
  const pipeline = aMemoryPipeline(Array.from({ length: 10 }, (_, n) => anAsset({ name: `T${n}` })));
  const { run_id } = await pipeline.sync();

  expect((await revert(pipeline.parts(), { signal: NEVER, run: run_id })).status).toBe("refused");
  expect((await revert(pipeline.parts(), { signal: NEVER, run: run_id, allow_deletes: 10 })).summary.deleted).toBe(10);
  expect(pipeline.catalog.places()).toEqual([]);
});

test("the preview of a revert tells its steps and writes nothing", async () => {
  const pipeline = await changed();
  const writes = pipeline.catalog.writes;

  await using plan = await previewRevert(pipeline.parts(), { signal: NEVER, run: pipeline.run });

  expect([plan.summary.created, plan.summary.modified, plan.summary.deleted]).toEqual([1, 1, 1]);
  expect(pipeline.catalog.writes).toBe(writes);
});
