import { expect, test } from "vitest";
import { aMemoryPipeline } from "../../test/helpers/memory-pipeline.ts";
import { anAsset } from "../testing/builders.ts";
import { forget } from "./forget.ts";

test("a forgotten asset loses its checkpoint and keeps its table, and the next sync goes on with that very table", async () => {
  const pipeline = aMemoryPipeline([anAsset({ name: "A" }), anAsset({ name: "B" })]);
  await pipeline.sync();
  pipeline.catalog.edit("SALES.A", (table) => ({ ...table, parameters: { theirs: "kept" } }));

  await forget(pipeline.parts(), "SALES.A");
  expect((await pipeline.checkpoints()).map(({ asset_id }) => asset_id)).toEqual(["SALES.B"]);

  expect((await pipeline.sync()).status).toBe("succeeded");
  expect((await pipeline.checkpoints()).map(({ asset_id }) => asset_id)).toEqual(["SALES.A", "SALES.B"]);
  expect(pipeline.catalog.read("SALES.A")?.table.parameters).toEqual({ theirs: "kept" });
});

test("the audit trail tells what was forgotten, with its last fingerprint", async () => {
  const pipeline = aMemoryPipeline([anAsset({ name: "A" })]);
  await pipeline.sync();
  const [checkpoint] = await pipeline.checkpoints();

  await forget(pipeline.parts(), "SALES.A");

  await using reader = await pipeline.store.reader();
  expect(await reader.history({ limit: 1 })).toMatchObject([
    { asset_id: "SALES.A", change_type: "forgotten", before: checkpoint?.fingerprint, after: null },
  ]);
});

test("what has no checkpoint cannot be forgotten, with or without a state", async () => {
  const pipeline = aMemoryPipeline([anAsset({ name: "A" })]);

  await expect(forget(pipeline.parts(), "SALES.A")).rejects.toMatchObject({ code: "usage" });
  await pipeline.sync();
  await expect(forget(pipeline.parts(), "SALES.a")).rejects.toMatchObject({ code: "usage" });
});
