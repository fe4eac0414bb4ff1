import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Glue } from "@aws-sdk/client-glue";
import { expect, test } from "vitest";
import type { GlueSandbox } from "../../src/sandbox/glue/start-glue-sandbox.ts";
import { aConfiguredPipeline } from "../helpers/configured-pipeline.ts";
import { peopleOf } from "../helpers/glue-harness.ts";
import { putTable } from "../helpers/glue-source.ts";
import { aGlueSandbox } from "../helpers/sandbox-glue.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";

/** Two catalogs, the first with tables that jobs and people made. */
async function twoCatalogs(): Promise<{
  readonly lake: GlueSandbox;
  readonly copy: GlueSandbox;
  readonly people: Glue;
  readonly readers: Glue;
}> {
  const [{ sandbox: lake, glue: people }, { sandbox: copy, glue: readers }] = [await aGlueSandbox(), await aGlueSandbox()];
  for (const Name of ["sales-eu", "sales_us", "scratch"]) await people.createDatabase({ DatabaseInput: { Name } });
  await putTable(people, "sales-eu", {
    Name: "orders",
    Description: "All orders",
    Owner: "Ann",
    TableType: "EXTERNAL_TABLE",
    Parameters: { classification: "parquet", numRows: "1" },
    StorageDescriptor: {
      Location: "s3://lake/orders",
      Columns: [
        { Name: "id", Type: "bigint", Comment: "Number" },
        { Name: "lines", Type: "array<struct<sku:string,qty:int>>" },
        { Name: "note", Type: "string" },
      ],
    },
    PartitionKeys: [{ Name: "day", Type: "date" }],
  });
  for (const Name of ["items", "people"])
    await putTable(people, "sales_us", { Name, StorageDescriptor: { Columns: [{ Name: "id", Type: "int" }] } });
  await putTable(people, "scratch", { Name: "tmp", StorageDescriptor: { Columns: [{ Name: "id", Type: "int" }] } });
  return { lake, copy, people, readers };
}

const glueAt = (sandbox: GlueSandbox, more: object = {}): object => ({
  type: "glue",
  region: "eu-central-1",
  endpoint: sandbox.url,
  ...more,
});

test("tables of matching databases are copied with their types, and an edit, a deletion and a drift are carried; a run with no change writes nothing", async () => {
  const { lake, copy, people, readers } = await twoCatalogs();
  const pipeline = await aConfiguredPipeline(glueAt(lake, { databases: ["sales*"] }), glueAt(copy, { database_prefix: "lake_" }));
  expect(await pipeline.sync()).toMatchObject({ status: "succeeded", summary: { created: 3 } });
  expect(copy.tables().map(({ DatabaseName, Name }) => `${DatabaseName}.${Name}`)).toEqual([
    "lake_sales_2deu.orders",
    "lake_sales_us.items",
    "lake_sales_us.people",
  ]);
  const { Table: orders } = await readers.getTable({ DatabaseName: "lake_sales_2deu", Name: "orders" });
  expect(orders).toMatchObject({ Description: "All orders", Owner: "Ann" });
  expect(orders?.StorageDescriptor?.Columns?.map(({ Name, Type, Comment }) => [Name, Type, Comment])).toEqual([
    ["id", "bigint", "Number"],
    ["lines", "array<struct<sku:string,qty:int>>", undefined],
    ["note", "string", undefined],
    ["day", "date", undefined],
  ]);
  expect((await pipeline.checkpoints()).map(({ asset_id, source_system }) => [asset_id, source_system])).toEqual([
    ["sales%2Deu.orders", "glue"],
    ["sales_us.items", "glue"],
    ["sales_us.people", "glue"],
  ]);

  lake.reset({ counts: true });
  copy.reset({ counts: true });
  expect(await pipeline.sync()).toMatchObject({ status: "succeeded", summary: { unchanged: 3 } });
  // A page of databases and one of tables for each.
  expect([lake.counts().calls, lake.counts().writes, copy.counts().writes]).toEqual([3, 0, 0]);

  // What jobs count is no change; a comment is.
  await people.updateTable({
    DatabaseName: "sales_us",
    TableInput: { Name: "people", Parameters: { numRows: "7" }, StorageDescriptor: { Columns: [{ Name: "id", Type: "int" }] } },
  });
  await peopleOf(people).comment("sales-eu.orders", "id", "Order number");
  await people.deleteTable({ DatabaseName: "sales_us", Name: "items" });
  expect(await pipeline.sync()).toMatchObject({ status: "succeeded", summary: { metadata_changed: 1, deleted: 1, unchanged: 1 } });
  expect((await peopleOf(readers).see("lake_sales_2deu.orders"))?.comments).toEqual({ id: "Order number" });
  expect(copy.tables("lake_sales_us").map(({ Name }) => Name)).toEqual(["people"]);

  await peopleOf(readers).damage("lake_sales_us.people");
  expect(await pipeline.verify()).toMatchObject({ edited: 1, missing: 0, added: 0 });
});

test("a copy of Tidemark's own tables is this pipeline's, with the assets that they tell, and no mark of the first pipeline", async () => {
  const { sandbox: first, glue } = await aGlueSandbox();
  const { sandbox: second, glue: readers } = await aGlueSandbox();
  const folder = await temporaryFolder();
  await mkdir(join(folder, "SALES"));
  const definition = {
    kind: "entity",
    "@EndUserText.label": "Orders",
    elements: {
      "Order ID": { type: "cds.UUID", key: true, notNull: true, "@EndUserText.label": "Number" },
      NETWR: { type: "cds.Decimal", precision: 15, scale: 2 },
    },
  };
  await writeFile(join(folder, "SALES", "all.json"), JSON.stringify({ definitions: { Orders: definition } }));
  const datasphere = await aConfiguredPipeline({ type: "csn", path: folder }, glueAt(first, { database_prefix: "dsp_" }), "datasphere");
  expect((await datasphere.sync()).status).toBe("succeeded");
  await glue.createTable({
    DatabaseName: "dsp_sales",
    TableInput: { Name: "theirs", StorageDescriptor: { Columns: [{ Name: "a", Type: "int" }] } },
  });

  const copying = await aConfiguredPipeline(glueAt(first, { tables: "own" }), glueAt(second));
  expect(await copying.sync()).toMatchObject({ status: "succeeded", summary: { created: 1 } });
  const { Table } = await readers.getTable({ DatabaseName: "dsp_sales", Name: "orders" });
  const { Table: original } = await glue.getTable({ DatabaseName: "dsp_sales", Name: "orders" });
  expect(Table?.Parameters).toMatchObject({ "tidemark.pipeline": "copy", "tidemark.asset": "dsp_sales.orders" });
  expect(Table?.Parameters?.["tidemark.owner"]).not.toBe(original?.Parameters?.["tidemark.owner"]);
  expect(
    Table?.StorageDescriptor?.Columns?.map(({ Name, Type, Comment, Parameters }) => [Name, Type, Comment, Parameters?.["tidemark.name"]]),
  ).toEqual([
    ["order_id", "varchar(36)", "Number", "Order ID"],
    ["netwr", "decimal(15,2)", undefined, "NETWR"],
  ]);
  first.reset({ counts: true });
  second.reset({ counts: true });
  expect(await copying.sync()).toMatchObject({ status: "succeeded", summary: { unchanged: 1 } });
  expect([first.counts().writes, second.counts().writes]).toEqual([0, 0]);

  const foreign = await aConfiguredPipeline(glueAt(first, { tables: "foreign" }), glueAt(second, { database_prefix: "raw_" }), "foreign");
  expect(await foreign.sync()).toMatchObject({ status: "succeeded", summary: { created: 1 } });
  expect(second.tables("raw_dsp_sales").map(({ Name }) => Name)).toEqual(["theirs"]);
});

test("a database that is denied or gone deletes nothing, and says so", async () => {
  const { lake, copy, people } = await twoCatalogs();
  const pipeline = await aConfiguredPipeline(glueAt(lake, { databases: ["sales_us", "sales-eu"] }), glueAt(copy));
  expect((await pipeline.sync()).summary).toMatchObject({ created: 3 });
  await people.deleteDatabase({ Name: "sales_us" });
  const gone = await pipeline.sync();
  expect(gone).toMatchObject({ status: "partial", summary: { deleted: 0 } });
  expect(gone.problems).toMatchObject([{ code: "listing_incomplete", scope: "sales_us" }]);
  lake.fault({ fault: "access_denied", operation: "GetTables", times: "always" });
  expect(await pipeline.sync()).toMatchObject({ status: "partial", summary: { deleted: 0 } });
  lake.clearFaults();
  lake.fault({ fault: "internal_error_before", operation: "GetTables", times: "always" });
  await expect(pipeline.sync()).rejects.toMatchObject({ code: "source_unavailable" });
  expect(copy.tables()).toHaveLength(3);
});

test("pages that end early, come empty or lead in a circle do not shorten a listing in silence", async () => {
  const { lake, copy } = await twoCatalogs();
  const pipeline = await aConfiguredPipeline(glueAt(lake, { databases: ["sales*"] }), glueAt(copy));
  lake.fault(
    { fault: "short_page", operation: "GetTables", rows: 0, times: 2 },
    { fault: "short_page", operation: "GetDatabases", rows: 1 },
  );
  expect(await pipeline.sync()).toMatchObject({ status: "succeeded", summary: { created: 3 } });
});

test(
  "a first sync costs a page for every hundred tables to list and about as many to read, not a request for each",
  { timeout: 120_000 },
  async () => {
    const { sandbox: lake, glue } = await aGlueSandbox();
    const { sandbox: copy } = await aGlueSandbox();
    await glue.createDatabase({ DatabaseInput: { Name: "big" } });
    for (let n = 0; n < 450; n++)
      await glue.createTable({
        DatabaseName: "big",
        TableInput: { Name: `t${n}`, StorageDescriptor: { Columns: [{ Name: "id", Type: "int" }] } },
      });
    const pipeline = await aConfiguredPipeline(glueAt(lake, { databases: ["big"] }), glueAt(copy));
    lake.reset({ counts: true });
    expect((await pipeline.sync()).summary).toMatchObject({ created: 450 });
    expect(lake.counts().calls).toBeLessThanOrEqual(5 + 10);
    await peopleOf(glue).describe("big.t7", "changed");
    lake.reset({ counts: true });
    expect((await pipeline.sync()).summary).toMatchObject({ modified: 1, unchanged: 449 });
    expect(lake.counts().calls).toBe(5 + 1);
  },
);

test("a pipeline that would copy its own copies is refused before anything is opened", async () => {
  const { sandbox } = await aGlueSandbox();
  await expect(aConfiguredPipeline(glueAt(sandbox), glueAt(sandbox, { database_prefix: "copy_" }))).rejects.toMatchObject({
    code: "config_invalid",
    message: expect.stringContaining("pipelines[0].target: may be the catalog that the source reads"),
  });
});
