import { expect, test } from "vitest";
import { sync } from "../../src/engine/sync.ts";
import type { Asset } from "../../src/model/asset.ts";
import type { Observed, Target } from "../../src/ports/target.ts";
import { aColumn, anAsset } from "../../src/testing/builders.ts";
import { peopleOf } from "../helpers/glue-harness.ts";
import { aGluePipeline, type GluePipeline } from "../helpers/glue-pipeline.ts";

/** A tenant of which nothing is written yet, and a catalog in which somebody is in the way of all but one of its assets. */
async function obstructed(): Promise<GluePipeline> {
  const pipeline = await aGluePipeline();
  const { glue, tenant } = pipeline;
  await glue.createDatabase({ DatabaseInput: { Name: "dsp_sales" } });
  const tables = {
    theirs: {},
    aview: { TableType: "VIRTUAL_VIEW" },
    alink: { TargetTable: { CatalogId: "123456789012", DatabaseName: "other", Name: "t" } },
    lake: { Parameters: { table_type: "ICEBERG" } },
  };
  for (const [Name, input] of Object.entries(tables)) await glue.createTable({ DatabaseName: "dsp_sales", TableInput: { Name, ...input } });
  await glue.createDatabase({ DatabaseInput: { Name: "dsp_hr", TargetDatabase: { CatalogId: "123456789012", DatabaseName: "people" } } });
  const assets: readonly Asset[] = [
    ...["Theirs", "AView", "ALink", "Lake", "Free"].map((name) => anAsset({ name })),
    anAsset({ space: "HR", name: "People" }),
    anAsset({ name: "Net Value" }),
    anAsset({ name: "NET_VALUE" }),
    anAsset({ name: "Columns", columns: [aColumn("Id"), aColumn("ID")] }),
  ];
  for (const asset of assets) tenant.put(asset);
  return pipeline;
}

const REASONS = [
  ["HR.People", "target_foreign"],
  ["SALES.ALink", "target_foreign"],
  ["SALES.AView", "target_foreign"],
  ["SALES.Columns", "column_collision"],
  ["SALES.Lake", "target_foreign"],
  ["SALES.NET_VALUE", "name_collision"],
  ["SALES.Net Value", "name_collision"],
  ["SALES.Theirs", "target_foreign"],
];

test("a plan tells of each asset what stands in its way", async () => {
  const { plan } = await obstructed();
  const records = await plan();
  const withheld = records.flatMap((record) => (record.record === "withheld" ? [record.withheld] : []));
  expect(withheld.map(({ asset_id, because }) => [asset_id, because.code])).toEqual(REASONS);
  expect(withheld.find(({ asset_id }) => asset_id === "HR.People")?.because.message).toBe(
    "HR.People belongs in dsp_hr.people, and there stands a resource link in place of the database dsp_hr that Tidemark did not make. It is not touched. Rename one of the two.",
  );
});

test("a sync withholds them before its first write, and writes what nothing is in the way of", async () => {
  const { sandbox, ...pipeline } = await obstructed();
  const before = JSON.stringify(sandbox.tables("dsp_sales"));
  sandbox.reset({ counts: true });
  const report = await pipeline.sync();
  expect(report).toMatchObject({ status: "partial", summary: { created: 1, withheld: 8, failed: 0 } });
  expect(report.problems.map(({ asset_id, code }) => [asset_id, code])).toEqual(REASONS);
  const writes = sandbox.requests().filter((request) => request.writes);
  expect(writes.map(({ operation, table }) => [operation, table])).toEqual([["CreateTable", "free"]]);
  expect(JSON.stringify(sandbox.tables("dsp_sales").filter(({ Name }) => Name !== "free"))).toBe(before);
});

test("what somebody makes after the look is found by the write, and left as it is", async () => {
  const { using, tenant, sandbox, glue } = await aGluePipeline();
  tenant.put(anAsset({ name: "Orders" }));
  const report = await using((parts) => {
    const taken = async (...asked: Parameters<NonNullable<Target["taken"]>>): Promise<ReadonlyMap<string, Observed>> => {
      const found = await parts.target.taken?.(...asked);
      await peopleOf(glue).make("dsp_sales.orders", { description: "theirs" });
      return found ?? new Map();
    };
    return sync({ ...parts, target: { ...parts.target, taken } }, { signal: AbortSignal.timeout(60_000) });
  });
  expect(report).toMatchObject({ status: "partial", summary: { created: 0, withheld: 1 }, problems: [{ code: "target_foreign" }] });
  expect(sandbox.tables().map(({ Description }) => Description)).toEqual(["theirs"]);
});

test("where nothing is to be created, nothing is looked at but the table to delete", async () => {
  const { tenant, sandbox, ...pipeline } = await aGluePipeline();
  for (let n = 0; n < 5; n++) tenant.put(anAsset({ name: `T${n}` }));
  await pipeline.sync();
  tenant.put(anAsset({ name: "T1", tags: ["a"] }));
  tenant.delete("SALES.T4");
  sandbox.reset({ counts: true });
  await pipeline.sync();
  expect(sandbox.requests().map(({ operation }) => operation)).toEqual([
    "UpdateTable",
    "GetTable",
    // Before its mark, because it was never updated, and after it.
    "GetTable",
    "UpdateTable",
    "GetTable",
    "DeleteTable",
  ]);
  sandbox.reset({ counts: true });
  await pipeline.sync();
  expect(sandbox.counts().calls).toBe(0);
});
