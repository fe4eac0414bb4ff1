import { expect, test } from "vitest";
import { aMemoryPipeline, type MemoryPipeline } from "../../test/helpers/memory-pipeline.ts";
import type { Parts } from "../engine/parts.ts";
import { sync } from "../engine/sync.ts";
import type { RunReport } from "../model/report.ts";
import type { WriteResult } from "../ports/target.ts";
import { anAsset } from "../testing/builders.ts";

const assets = Array.from({ length: 7 }, (_, n) => anAsset({ name: `T${n}` }));

interface Watched {
  /** What is asked of a table's write, instead of writing it; null lets it be written. */
  readonly answer?: (asset_id: string) => WriteResult | null;
  readonly signal?: AbortSignal;
}

/** Syncs in batches of three and answers with the report and the order of what became durable and what was sent. */
async function watchedSync(
  pipeline: MemoryPipeline,
  { answer = () => null, signal = new AbortController().signal }: Watched = {},
): Promise<{ readonly report: RunReport; readonly order: readonly string[] }> {
  const order: string[] = [];
  const { target, store, ...rest } = pipeline.parts();
  const parts: Parts = {
    ...rest,
    target: {
      ...target,
      put: async (request, options) => {
        order.push(`put ${request.asset.content.technical_name}`);
        return answer(request.asset.id) ?? (await target.put(request, options));
      },
    },
    store: {
      ...store,
      acquire: async () => {
        const lease = await store.acquire();
        return {
          ...lease,
          intend: async (intents) => {
            order.push(`intend ${intents.length}`);
            return await lease.intend(intents);
          },
          record: async (outcomes) => {
            order.push(`record ${outcomes.length}`);
            await lease.record(outcomes);
          },
        };
      },
    },
  };
  return { report: await sync(parts, { signal }), order };
}

test("the intents of a batch are durable before the first of its effects, and its outcomes after the last", async () => {
  const pipeline = aMemoryPipeline(assets, { batch_size: 3, max_parallel_jobs: 3 });

  const { order } = await watchedSync(pipeline);

  expect(order).toEqual([
    "intend 3",
    "put T0",
    "put T1",
    "put T2",
    "record 3",
    "intend 3",
    "put T3",
    "put T4",
    "put T5",
    "record 3",
    "intend 1",
    "put T6",
    "record 1",
  ]);
});

test("an asset that the target refuses fails alone, and its checkpoint is not stored", async () => {
  const pipeline = aMemoryPipeline(assets, { batch_size: 3 });
  const refused: WriteResult = {
    status: "refused",
    again: false,
    problem: { asset_id: "SALES.T1", code: "write_failed", message: "The target said no." },
  };

  const { report } = await watchedSync(pipeline, { answer: (id) => (id === "SALES.T1" ? refused : null) });

  expect([report.status, report.summary.created, report.summary.failed]).toEqual(["partial", 6, 1]);
  expect((await pipeline.checkpoints()).map(({ asset_id }) => asset_id)).not.toContain("SALES.T1");
  expect((await pipeline.sync()).summary).toMatchObject({ created: 1, unchanged: 6 });
});

test("after an interruption no further batch begins; what was done is recorded, and the next run goes on", async () => {
  const pipeline = aMemoryPipeline(assets, { batch_size: 3, max_parallel_jobs: 1 });
  const interruption = new AbortController();

  const { report, order } = await watchedSync(pipeline, {
    signal: interruption.signal,
    answer: (id) => {
      if (id === "SALES.T1") interruption.abort(new Error("SIGINT"));
      return null;
    },
  });

  expect(order.filter((call) => call.startsWith("put"))).toEqual(["put T0", "put T1"]);
  expect(report.problems.map(({ code }) => code)).toEqual(["interrupted"]);
  expect((await pipeline.checkpoints()).map(({ asset_id }) => asset_id)).toEqual(["SALES.T0", "SALES.T1"]);
  await using reader = await pipeline.store.reader();
  expect(await reader.intents()).toEqual([]);
  expect((await pipeline.sync()).summary).toMatchObject({ created: 5, unchanged: 2 });
});
