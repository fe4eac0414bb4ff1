import type { Glue } from "@aws-sdk/client-glue";
import { expect, test } from "vitest";
import { glueTargetAt } from "../../../test/helpers/glue-harness.ts";
import { glueSourceAt } from "../../../test/helpers/glue-source.ts";
import { aGlueSandbox } from "../../../test/helpers/sandbox-glue.ts";
import type { Listed, ListingCertificate } from "../../model/listing.ts";
import { anAsset } from "../../testing/builders.ts";
import type { GlueSandbox } from "../../sandbox/glue/start-glue-sandbox.ts";
import type { Source } from "../../ports/source.ts";

const { signal } = new AbortController();
const memory = { get: () => Promise.resolve(undefined), set: () => undefined };

const assets = [anAsset({ name: "Orders" }), anAsset({ name: "Items" }), anAsset({ space: "HR", name: "People" })];

/** A catalog that Tidemark wrote, with a table of somebody else's in it. */
async function written(): Promise<{ readonly sandbox: GlueSandbox; readonly glue: Glue; readonly source: Source }> {
  const { sandbox, glue } = await aGlueSandbox();
  const target = glueTargetAt(sandbox.url, { database_prefix: "dsp_" });
  for (const asset of assets) {
    const change = { asset_id: asset.id, change_type: "created", facets: [], strategy: "full", cause: "source", fields: [] } as const;
    await target.put({ mark: { lineage: "one", pipeline: "sales" }, change, asset, base: null, decisions: [] }, { signal });
  }
  await target.close();
  await glue.createTable({ DatabaseName: "dsp_sales", TableInput: { Name: "theirs", StorageDescriptor: { Columns: [] } } });
  return { sandbox, glue, source: glueSourceAt(sandbox.url, { identity: "asset" }) };
}

async function list(
  source: Source,
  ...known: readonly string[]
): Promise<{ readonly items: readonly Listed[]; readonly certificates: readonly ListingCertificate[] }> {
  const events = await Array.fromAsync(source.list({ signal, known: new Set(known), memory }));
  return {
    items: events.flatMap((event) => (event.kind === "listed" ? event.items : [])),
    certificates: events.flatMap((event) => (event.kind === "certificate" ? [event.certificate] : [])),
  };
}

test("tables are listed and read as the assets that their marks name, by the spaces of those", async () => {
  const { source } = await written();
  const { items, certificates } = await list(source, "SALES");
  expect(certificates).toEqual([
    { scope: "HR", complete: true, count: 1 },
    { scope: "SALES", complete: true, count: 2 },
  ]);
  const read = await Array.fromAsync(source.read(items, { signal }));
  expect(read.map((result) => (result.kind === "asset" ? result.asset : null))).toEqual([assets[2], assets[1], assets[0]]);
});

test("a space is complete where every database is, and one that lost all its tables is not", async () => {
  const { source, sandbox, glue } = await written();
  sandbox.fault({ fault: "access_denied", operation: "GetTables" });
  expect((await list(source, "HR", "SALES")).certificates.map(({ complete }) => complete)).toEqual([false, false]);
  await glue.deleteTable({ DatabaseName: "dsp_hr", Name: "people" });
  expect((await list(source, "HR", "SALES")).certificates).toMatchObject([
    { scope: "HR", complete: false, count: 0 },
    { scope: "SALES", complete: true, count: 2 },
  ]);
});

test("an asset is gone where no table tells it any more, and others of its space are there", async () => {
  const { source, sandbox, glue } = await written();
  await glue.deleteTable({ DatabaseName: "dsp_sales", Name: "items" });
  await glue.deleteTable({ DatabaseName: "dsp_hr", Name: "people" });
  const ids = ["SALES.Orders", "SALES.Items", "HR.People"];
  expect([...(await source.confirm(ids, { signal })).values()]).toEqual(["present", "gone", "unknown"]);
  sandbox.fault({ fault: "access_denied", operation: "GetTables", times: "always" });
  expect([...(await source.confirm(ids, { signal })).values()]).toEqual(["unknown", "unknown", "unknown"]);
});

test("two tables that tell one asset make its listing doubtful by being listed twice; one that tells another by now is not read", async () => {
  const { source, glue } = await written();
  const { items } = await list(source);
  const { Table } = await glue.getTable({ DatabaseName: "dsp_sales", Name: "orders" });
  const copy = { StorageDescriptor: Table?.StorageDescriptor, Parameters: Table?.Parameters };
  await glue.createTable({ DatabaseName: "dsp_sales", TableInput: { Name: "orders_copy", ...copy } });
  expect((await list(source)).items.filter(({ id }) => id === "SALES.Orders")).toHaveLength(2);
  await glue.updateTable({ DatabaseName: "dsp_sales", TableInput: { Name: "orders", ...copy, Parameters: {} } });
  const read = await Array.fromAsync(
    source.read(
      items.filter(({ id }) => id === "SALES.Orders"),
      { signal },
    ),
  );
  expect(read).toMatchObject([{ kind: "failed", problem: { asset_id: "SALES.Orders" } }]);
});

test("foreign tables tell no asset, so that they cannot be called by one", () => {
  expect(() => glueSourceAt("http://127.0.0.1:1", { identity: "asset", tables: "all" })).toThrow("the assets that their marks name");
});
