import { expect, test } from "vitest";
import { aMemoryPipeline, type MemoryPipeline, NEVER } from "../../test/helpers/memory-pipeline.ts";
import type { RunReport } from "../model/report.ts";
import { anAsset } from "../testing/builders.ts";
import type { Parts, RunOptions } from "./parts.ts";
import { sync } from "./sync.ts";

/** A synced pipeline of which then two assets go and the configured scope changes, both at once. */
async function changed(): Promise<{ readonly pipeline: MemoryPipeline; run(options?: Partial<RunOptions>): Promise<RunReport> }> {
  const pipeline = aMemoryPipeline(Array.from({ length: 30 }, (_, n) => anAsset({ name: `T${n}` })));
  await pipeline.sync();
  pipeline.tenant.delete("SALES.T1");
  pipeline.tenant.delete("SALES.T2");
  const parts = (): Parts => {
    const { source, ...rest } = pipeline.parts();
    return { ...rest, source: { ...source, scope: "another tenant" } };
  };
  return { pipeline, run: (options = {}) => sync(parts(), { signal: NEVER, ...options }) };
}

test("while the scope differs from the recorded one nothing is deleted, in any number of runs", async () => {
  const { pipeline, run } = await changed();

  expect([(await run()).summary.deleted, (await run()).summary.deleted]).toEqual([0, 0]);
  expect(pipeline.catalog.places()).toHaveLength(30);
});

test("what is new or changed is synced all the same", async () => {
  const { pipeline, run } = await changed();
  pipeline.tenant.put(anAsset({ name: "T3", description: "as edited" }));

  expect((await run()).summary).toMatchObject({ metadata_changed: 0, deleted: 0, modified: 1 });
});

test("once the new scope is accepted, what is gone is deleted, and the next run needs no consent", async () => {
  const { pipeline, run } = await changed();

  expect((await run({ accept_scope_change: true })).summary.deleted).toBe(2);
  pipeline.tenant.delete("SALES.T4");
  expect((await run()).summary.deleted).toBe(1);
});
