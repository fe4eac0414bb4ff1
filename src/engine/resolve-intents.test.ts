import { expect, test } from "vitest";
import { aMemoryPipeline, type MemoryPipeline, NEVER } from "../../test/helpers/memory-pipeline.ts";
import { fingerprintOf } from "../connectors/memory/merge-memory-table.ts";
import type { Checkpoint, Intent } from "../model/checkpoint.ts";
import { anAsset } from "../testing/builders.ts";
import { anIntent } from "../testing/checkpoint-builders.ts";
import { openRun } from "./run-context.ts";
import { type Resolved, resolveIntents } from "./resolve-intents.ts";

const edited = anAsset({ name: "A", description: "as edited" });

/** A synced pipeline, of which a run was killed with one intent open. */
async function interrupted(traits: (synced: Checkpoint) => Partial<Intent>): Promise<MemoryPipeline> {
  const pipeline = aMemoryPipeline([anAsset({ name: "A" })]);
  await pipeline.sync();
  const [synced] = await pipeline.checkpoints();
  if (synced === undefined) throw new Error("The sync left no checkpoint.");
  await using lease = await pipeline.store.acquire();
  await lease.intend([anIntent("SALES.A", { ref: "SALES.A", ...traits(synced) })]);
  return pipeline;
}

async function resolved({ parts, store }: MemoryPipeline, unreadable = false): Promise<Resolved> {
  const { target, ...rest } = parts();
  const own = { ...rest, target: unreadable ? { ...target, observe: async () => new Map() } : target };
  await using reader = await store.reader();
  return await resolveIntents(own, await openRun(own, reader, { signal: NEVER }), reader, { signal: NEVER });
}

const put = (synced: Checkpoint): Partial<Intent> => ({
  fingerprint: fingerprintOf(edited),
  pending: { ...synced, snapshot: edited, sync_version: 2 },
});

/** What the killed run's request does when it arrives. */
function land({ catalog }: MemoryPipeline): void {
  catalog.edit("SALES.A", (table) => ({
    ...table,
    asset: edited,
    mark: table.mark && { ...table.mark, fingerprint: fingerprintOf(edited) },
  }));
}

test("a write that took place is adopted with what the target holds now, told as recovered, and watched for two more runs", async () => {
  const pipeline = await interrupted(put);
  land(pipeline);

  const { outcomes, limbo } = await resolved(pipeline);

  expect(outcomes).toMatchObject([
    {
      seq: null,
      checkpoint: { sync_version: 2, snapshot: edited, target: { revision: "1", fingerprint: fingerprintOf(edited) } },
      history: { outcome: "recovered", change_type: "modified" },
    },
  ]);
  expect(limbo.map((intent) => intent.limbo)).toEqual([1]);
});

test("a write that is not to be seen changes no checkpoint, and its intent stays open because it may still land", async () => {
  const pipeline = await interrupted(put);

  expect(await resolved(pipeline)).toMatchObject({ outcomes: [], limbo: [{ limbo: 1 }] });
});

test("an intent met unresolved in two runs is given up in the third", async () => {
  const pipeline = await interrupted((synced) => ({ ...put(synced), limbo: 2 }));

  const { outcomes, limbo } = await resolved(pipeline);

  expect([outcomes, limbo]).toMatchObject([[{ seq: expect.any(Number) as unknown, checkpoint: undefined }], []]);
});

test("a target that will not say keeps the intent as it is, however often it was met", async () => {
  const pipeline = await interrupted((synced) => ({ ...put(synced), limbo: 2 }));
  land(pipeline);

  expect(await resolved(pipeline, true)).toMatchObject({ outcomes: [], limbo: [{ limbo: 2 }] });
});

test("a removal is adopted where the table is gone, and not where it still stands", async () => {
  const [gone, standing] = [
    await interrupted(() => ({ op: "remove", pending: null })),
    await interrupted(() => ({ op: "remove", pending: null })),
  ];
  gone.catalog.drop("SALES.A");

  expect((await resolved(gone)).outcomes).toMatchObject([{ checkpoint: null, history: { change_type: "deleted", outcome: "recovered" } }]);
  expect((await resolved(standing)).outcomes).toEqual([]);
});

test("a table of ours at the place of an intent that told of none is adopted as it tells itself", async () => {
  const pipeline = await interrupted(() => ({ op: "remove", pending: null }));
  await using lease = await pipeline.store.acquire();
  await lease.record([{ seq: null, asset_id: "SALES.A", checkpoint: null }]);

  expect((await resolved(pipeline)).outcomes).toMatchObject([
    { seq: null, asset_id: "SALES.A", checkpoint: { sync_version: 1, target: { ref: "SALES.A" } } },
  ]);
});
