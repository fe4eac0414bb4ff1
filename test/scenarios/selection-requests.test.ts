import { expect, onTestFinished, test } from "vitest";
import { MemoryCatalog } from "../../src/connectors/memory/index.ts";
import { parseSelection } from "../../src/model/selection.ts";
import { aConfiguredPipeline } from "../helpers/configured-pipeline.ts";
import { putTable } from "../helpers/glue-source.ts";
import { aGlueSandbox } from "../helpers/sandbox-glue.ts";
import { aTable, assetsIn, memoryTarget, openTenantPipeline } from "../helpers/tenant-pipeline.ts";

// What a selection of a space costs, counted by those who are asked.

const OF_HR = { select: parseSelection("space:HR") };

test.each([true, false])("a tenant is asked for the selected space alone, whose listing alone is renewed (flows: %s)", async (flows) => {
  const catalog = new MemoryCatalog();
  const pipeline = await openTenantPipeline({
    target: memoryTarget(catalog),
    tenant: { assets: 45, spaces: ["FIN", "HR", "SALES"], flows: 15, settings: { timestamps: true } },
    flows,
  });
  onTestFinished(() => pipeline[Symbol.asyncDispose]());
  const { tenant } = pipeline;
  await pipeline.sync();
  const before = assetsIn(catalog);
  tenant.reset({ counts: true });
  await pipeline.sync();
  const whole = tenant.requests(1_000).length;
  const gone = before.find((id) => id.startsWith("SALES."));
  tenant.edit({ edit: "delete", space: "SALES", name: (gone ?? "").slice("SALES.".length) });
  for (const space of ["HR", "SALES"]) tenant.edit({ edit: "add", space, name: "ADDED", type: "localtables", definition: aTable() });
  tenant.reset({ counts: true });

  const report = await pipeline.sync(OF_HR);

  const urls = tenant.requests(1_000).map(({ url }) => url);
  expect(urls.filter((url) => url.includes("/spaces/HR/")).length).toBeGreaterThan(0);
  expect(urls.filter((url) => /\/spaces\/(FIN|SALES)\//.test(url))).toEqual([]);
  expect(urls.length).toBeLessThan(whole);
  expect(report).toMatchObject({ status: "succeeded", summary: { created: 1, deleted: 0, metadata_changed: 0 }, problems: [] });
  expect(report.spaces?.map(({ space }) => space)).toEqual(["HR"]);
  expect(assetsIn(catalog)).toEqual([...before, "HR.ADDED"].toSorted());
  expect(await pipeline.sync()).toMatchObject({ status: "succeeded", summary: { created: 1, deleted: 1, metadata_changed: 0 } });
});

test("a Glue catalog is asked for the tables of the selected database alone, and what another lost stays until it is listed", async () => {
  const [{ sandbox: lake, glue: people }, { sandbox: copy }] = [await aGlueSandbox(), await aGlueSandbox()];
  const databases = ["hr", "sales_eu", "sales_us"];
  for (const Name of databases) {
    await people.createDatabase({ DatabaseInput: { Name } });
    for (const table of ["one", "two"])
      await putTable(people, Name, { Name: table, StorageDescriptor: { Columns: [{ Name: "id", Type: "int" }] } });
  }
  const at = (endpoint: string, more: object): object => ({ type: "glue", region: "eu-central-1", endpoint, ...more });
  const pipeline = await aConfiguredPipeline(at(lake.url, { databases: ["*"] }), at(copy.url, { database_prefix: "copy_" }));
  await pipeline.sync();
  const OF_DATABASE = { select: parseSelection("space:hr") };
  lake.reset({ counts: true });
  expect((await pipeline.sync(OF_DATABASE)).summary).toMatchObject({ assets: 2, unchanged: 2 });
  // A page of databases, and one of the tables of hr.
  expect(lake.counts().calls).toBe(2);
  for (const DatabaseName of databases) await people.deleteTable({ DatabaseName, Name: "two" });

  const report = await pipeline.sync(OF_DATABASE);

  expect([report.status, report.summary.deleted]).toEqual(["succeeded", 1]);
  expect(copy.tables().map(({ DatabaseName, Name }) => `${DatabaseName}.${Name}`)).toEqual([
    "copy_hr.one",
    ...["eu", "us"].flatMap((place) => [`copy_sales_${place}.one`, `copy_sales_${place}.two`]),
  ]);
  expect((await pipeline.sync()).summary).toMatchObject({ deleted: 2, unchanged: 3 });
});
