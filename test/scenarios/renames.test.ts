import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { runCli } from "../helpers/cli.ts";
import { aGlueSandbox } from "../helpers/sandbox-glue.ts";
import { emptyExports } from "./exports-folder.ts";

const ID = { ID: { type: "cds.Integer", key: true } };
const NET = { type: "cds.Decimal", precision: 15, scale: 2, "@EndUserText.label": "Net value" };
const orders = { kind: "entity", "@EndUserText.label": "Orders", elements: { ...ID, NETWR: NET } };

/** A sync of `SALES.Orders` to Glue is done, and somebody typed on its table and on its column NETWR since. */
async function syncedAndEdited(renames: "show" | "carry") {
  const { sandbox, glue } = await aGlueSandbox();
  const folder = await emptyExports();
  onTestFinished(() => folder[Symbol.asyncDispose]());
  const target = { type: "glue", region: "eu-central-1", endpoint: sandbox.url, database_prefix: "dsp_" };
  await writeFile(
    join(folder.root, "tidemark.json"),
    JSON.stringify({
      pipelines: [{ name: "p", source: { type: "csn", path: "./exports" }, target }],
      checkpoint_management: { path: "./checkpoints" },
      renames,
    }),
  );
  await mkdir(join(folder.path, "SALES"));
  const write = (definitions: object): Promise<void> => writeFile(join(folder.path, "SALES", "all.json"), JSON.stringify({ definitions }));
  const run = (...args: string[]) => runCli([...args, "--json"], { cwd: folder.root });
  await write({ Orders: orders });
  expect((await run("sync")).code).toBe(0);

  const { Table } = await glue.getTable({ DatabaseName: "dsp_sales", Name: "orders" });
  const { Name, Parameters, StorageDescriptor, PartitionKeys, TableType } = Table ?? {};
  const columns = (StorageDescriptor?.Columns ?? []).map((column) =>
    column.Name === "netwr" ? { ...column, Comment: "typed by hand", Parameters: { ...column.Parameters, pii: "no" } } : column,
  );
  await glue.updateTable({
    DatabaseName: "dsp_sales",
    TableInput: {
      Name,
      PartitionKeys,
      TableType,
      Description: "typed by hand",
      Parameters: { ...Parameters, steward: "Ada" },
      StorageDescriptor: { ...StorageDescriptor, Columns: columns },
    },
  });
  return { sandbox, write, run };
}

test.each(["show", "carry"] as const)(
  "with renames: %s a renamed asset is told as a rename; what people wrote on its table comes along only with carry",
  async (renames) => {
    const { sandbox, write, run } = await syncedAndEdited(renames);
    await write({ SalesOrders: orders });

    const plan = JSON.parse((await run("plan")).stdout) as { summary: object; renames: readonly object[] };
    expect(plan.renames).toEqual([{ from: "SALES.Orders", to: "SALES.SalesOrders", similarity: 1 }]);
    expect(plan.summary).toMatchObject({ created: 1, deleted: 1 });
    expect((await run("sync")).code).toBe(0);

    const [table, ...others] = sandbox.tables("dsp_sales");
    expect(others).toEqual([]);
    const typed = {
      name: table?.Name,
      description: table?.Description,
      steward: table?.Parameters?.["steward"],
      comment: table?.StorageDescriptor?.Columns?.[1]?.Comment,
    };
    expect(typed).toEqual(
      renames === "carry"
        ? { name: "salesorders", description: "typed by hand", steward: "Ada", comment: "typed by hand" }
        : { name: "salesorders", description: "Orders", steward: undefined, comment: "Net value" },
    );
    expect(JSON.parse((await run("sync")).stdout)).toMatchObject({ summary: { unchanged: 1, created: 0, modified: 0 } });
  },
);

test.each(["show", "carry"] as const)(
  "with renames: %s a renamed column is told as a rename; what people wrote on it comes along only with carry",
  async (renames) => {
    const { sandbox, write, run } = await syncedAndEdited(renames);
    await write({ Orders: { ...orders, elements: { ...ID, NET_VALUE: NET } } });

    const plan = JSON.parse((await run("plan")).stdout) as { changes: readonly object[]; renames: readonly object[] };
    expect(plan.changes).toMatchObject([{ column_renames: [{ from: "NETWR", to: "NET_VALUE", similarity: 1 }] }]);
    expect(plan.renames).toEqual([]);
    expect((await run("sync")).code).toBe(0);

    const [table] = sandbox.tables("dsp_sales");
    const columns = (table?.StorageDescriptor?.Columns ?? []).map(({ Name, Comment, Parameters }) => [Name, Comment, Parameters?.["pii"]]);
    expect(columns).toEqual([
      ["id", undefined, undefined],
      renames === "carry" ? ["net_value", "typed by hand", "no"] : ["net_value", "Net value", undefined],
    ]);
    expect(table).toMatchObject({ Description: "typed by hand", Parameters: { steward: "Ada" } });
    expect(JSON.parse((await run("sync")).stdout)).toMatchObject({ summary: { unchanged: 1, created: 0, schema_changed: 0 } });
    expect((await run("verify")).code).toBe(0);
  },
);
