import { expect, test } from "vitest";
import { aMemoryPipeline, type MemoryPipeline, NEVER } from "../../test/helpers/memory-pipeline.ts";
import { anAsset } from "../testing/builders.ts";
import type { RunReport } from "../model/report.ts";
import { parseSelection } from "../model/selection.ts";
import { forget } from "./forget.ts";
import type { Parts, RunOptions } from "./parts.ts";
import { preview } from "./preview.ts";
import { sync } from "./sync.ts";

const [A, B] = [anAsset({ space: "SALES", name: "A" }), anAsset({ space: "HR", name: "B" })];

/** A pipeline whose first run wrote all, and whose second found all as it was recorded. */
async function atRest(): Promise<MemoryPipeline> {
  const pipeline = aMemoryPipeline([A, B]);
  await pipeline.sync();
  await pipeline.sync();
  return pipeline;
}

/** A run, and how often it listed the source. */
async function listings(
  pipeline: MemoryPipeline,
  options: Partial<RunOptions> = {},
  change: (parts: Parts) => Parts = (parts) => parts,
): Promise<{ readonly report: RunReport; readonly listed: number }> {
  let listed = 0;
  const parts = change(pipeline.parts());
  const { source } = parts;
  const counting: Parts = {
    ...parts,
    source: {
      ...source,
      list: (call) => {
        listed++;
        return source.list(call);
      },
    },
  };
  const report = await sync(counting, { signal: NEVER, ...options });
  return { report, listed };
}

test("a source that is as it was when nothing differed is not listed, and its run tells what one that lists would", async () => {
  const pipeline = await atRest();
  const { report, listed } = await listings(pipeline);
  expect(listed).toBe(0);
  expect(report).toMatchObject({ status: "succeeded", summary: { assets: 2, unchanged: 2 }, problems: [] });
  const other = aMemoryPipeline([A, B]);
  for (let runs = 0; runs < 2; runs++) await other.sync();
  const { source: told } = other.parts();
  const { report: whole } = await listings(other, {}, (parts) => ({ ...parts, source: { ...told, isAsListed: async () => false } }));
  const same = ({ summary, spaces, status, problems, by_strategy }: RunReport): object => ({
    summary,
    spaces,
    status,
    problems,
    by_strategy,
  });
  expect(same(report)).toEqual(same(whole));
});

test("it stays at rest from run to run, and a plan sees it too", async () => {
  const pipeline = await atRest();
  for (let runs = 0; runs < 3; runs++) expect((await listings(pipeline)).listed).toBe(0);
  const parts = pipeline.parts();
  const list = (): never => {
    throw new Error("it was listed");
  };
  await using plan = await preview({ ...parts, source: { ...parts.source, list } }, { signal: NEVER });
  expect(plan.summary).toMatchObject({ assets: 2, unchanged: 2 });
  expect(plan.listings.map(({ scope, complete }) => [scope, complete])).toEqual([
    ["HR", true],
    ["SALES", true],
  ]);
});

test("every twenty-fourth generation all is compared, whatever is known", async () => {
  const pipeline = await atRest();
  const listed: number[] = [];
  for (let generation = 3; generation <= 49; generation++) if ((await listings(pipeline)).listed > 0) listed.push(generation);
  expect(listed).toEqual([25, 49]);
});

test("the run that first finds nothing different lists, for the one before may have left something", async () => {
  const pipeline = aMemoryPipeline([A, B]);
  expect((await listings(pipeline)).listed).toBe(1);
  expect((await listings(pipeline)).listed).toBe(1);
  expect((await listings(pipeline)).listed).toBe(0);
});

test("a change is seen, and one that takes it back again", async () => {
  const pipeline = await atRest();
  pipeline.tenant.put({ ...A, content: { ...A.content, business_name: "other" } });
  expect((await listings(pipeline)).report.summary).toMatchObject({ modified: 1 });
  pipeline.tenant.put(A);
  const { report, listed } = await listings(pipeline);
  expect([listed, report.summary]).toMatchObject([1, { modified: 1 }]);
});

test.each<[string, Partial<RunOptions>]>([
  ["--full", { full: true }],
  ["--full-read", { full_read: true }],
  ["--reconcile", { reconcile: true }],
  ["--select", { select: parseSelection("space:SALES") }],
])("a run with %s lists, and leaves no catalog at rest of which it saw a part", async (_, options) => {
  const pipeline = await atRest();
  expect((await listings(pipeline, options)).listed).toBe(1);
  expect((await listings(pipeline)).listed).toBe(1);
});

test("a forgotten checkpoint is met again, though the source is as it was", async () => {
  const pipeline = await atRest();
  await forget(pipeline.parts(), A.id);
  const { report, listed } = await listings(pipeline);
  expect([listed, report.summary]).toMatchObject([1, { assets: 2, unchanged: 1 }]);
});

test("a table that the target's mapping would write differently is met again", async () => {
  const pipeline = await atRest();
  const { listed } = await listings(pipeline, {}, (parts) => ({ ...parts, target: { ...parts.target, mapping: "another" } }));
  expect(listed).toBe(1);
});

test("a source of which a problem is to be told is listed each time", async () => {
  const pipeline = aMemoryPipeline([A, B]);
  pipeline.tenant.broken.set(B.id, "it is garbled");
  for (let runs = 0; runs < 3; runs++) {
    const { report, listed } = await listings(pipeline);
    expect([listed, report.problems]).toMatchObject([1, [{ asset_id: B.id }]]);
  }
});

test("a run that ended before its commit leaves no catalog at rest", async () => {
  const pipeline = await atRest();
  pipeline.tenant.put({ ...A, content: { ...A.content, business_name: "other" } });
  const parts = pipeline.parts();
  const put = (): never => {
    throw new Error("killed");
  };
  await sync({ ...parts, target: { ...parts.target, put } }, { signal: NEVER }).catch(() => undefined);
  pipeline.tenant.put(A);
  expect((await listings(pipeline)).listed).toBe(1);
});
