import { expect, test } from "vitest";
import { aMemoryPipeline, type MemoryPipeline } from "../../test/helpers/memory-pipeline.ts";
import type { Parts } from "../engine/parts.ts";
import { sync } from "../engine/sync.ts";
import type { RunReport } from "../model/report.ts";
import type { DeleteRequest, Target, WriteResult } from "../ports/target.ts";
import { anAsset } from "../testing/builders.ts";

const GONE = 7;

/** Ten assets in step, of which seven then go. */
async function aPipeline(): Promise<MemoryPipeline> {
  const pipeline = aMemoryPipeline(
    Array.from({ length: 10 }, (_, n) => anAsset({ name: `T${n}` })),
    { batch_size: 4, max_parallel_jobs: 2 },
  );
  await pipeline.sync();
  for (let n = 0; n < GONE; n++) pipeline.tenant.delete(`SALES.T${n}`);
  return pipeline;
}

type RemoveAll = (target: Target, requests: readonly DeleteRequest[]) => Promise<readonly WriteResult[]>;

const signal = new AbortController().signal;
const one = (target: Target, request: DeleteRequest): Promise<WriteResult> => target.remove(request, { signal });

/** A sync whose target removes several tables at once, and what it was asked: how many at once, and which again by themselves. */
async function syncWith(
  pipeline: MemoryPipeline,
  removeAll: RemoveAll,
): Promise<{ readonly report: RunReport; readonly together: readonly number[]; readonly alone: readonly string[] }> {
  const together: number[] = [];
  const alone: string[] = [];
  const { target, ...rest } = pipeline.parts();
  const parts: Parts = {
    ...rest,
    target: {
      ...target,
      remove: async (request, options) => {
        alone.push(request.asset_id);
        return await target.remove(request, options);
      },
      removeAll: async (requests) => {
        together.push(requests.length);
        return await removeAll(target, requests);
      },
    },
  };
  return { report: await sync(parts, { signal, allow_deletes: GONE }), together, alone };
}

const all: RemoveAll = (target, requests) => Promise.all(requests.map((request) => one(target, request)));

test("the removals of a batch are asked for together", async () => {
  const pipeline = await aPipeline();

  const { report, together, alone } = await syncWith(pipeline, all);

  expect([report.status, report.summary.deleted, together, alone]).toEqual(["succeeded", GONE, [4, 3], []]);
  expect((await pipeline.checkpoints()).map(({ asset_id }) => asset_id)).toEqual(["SALES.T7", "SALES.T8", "SALES.T9"]);
});

test("of one whose outcome is unknown the place is read; gone it counts as removed, else it is removed by itself", async () => {
  const pipeline = await aPipeline();
  const unknown: WriteResult = { status: "unknown", problem: { code: "outcome_unknown", message: "No answer came." } };

  const { report, alone } = await syncWith(pipeline, async (target, requests) => {
    const answers = await Promise.all(
      requests.map(async (request) => (request.asset_id === "SALES.T1" ? unknown : await one(target, request))),
    );
    return answers.map((answer, at) => (requests[at]?.asset_id === "SALES.T2" ? unknown : answer));
  });

  expect([report.status, report.summary.deleted, alone]).toEqual(["succeeded", GONE, ["SALES.T1"]]);
});

test("when the target is lost in the midst of them, nothing of them is recorded, and the next run finds out what became of them", async () => {
  const pipeline = await aPipeline();

  await expect(
    syncWith(pipeline, async (target, [first]) => {
      if (first !== undefined) await one(target, first);
      throw new Error("The target is gone.");
    }),
  ).rejects.toThrow("The target is gone.");

  {
    await using reader = await pipeline.store.reader();
    expect((await reader.intents()).map(({ op }) => op)).toEqual(["remove", "remove", "remove", "remove"]);
  }
  expect((await syncWith(pipeline, all)).report.status).toBe("succeeded");
  expect(pipeline.catalog.places()).toHaveLength(10 - GONE);
  expect((await pipeline.checkpoints()).map(({ asset_id }) => asset_id)).toEqual(["SALES.T7", "SALES.T8", "SALES.T9"]);
});
