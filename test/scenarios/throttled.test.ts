import { expect, test } from "vitest";
import { anAsset } from "../../src/testing/builders.ts";
import { aGluePipeline } from "../helpers/glue-pipeline.ts";

test("three hundred changed tables by sixteen writers at twenty updates a second: all succeed, with at most a tenth more requests than needed", async () => {
  const pipeline = await aGluePipeline({ settings: { max_parallel_jobs: 16, retry: { attempts: 5, base_ms: 100, max_ms: 2_000 } } });
  const assets = Array.from({ length: 300 }, (_, n) => anAsset({ name: `T${n}` }));
  for (const asset of assets) pipeline.tenant.put(asset);
  await pipeline.sync();
  for (const asset of assets) pipeline.tenant.put({ ...asset, content: { ...asset.content, business_name: "changed" } });
  pipeline.sandbox.settings({ calls_per_second: { UpdateTable: 20 } });
  pipeline.sandbox.reset({ counts: true });
  const report = await pipeline.sync();
  expect(report).toMatchObject({ status: "succeeded", summary: { modified: 300, failed: 0 } });
  const { calls, throttled } = pipeline.sandbox.counts();
  // One more is needed: the first update of a process is read back.
  expect(calls - 301).toBe(throttled);
  expect(calls).toBeLessThanOrEqual(301 * 1.1);
});
