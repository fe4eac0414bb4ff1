import { expect, test } from "vitest";
import { aMemoryPipeline, NEVER } from "../../test/helpers/memory-pipeline.ts";
import { TidemarkError } from "../model/errors.ts";
import type { CheckpointStore } from "../ports/checkpoint-store.ts";
import { createMemoryStore } from "../stores/memory/index.ts";
import { anAsset } from "../testing/builders.ts";
import { rebuild } from "./rebuild.ts";

const assets = Array.from({ length: 4 }, (_, n) => anAsset({ name: `T${n}`, description: `number ${n}` }));

function noState(): CheckpointStore {
  return createMemoryStore({ pipeline: "sales" });
}

test("a rebuilt state has the lineage and checkpoints that were lost, and the sync after it writes nothing", async () => {
  const pipeline = aMemoryPipeline(assets);
  await pipeline.sync();
  const [lost, writes] = [await pipeline.checkpoints(), pipeline.catalog.writes];
  const store = noState();

  const report = await rebuild(pipeline.parts(store), { signal: NEVER });

  await using before = await pipeline.store.reader();
  expect(report).toEqual({ pipeline: "sales", lineage: (await before.head())?.lineage, checkpoints: 4, set_aside: null });
  expect((await pipeline.checkpoints(store)).map(({ asset_id, fingerprint, snapshot }) => ({ asset_id, fingerprint, snapshot }))).toEqual(
    lost.map(({ asset_id, fingerprint, snapshot }) => ({ asset_id, fingerprint, snapshot })),
  );
  expect((await pipeline.sync(store)).summary).toMatchObject({ unchanged: 4, created: 0, modified: 0, deleted: 0 });
  expect(pipeline.catalog.writes).toBe(writes);
});

test("a sync without a state that meets its own marks begins nothing, and names the rebuild", async () => {
  const pipeline = aMemoryPipeline(assets);
  await pipeline.sync();

  await expect(pipeline.sync(noState())).rejects.toMatchObject({
    code: "state_lost",
    remedy: expect.stringContaining("checkpoint rebuild") as unknown,
  });
});

test("several lineages are a question, and a lineage that no table bears is none to adopt", async () => {
  const pipeline = aMemoryPipeline(assets);
  await pipeline.sync();
  pipeline.catalog.edit("SALES.T0", (table) => ({ ...table, mark: table.mark && { ...table.mark, lineage: "another" } }));
  const parts = pipeline.parts(noState());

  await expect(rebuild(parts, { signal: NEVER })).rejects.toMatchObject({
    code: "state_lost",
    message: expect.stringContaining("another") as unknown,
  });
  await expect(rebuild(parts, { signal: NEVER, lineage: "unheard-of" })).rejects.toMatchObject({ code: "usage" });
  expect(await rebuild(parts, { signal: NEVER, lineage: "another" })).toMatchObject({ lineage: "another", checkpoints: 1 });
});

test("a state that is there is not replaced; one that may be set aside is, and only if the target tells what to rebuild from", async () => {
  const pipeline = aMemoryPipeline(assets);
  await pipeline.sync();
  const fresh = noState();
  let isDamaged = true;
  const damaged: CheckpointStore = {
    reader: async () => {
      if (isDamaged) throw new TidemarkError("state_damaged", "The state is damaged.");
      return await fresh.reader();
    },
    acquire: () => fresh.acquire(),
    replace: (records) => fresh.replace(records),
    size: () => fresh.size(),
    setAside: async () => {
      isDamaged = false;
      return "quarantine/1";
    },
  };

  await expect(rebuild(pipeline.parts(), { signal: NEVER })).rejects.toMatchObject({ code: "usage" });
  await expect(rebuild(pipeline.parts(), { signal: NEVER, set_aside: "damaged" })).rejects.toMatchObject({ code: "usage" });
  await expect(rebuild(pipeline.parts(damaged), { signal: NEVER })).rejects.toMatchObject({ code: "state_damaged" });
  const elsewhere = aMemoryPipeline([]);
  await expect(rebuild(elsewhere.parts(damaged), { signal: NEVER, set_aside: "any" })).rejects.toMatchObject({ code: "usage" });
  expect(isDamaged).toBe(true);

  expect(await rebuild(pipeline.parts(damaged), { signal: NEVER, set_aside: "damaged" })).toMatchObject({
    checkpoints: 4,
    set_aside: "quarantine/1",
  });
});
