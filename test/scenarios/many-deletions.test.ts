import { expect, test } from "vitest";
import type { Asset } from "../../src/model/asset.ts";
import { anAsset } from "../../src/testing/builders.ts";
import { aGluePipeline } from "../helpers/glue-pipeline.ts";

test("two hundred and fifty deletions of tables never updated take a read and a mark each, and ten requests in all to read the marks back and delete", async () => {
  const pipeline = await aGluePipeline();
  const asset = (n: number): Asset => anAsset({ space: n < 90 ? "HR" : "SALES", name: `T${n}` });
  for (let n = 0; n < 300; n++) pipeline.tenant.put(asset(n));
  await pipeline.sync();
  for (let n = 1; n <= 250; n++) pipeline.tenant.delete(asset(n).id);
  pipeline.sandbox.reset({ counts: true });

  expect((await pipeline.sync({ allow_deletes: 250 })).summary).toMatchObject({ deleted: 250, unchanged: 50, failed: 0 });

  const calls = Object.entries(pipeline.sandbox.counts().operations).map(([name, counts]) => [name, counts?.calls]);
  // The one read more is the first update's, which tells how versions are counted.
  expect(Object.fromEntries(calls)).toEqual({ UpdateTable: 250, GetTable: 251, GetTables: 6, BatchDeleteTable: 4 });
  expect((await pipeline.verify()).summary).toMatchObject({ unchanged: 50, missing: 0, added: 0 });
});

test("a table that somebody made in the place of ours, which bears the same revision, is not deleted with our asset", async () => {
  const pipeline = await aGluePipeline();
  pipeline.tenant.put(anAsset({ name: "Orders" }));
  await pipeline.sync();
  await pipeline.glue.deleteTable({ DatabaseName: "dsp_sales", Name: "orders" });
  await pipeline.glue.createTable({ DatabaseName: "dsp_sales", TableInput: { Name: "orders", Description: "made by hand" } });
  pipeline.tenant.delete("SALES.Orders");

  await pipeline.sync();

  expect(pipeline.sandbox.tables().map(({ Name, Description }) => [Name, Description])).toEqual([["orders", "made by hand"]]);
  expect((await pipeline.sync()).summary).toMatchObject({ deleted: 0 });
});
