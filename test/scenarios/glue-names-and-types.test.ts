import { expect, test } from "vitest";
import type { GlueTargetOptions } from "../../src/connectors/glue/index.ts";
import type { Asset } from "../../src/model/asset.ts";
import { preview } from "../../src/engine/preview.ts";
import { sync } from "../../src/engine/sync.ts";
import { aColumn, anAsset } from "../../src/testing/builders.ts";
import { glueTargetAt } from "../helpers/glue-harness.ts";
import { aGluePipeline, type GluePipeline } from "../helpers/glue-pipeline.ts";

const signal = AbortSignal.timeout(60_000);
const orders: Asset = anAsset({ name: "Orders", columns: [aColumn("ID", "cds.UUID"), aColumn("N", "cds.Integer")] });

async function inStep(): Promise<GluePipeline> {
  const pipeline = await aGluePipeline();
  pipeline.tenant.put(orders);
  pipeline.tenant.put(anAsset({ name: "Items", columns: [aColumn("N", "cds.Integer")] }));
  await pipeline.sync();
  return pipeline;
}

/** The same pipeline with other options of its target. */
function changed(pipeline: GluePipeline, options: Partial<GlueTargetOptions>) {
  const using = <T>(work: Parameters<typeof pipeline.using<T>>[0]): Promise<T> =>
    pipeline.using(async (parts) => {
      const target = glueTargetAt(pipeline.sandbox.url, { database_prefix: "dsp_", ...options });
      try {
        return await work({ ...parts, target });
      } finally {
        await target.close();
      }
    });
  return {
    using,
    sync: (more = {}) => using((parts) => sync(parts, { signal, ...more })),
    changes: () =>
      using(async (parts) => {
        await using plan = await preview(parts, { signal });
        const records = (await Array.fromAsync(plan.records())).flat();
        return records.flatMap((record) => (record.record === "step" ? [[record.step.change.asset_id, record.step.change.cause]] : []));
      }),
  };
}

test("an overridden type shows as a change of the mapping for the assets that it bears on, and the source's type can be read back", async () => {
  const pipeline = await inStep();
  const other = changed(pipeline, { types: { "cds.UUID": "char(36)" } });

  expect(await other.changes()).toEqual([["SALES.Orders", "mapping"]]);
  expect((await other.sync()).summary).toMatchObject({ modified: 1, unchanged: 1 });

  const { Table } = await pipeline.glue.getTable({ DatabaseName: "dsp_sales", Name: "orders" });
  expect(Table?.StorageDescriptor?.Columns?.map(({ Type }) => Type)).toEqual(["char(36)", "int"]);
  await other.using(async ({ target }) => {
    const seen = (await target.observe(["dsp_sales.orders"], { signal })).get("dsp_sales.orders");
    expect(seen?.state === "present" ? target.restore(seen.document) : seen).toEqual(orders);
  });
  pipeline.sandbox.reset({ counts: true });
  expect((await other.sync()).summary).toMatchObject({ modified: 0, unchanged: 2 });
  expect(pipeline.sandbox.counts().writes).toBe(0);
});

test("a changed template is a changed scope: nothing moves until it is accepted", async () => {
  const pipeline = await inStep();
  const other = changed(pipeline, { database: "{prefix}{space}_raw", table: "sap_{name}" });

  expect(await other.sync()).toMatchObject({ status: "partial", summary: { modified: 0, withheld: 2 } });
  const report = await other.sync({ accept_scope_change: true });

  expect(report.summary).toMatchObject({ modified: 2 });
  expect(report.problems.map(({ code }) => code)).toEqual(["table_left_behind", "table_left_behind"]);
  expect(pipeline.sandbox.tables("dsp_sales_raw").map(({ Name }) => Name)).toEqual(["sap_items", "sap_orders"]);
});
