import { expect, test } from "vitest";
import { anAsset } from "../../src/testing/builders.ts";
import { aGluePipeline, type GluePipeline, type GluePipelineOptions } from "../helpers/glue-pipeline.ts";

/** Our table was dropped, and somebody made one of their own under its name: it bears the same revision as long as nobody updated either. */
async function aTableMadeAnew(target: GluePipelineOptions["target"] = {}): Promise<GluePipeline> {
  const pipeline = await aGluePipeline({ target });
  pipeline.tenant.put(anAsset({ name: "Orders" }));
  pipeline.tenant.put(anAsset({ name: "Customers" }));
  await pipeline.sync();
  await pipeline.glue.deleteTable({ DatabaseName: "dsp_sales", Name: "orders" });
  await pipeline.glue.createTable({ DatabaseName: "dsp_sales", TableInput: { Name: "orders", Description: "made by hand" } });
  pipeline.tenant.put(anAsset({ name: "Orders", business_name: "Orders since June" }));
  pipeline.sandbox.reset({ counts: true });
  return pipeline;
}

function descriptionOfOrders({ sandbox }: GluePipeline): string | undefined {
  return sandbox.tables().find(({ Name }) => Name === "orders")?.Description;
}

test("with look_before_first_update, a table that somebody made in the place of ours is left to them, for one read of each such table", async () => {
  const pipeline = await aTableMadeAnew({ look_before_first_update: true });

  const report = await pipeline.sync();

  expect(report.problems.map(({ code, asset_id }) => [code, asset_id])).toEqual([["target_foreign", "SALES.Orders"]]);
  expect(descriptionOfOrders(pipeline)).toBe("made by hand");
  expect(pipeline.sandbox.counts().operations).toMatchObject({ GetTable: { calls: 1 } });
});

/** How many tables are read in each of three syncs: one that makes eight tables, and two that change them all. */
async function readsOf(look_before_first_update: boolean): Promise<readonly (number | undefined)[]> {
  const pipeline = await aGluePipeline({ target: { look_before_first_update }, settings: { full_sync_threshold: 1.1 } });
  const reads: (number | undefined)[] = [];
  for (const business_name of ["Orders", "Orders since June", "Orders since July"]) {
    for (let n = 0; n < 8; n++) pipeline.tenant.put(anAsset({ name: `T${n}`, business_name }));
    pipeline.sandbox.reset({ counts: true });
    await pipeline.sync();
    reads.push(pipeline.sandbox.counts().operations["GetTable"]?.calls);
  }
  return reads;
}

test("the look costs a read for the first update of each table, and nothing for a later one", async () => {
  const [made = 0, first = 0, second = 0] = await readsOf(false);

  expect(await readsOf(true)).toEqual([made, first + 8, second]);
});

test("without it, a table that somebody made in the place of ours is taken for ours: its revision does not tell it apart", async () => {
  const pipeline = await aTableMadeAnew();

  expect((await pipeline.sync()).problems).toEqual([]);

  expect(descriptionOfOrders(pipeline)).not.toBe("made by hand");
});
