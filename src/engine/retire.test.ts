import { expect, test } from "vitest";
import { aMemoryPipeline, type MemoryPipeline, NEVER } from "../../test/helpers/memory-pipeline.ts";
import type { PlanRecord } from "../model/plan.ts";
import { anAsset } from "../testing/builders.ts";
import { previewRetirement, retire } from "./retire.ts";

/** Eight assets in SALES and two in HR, synced, beside a table that is somebody else's. */
async function synced(): Promise<MemoryPipeline> {
  const assets = [
    ...Array.from({ length: 8 }, (_, n) => anAsset({ name: `T${n}` })),
    anAsset({ space: "HR", name: "A" }),
    anAsset({ space: "HR", name: "B" }),
  ];
  const pipeline = aMemoryPipeline(assets);
  expect((await pipeline.sync()).status).toBe("succeeded");
  pipeline.catalog.edit("HR.Theirs", (table) => ({ ...table, description: "not ours" }));
  return pipeline;
}

test("retiring a space takes its tables and checkpoints, and nothing else", async () => {
  const pipeline = await synced();

  const report = await retire(pipeline.parts(), { signal: NEVER, space: "HR" });

  expect([report.status, report.summary.deleted]).toEqual(["succeeded", 2]);
  expect(pipeline.catalog.places().filter((place) => place.startsWith("HR."))).toEqual(["HR.Theirs"]);
  expect((await pipeline.checkpoints()).map(({ asset_id }) => asset_id)).toEqual(Array.from({ length: 8 }, (_, n) => `SALES.T${n}`));
});

test("each retired table is marked before it is removed", async () => {
  const pipeline = await synced();
  const before = pipeline.catalog.writes;

  await retire(pipeline.parts(), { signal: NEVER, space: "HR" });

  expect(pipeline.catalog.writes - before).toBe(4);
});

test("more than the limit is refused and changes nothing, unless the exact number is allowed", async () => {
  const pipeline = await synced();
  const before = pipeline.catalog.writes;

  for (const allow_deletes of [undefined, 9, 11]) {
    const report = await retire(pipeline.parts(), { signal: NEVER, ...(allow_deletes === undefined ? {} : { allow_deletes }) });
    expect([report.status, report.problems.map(({ code }) => code)]).toEqual(["refused", ["guard_refused"]]);
  }
  expect([pipeline.catalog.writes, (await pipeline.checkpoints()).length]).toEqual([before, 10]);

  expect((await retire(pipeline.parts(), { signal: NEVER, allow_deletes: 10 })).summary.deleted).toBe(10);
  expect([pipeline.catalog.places(), await pipeline.checkpoints()]).toEqual([["HR.Theirs"], []]);
});

test("the preview tells every deletion and the guard's verdict, and writes nothing", async () => {
  const pipeline = await synced();
  const before = pipeline.catalog.writes;

  await using plan = await previewRetirement(pipeline.parts(), { signal: NEVER });
  const records: readonly PlanRecord[] = (await Array.fromAsync(plan.records())).flat();

  expect(records.map(({ record }) => record)).toEqual(["header", ...Array.from({ length: 10 }, () => "step"), "summary"]);
  expect([plan.summary.deleted, plan.problems.map(({ code }) => code)]).toEqual([10, ["guard_refused"]]);
  expect([pipeline.catalog.writes, (await pipeline.checkpoints()).length]).toEqual([before, 10]);
});

test("a space that the state does not know is none to retire", async () => {
  const pipeline = await synced();

  await expect(retire(pipeline.parts(), { signal: NEVER, space: "Hr" })).rejects.toMatchObject({ code: "usage" });
});
