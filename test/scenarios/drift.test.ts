import { join } from "node:path";
import type { Table } from "@aws-sdk/client-glue";
import { expect, test } from "vitest";
import { rebuild } from "../../src/engine/rebuild.ts";
import { glueTargetAt, peopleOf } from "../helpers/glue-harness.ts";
import { writeLargeCatalog } from "../helpers/large-catalog.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";
import { aGluePipeline, type GluePipeline } from "../helpers/glue-pipeline.ts";
import { aColumn, anAsset } from "../../src/testing/builders.ts";
import type { Asset } from "../../src/model/asset.ts";
import type { PolicyFor } from "../../src/model/merge-policy.ts";

const orders = (business_name = "Orders"): Asset =>
  anAsset({
    name: "Orders",
    business_name,
    owner: "Sales",
    columns: [aColumn("ID"), aColumn("NETWR", "cds.Decimal", { precision: 15, scale: 2 })],
    custom_properties: { columns: { ID: { label: "Number" }, NETWR: { label: "Net value" } } },
  });

/** Three tables, in step, and the people who work on them. */
async function inStep(): Promise<GluePipeline & { readonly people: ReturnType<typeof peopleOf> }> {
  const pipeline = await aGluePipeline();
  for (const asset of [orders(), anAsset({ name: "Items" }), anAsset({ space: "HR", name: "People" })]) pipeline.tenant.put(asset);
  expect((await pipeline.sync()).status).toBe("succeeded");
  return { ...pipeline, people: peopleOf(pipeline.glue) };
}

const ORDERS = "dsp_sales.orders";

test("a target that nobody touched has no drift, and looking at it writes nothing", async () => {
  const { verify, sandbox } = await inStep();
  sandbox.reset({ counts: true });
  expect(await verify()).toEqual({ summary: { checkpoints: 3, unchanged: 3, edited: 0, missing: 0, added: 0, kept: 0 }, drift: [] });
  expect(sandbox.counts().writes).toBe(0);
});

test("an edit of our part is drift, field by field; texts and parameters that people own are kept", async () => {
  const { verify, people } = await inStep();
  await people.damage(ORDERS);
  await people.describe(ORDERS, "typed by hand");
  await people.comment(ORDERS, "netwr", "typed too");
  await people.setParameter(ORDERS, "pii", "no");
  await people.setParameter("dsp_sales.items", "steward", "Ann");
  const { summary, drift } = await verify();
  expect(summary).toEqual({ checkpoints: 3, unchanged: 1, edited: 1, missing: 0, added: 0, kept: 1 });
  expect(drift).toEqual([
    {
      kind: "kept",
      asset_id: "SALES.Items",
      ref: "dsp_sales.items",
      fields: [{ path: "/target/Parameters/steward", theirs: "Ann", kept: true }],
    },
    {
      kind: "edited",
      asset_id: "SALES.Orders",
      ref: ORDERS,
      fields: [
        { path: "/content/description", ours: "Orders", theirs: "typed by hand", kept: true },
        { path: "/metadata/custom_properties/columns/NETWR/label", ours: "Net value", theirs: "typed too", kept: true },
        { path: "/schema/columns/ID/type", ours: "int", theirs: "map<string,string>" },
        { path: "/target/Parameters/pii", theirs: "no", kept: true },
      ],
    },
  ]);
});

test("a column that was deleted, an owner that was changed and a mark that was stripped are drift", async () => {
  const { verify, glue, people } = await inStep();
  const { Table } = await glue.getTable({ DatabaseName: "dsp_sales", Name: "orders" });
  const [, ...rest] = Table?.StorageDescriptor?.Columns ?? [];
  const input = { Name: "orders", Description: Table?.Description, TableType: Table?.TableType, Parameters: Table?.Parameters };
  await glue.updateTable({
    DatabaseName: "dsp_sales",
    TableInput: { ...input, Owner: "somebody", StorageDescriptor: { ...Table?.StorageDescriptor, Columns: rest } },
  });
  const items = await glue.getTable({ DatabaseName: "dsp_sales", Name: "items" });
  await glue.updateTable({
    DatabaseName: "dsp_sales",
    TableInput: { Name: "items", StorageDescriptor: items.Table?.StorageDescriptor, Parameters: {} },
  });
  await people.drop("dsp_hr.people");
  const { drift } = await verify();
  expect(drift.map(({ kind, asset_id }) => [kind, asset_id])).toEqual([
    ["missing", "HR.People"],
    ["edited", "SALES.Items"],
    ["edited", "SALES.Orders"],
  ]);
  const paths = drift.map((one) => ("fields" in one ? one.fields.filter(({ kept }) => kept === undefined).map(({ path }) => path) : []));
  expect(paths[1]).toContain("/target/Parameters/tidemark.owner");
  expect(paths[2]).toEqual(expect.arrayContaining(["/content/owner", "/schema/columns/ID"]));
});

test("a table with our mark that no checkpoint tells of is added: a copy, and one of another history", async () => {
  const { verify, glue, sandbox } = await inStep();
  const { Table } = await glue.getTable({ DatabaseName: "dsp_sales", Name: "orders" });
  const copy = { StorageDescriptor: Table?.StorageDescriptor, Parameters: Table?.Parameters };
  await glue.createTable({ DatabaseName: "dsp_sales", TableInput: { ...copy, Name: "orders_copy" } });
  const other = glueTargetAt(sandbox.url, { database_prefix: "dsp_" });
  const change = { asset_id: "SALES.Old", change_type: "created", facets: [], strategy: "full", cause: "source", fields: [] } as const;
  await other.put(
    { mark: { lineage: "older", pipeline: "sales" }, change, asset: anAsset({ name: "Old" }), base: null, decisions: [] },
    { signal: new AbortController().signal },
  );
  await other.close();
  const { summary, drift } = await verify();
  expect(summary).toMatchObject({ unchanged: 3, added: 2 });
  expect(drift).toMatchObject([
    { kind: "added", asset_id: "SALES.Old", ref: "dsp_sales.old", lineage: "older" },
    { kind: "added", asset_id: "SALES.Orders", ref: "dsp_sales.orders_copy" },
  ]);
});

test("a plain sync leaves drift alone; one that reconciles repairs structure, restores what is missing and keeps typed texts", async () => {
  const { sync, plan, verify, people, glue, sandbox } = await inStep();
  await people.damage(ORDERS);
  await people.describe(ORDERS, "typed by hand");
  await people.setParameter(ORDERS, "pii", "no");
  await people.drop("dsp_hr.people");
  await people.describe("dsp_sales.items", "only typed");
  expect((await sync()).summary).toMatchObject({ modified: 0, unchanged: 3 });

  const steps = (await plan({ reconcile: true })).flatMap((record) => (record.record === "step" ? [record.step] : []));
  expect(steps.map(({ change }) => [change.asset_id, change.cause])).toEqual([
    ["HR.People", "drift"],
    ["SALES.Orders", "drift"],
  ]);
  expect(steps[1]?.change.fields).toEqual([{ path: "/schema/columns/ID/type", old: "map<string,string>", new: "int" }]);

  sandbox.reset({ counts: true });
  const report = await sync({ reconcile: true });
  expect(report).toMatchObject({ status: "succeeded", summary: { modified: 2, unchanged: 1 } });
  expect(sandbox.counts().writes).toBe(2);
  const { Table } = await glue.getTable({ DatabaseName: "dsp_sales", Name: "orders" });
  expect(Table?.StorageDescriptor?.Columns?.map(({ Type }) => Type)).toEqual(["int", "decimal(15,2)"]);
  expect([Table?.Description, Table?.Parameters?.["pii"]]).toEqual(["typed by hand", "no"]);
  expect((await verify()).summary).toMatchObject({ edited: 0, missing: 0, added: 0 });
  expect((await sync({ reconcile: true })).summary).toMatchObject({ modified: 0, unchanged: 3 });
});

test("an edit of the structure stays drift after an update of something else, until it is reconciled", async () => {
  const { tenant, sync, verify, people } = await inStep();
  await people.damage(ORDERS);
  tenant.put(orders("Sales orders"));
  await sync();
  expect((await verify()).drift).toMatchObject([
    { kind: "edited", asset_id: "SALES.Orders", fields: [{ path: "/schema/columns/ID/type" }] },
  ]);
  await people.damage(ORDERS);
  tenant.put(orders("Orders of sales"));
  expect((await sync({ reconcile: true })).summary).toMatchObject({ modified: 1 });
  expect((await verify()).summary).toMatchObject({ edited: 0 });
});

/** Somebody deletes a column, and a run updates something else of its asset. */
async function deletedBefore(policyFor?: PolicyFor): Promise<GluePipeline & { readonly columns: () => Promise<readonly unknown[]> }> {
  const pipeline = await aGluePipeline(policyFor === undefined ? {} : { target: { policyFor } });
  const { glue, tenant } = pipeline;
  const table = async (): Promise<Table> => (await glue.getTable({ DatabaseName: "dsp_sales", Name: "orders" })).Table as Table;
  tenant.put(orders());
  await pipeline.sync();
  const { Owner, Description, TableType, Parameters, StorageDescriptor } = await table();
  const Columns = StorageDescriptor?.Columns?.filter(({ Name }) => Name !== "netwr");
  const TableInput = { Name: "orders", Owner, Description, TableType, Parameters, StorageDescriptor: { ...StorageDescriptor, Columns } };
  await glue.updateTable({ DatabaseName: "dsp_sales", TableInput });
  tenant.put(orders("Sales orders"));
  expect((await pipeline.sync()).status).toBe("succeeded");
  return { ...pipeline, columns: async () => (await table()).StorageDescriptor?.Columns?.map(({ Name }) => Name) ?? [] };
}

const DELETED = { path: "/schema/columns/NETWR", ours: { type: "cds.Decimal(15,2)" } };

test("a column that people deleted stays away through an ordinary update, stays drift after it, and is brought back on request", async () => {
  const { columns, verify, sync, sandbox } = await deletedBefore();
  expect(await columns()).toEqual(["id"]);
  expect((await verify()).drift).toMatchObject([{ kind: "edited", asset_id: "SALES.Orders", fields: [DELETED] }]);
  expect((await sync({ reconcile: true })).summary).toMatchObject({ modified: 1 });
  expect(await columns()).toEqual(["id", "netwr"]);
  expect((await verify()).summary).toMatchObject({ unchanged: 1, edited: 0, kept: 0 });
  sandbox.reset({ counts: true });
  await sync({ reconcile: true });
  expect(sandbox.counts().writes).toBe(0);
});

test("where the structure is the target's, a column that people deleted is kept so, and told", async () => {
  const { columns, verify, sync } = await deletedBefore(() => "target_wins");
  expect((await verify()).drift).toMatchObject([{ kind: "kept", fields: [{ ...DELETED, kept: true }] }]);
  expect((await sync({ reconcile: true })).summary).toMatchObject({ modified: 0, unchanged: 1 });
  expect(await columns()).toEqual(["id"]);
});

test("a table that may not be seen is a problem, neither missing nor restored", async () => {
  const { sync, verify, people, sandbox, using } = await inStep();
  await people.drop("dsp_hr.people");
  sandbox.fault({ fault: "access_denied", operation: "GetTable", times: "always" });
  const { summary } = await verify();
  expect(summary).toMatchObject({ missing: 0 });
  sandbox.clearFaults();
  expect((await sync({ reconcile: true })).status).toBe("succeeded");
  expect(
    await using(
      async ({ target }) => (await target.observe(["dsp_hr.people"], { signal: new AbortController().signal })).get("dsp_hr.people")?.state,
    ),
  ).toBe("present");
});

test("a policy that holds a text reports its edit as drift and does not rewrite it again and again", async () => {
  const policyFor = (_id: string, path: string) => (path === "/content/description" ? ("hold" as const) : ("source_wins" as const));
  const pipeline = await aGluePipeline({ target: { policyFor } });
  pipeline.tenant.put(orders());
  await pipeline.sync();
  const people = peopleOf(pipeline.glue);
  await people.describe(ORDERS, "typed by hand");
  await people.comment(ORDERS, "id", "typed too");
  expect((await pipeline.verify()).drift).toMatchObject([
    { kind: "edited", fields: [{ path: "/content/description" }, { path: "/metadata/custom_properties/columns/ID/label" }] },
  ]);
  expect((await pipeline.sync({ reconcile: true })).summary).toMatchObject({ modified: 1 });
  expect(await people.see(ORDERS)).toMatchObject({ description: "typed by hand", comments: { id: "Number" } });
  pipeline.sandbox.reset({ counts: true });
  await pipeline.sync({ reconcile: true });
  expect(pipeline.sandbox.counts().writes).toBe(0);
});

test(
  "ten thousand tables are verified with about a hundred requests, reconciled with one more for each write, and synced with none",
  { timeout: 600_000 },
  async () => {
    const assets = Array.from({ length: 10_000 }, (_, n) => anAsset({ space: `S${n % 4}`, name: `T${n}` }));
    const file = join(await temporaryFolder(), "catalog.jsonl");
    const target = glueTargetAt("http://127.0.0.1:1", { database_prefix: "dsp_" });
    await writeLargeCatalog(file, assets, target, { lineage: "lineage-1", pipeline: "sales" });
    const pipeline = await aGluePipeline({ sandbox: { file }, settings: { batch_size: 1_000 } });
    for (const asset of assets) pipeline.tenant.put(asset);
    const signal = AbortSignal.timeout(600_000);
    const requests = async (work: () => Promise<unknown>): Promise<readonly [calls: number, writes: number]> => {
      pipeline.sandbox.reset({ counts: true });
      await work();
      return [pipeline.sandbox.counts().calls, pipeline.sandbox.counts().writes];
    };
    // The state is recovered from the marks: twice through the tables, once to learn whose they are.
    expect(await requests(() => pipeline.using((parts) => rebuild(parts, { signal })))).toEqual([202, 0]);
    expect((await requests(() => pipeline.sync()))[1]).toBe(0);
    expect(await requests(() => pipeline.sync())).toEqual([0, 0]);
    expect(await requests(() => pipeline.verify())).toEqual([101, 0]);

    const people = peopleOf(pipeline.glue);
    for (let n = 0; n < 10; n++) await people.damage(`dsp_s${n % 4}.t${n}`);
    for (let n = 10; n < 20; n++) await people.drop(`dsp_s${n % 4}.t${n}`);
    const [calls, writes] = await requests(() => pipeline.sync({ reconcile: true }));
    expect(writes).toBe(20);
    // Beside the scan and the writes: four databases to see, and the first create and update to read back.
    expect(calls).toBe(101 + 20 + 4 + 2);
    expect(await requests(() => pipeline.sync({ reconcile: true }))).toEqual([101, 0]);
  },
);
