import { expect, test } from "vitest";
import { adopt, type AdoptOptions, previewAdoption } from "../../src/engine/adopt.ts";
import type { RunReport } from "../../src/model/report.ts";
import { aColumn, anAsset } from "../../src/testing/builders.ts";
import { peopleOf } from "../helpers/glue-harness.ts";
import { aGluePipeline, type GluePipeline } from "../helpers/glue-pipeline.ts";

const signal = AbortSignal.timeout(600_000);
const take = ({ using }: GluePipeline, options: Omit<AdoptOptions, "signal">): Promise<RunReport> =>
  using((parts) => adopt(parts, { signal, ...options }));

const orders = anAsset({
  name: "Orders",
  business_name: "Orders",
  columns: [aColumn("ID"), aColumn("NETWR")],
  custom_properties: { columns: { ID: { label: "Number" }, NETWR: { label: "Net value" } } },
});

/** A table that somebody made where an asset belongs, with all that people keep on one. */
async function inTheWay(): Promise<GluePipeline> {
  const pipeline = await aGluePipeline();
  pipeline.tenant.put(orders);
  pipeline.tenant.put(anAsset({ name: "Items" }));
  await pipeline.glue.createDatabase({ DatabaseInput: { Name: "dsp_sales" } });
  await pipeline.glue.createTable({
    DatabaseName: "dsp_sales",
    TableInput: {
      Name: "orders",
      Description: "theirs",
      Owner: "Ann",
      TableType: "MANAGED_TABLE",
      Parameters: { steward: "Ann", classification: "parquet" },
      StorageDescriptor: {
        Location: "s3://bucket/orders",
        Columns: [
          { Name: "extra", Type: "date" },
          { Name: "id", Type: "string", Comment: "the key" },
        ],
      },
    },
  });
  return pipeline;
}

test("a table in the way is a conflict; taken over on request it keeps what it has, and the next run writes nothing", async () => {
  const pipeline = await inTheWay();
  expect(await pipeline.sync()).toMatchObject({
    status: "partial",
    summary: { created: 1, withheld: 1 },
    problems: [{ code: "target_foreign" }],
  });

  pipeline.sandbox.reset({ counts: true });
  await pipeline.using(async (parts) => {
    await using plan = await previewAdoption(parts, { signal, assets: ["SALES.Orders", "SALES.Items"] });
    expect(plan.summary).toMatchObject({ created: 1, unchanged: 1 });
    expect(plan.problems.map(({ code }) => code)).toEqual(["text_kept", "text_kept"]);
  });
  expect(pipeline.sandbox.counts().writes).toBe(0);

  expect(await take(pipeline, { assets: ["SALES.Orders"] })).toMatchObject({ status: "succeeded", summary: { created: 1 } });
  expect(pipeline.sandbox.counts().writes).toBe(1);
  const { Table } = await pipeline.glue.getTable({ DatabaseName: "dsp_sales", Name: "orders" });
  expect(Table).toMatchObject({
    Description: "theirs",
    TableType: "MANAGED_TABLE",
    Parameters: { steward: "Ann", classification: "parquet", "tidemark.asset": "SALES.Orders" },
    StorageDescriptor: { Location: "s3://bucket/orders" },
  });
  expect(Table?.StorageDescriptor?.Columns?.map(({ Name, Type, Comment }) => [Name, Type, Comment])).toEqual([
    ["id", "int", "the key"],
    ["netwr", "int", "Net value"],
    ["extra", "date", undefined],
  ]);
  pipeline.sandbox.reset({ counts: true });
  expect(await pipeline.sync()).toMatchObject({ status: "succeeded", summary: { unchanged: 2 } });
  expect((await pipeline.verify()).summary).toMatchObject({ unchanged: 2, edited: 0 });
  expect(pipeline.sandbox.counts().writes).toBe(0);
});

test("a space is taken over whole, and an update of the source later keeps what was adopted", async () => {
  const pipeline = await inTheWay();
  expect((await take(pipeline, { space: "SALES" })).summary).toMatchObject({ created: 1, unchanged: 1 });
  pipeline.tenant.put({ ...orders, content: { ...orders.content, business_name: "Sales orders" } });
  await pipeline.sync();
  expect(await peopleOf(pipeline.glue).see("dsp_sales.orders")).toMatchObject({
    description: "theirs",
    comments: { id: "the key" },
    parameters: { steward: "Ann" },
  });
});

test("a table of an older history of the pipeline is taken over; one of another pipeline and a view are not", async () => {
  const pipeline = await aGluePipeline();
  const change = { asset_id: "", change_type: "created", facets: [], strategy: "full", cause: "source", fields: [] } as const;
  await pipeline.using(async ({ target }) => {
    const mine = { lineage: "older", pipeline: "sales" };
    for (const [name, mark] of [
      ["Mine", mine],
      ["Theirs", { ...mine, pipeline: "hr" }],
    ] as const)
      await target.put({ mark, change, asset: anAsset({ name }), base: null, decisions: [] }, { signal });
  });
  await pipeline.glue.createTable({
    DatabaseName: "dsp_sales",
    TableInput: { Name: "aview", TableType: "VIRTUAL_VIEW", StorageDescriptor: { Columns: [] } },
  });
  pipeline.tenant.put(anAsset({ space: "HR", name: "First" }));
  // Without a state, the older tables would be a lost one: this history begins elsewhere.
  await expect(pipeline.sync()).rejects.toMatchObject({ code: "state_lost" });
  await pipeline.using(async ({ store }) => {
    await using lease = await store.acquire();
    const head = {
      lineage: "newer",
      pipeline: "sales",
      source_system: "datasphere" as const,
      scheme: (await import("../../src/detect/scheme.ts")).REFERENCE_SCHEME,
      scope: "",
      clean: true,
      recovered: false,
      listings: [],
    };
    await lease.begin(head);
    await lease.commit({ head, memory: new Map(), report: null });
  });
  for (const name of ["Mine", "Theirs", "AView"]) pipeline.tenant.put(anAsset({ name }));
  const before = JSON.stringify(pipeline.sandbox.tables("dsp_sales").filter(({ Name }) => Name !== "mine"));
  const report = await take(pipeline, { space: "SALES" });
  expect(report).toMatchObject({ status: "partial", summary: { created: 1, withheld: 2 } });
  expect(report.problems.map(({ code }) => code)).toEqual(["target_foreign", "target_foreign"]);
  expect(pipeline.sandbox.tables("dsp_sales").find(({ Name }) => Name === "mine")?.Parameters).toMatchObject({ "tidemark.owner": "newer" });
  expect(JSON.stringify(pipeline.sandbox.tables("dsp_sales").filter(({ Name }) => Name !== "mine"))).toBe(before);
});

test("an asset that the source does not list ends the command before anything is written", async () => {
  const pipeline = await inTheWay();
  await expect(take(pipeline, { assets: ["SALES.Orders", "SALES.Nowhere"] })).rejects.toMatchObject({
    code: "usage",
    message: expect.stringContaining("SALES.Nowhere"),
  });
  expect(pipeline.sandbox.tables("dsp_sales").map(({ Description }) => Description)).toEqual(["theirs"]);
});
