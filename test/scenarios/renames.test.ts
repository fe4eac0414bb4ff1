import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { runCli } from "../helpers/cli.ts";
import { aGlueSandbox } from "../helpers/sandbox-glue.ts";
import { emptyExports } from "./exports-folder.ts";

const orders = {
  kind: "entity",
  "@EndUserText.label": "Orders",
  elements: {
    ID: { type: "cds.Integer", key: true },
    NETWR: { type: "cds.Decimal", precision: 15, scale: 2, "@EndUserText.label": "Net value" },
  },
};

test.each(["show", "carry"] as const)(
  "with renames: %s a renamed asset is told as a rename; what people wrote on its table comes along only with carry",
  async (renames) => {
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
    const write = (name: string): Promise<void> =>
      writeFile(join(folder.path, "SALES", "all.json"), JSON.stringify({ definitions: { [name]: orders } }));
    await write("Orders");
    expect((await runCli(["sync", "--json"], { cwd: folder.root })).code).toBe(0);

    const { Table } = await glue.getTable({ DatabaseName: "dsp_sales", Name: "orders" });
    const { Name, Parameters, StorageDescriptor, PartitionKeys, TableType } = Table ?? {};
    const columns = (StorageDescriptor?.Columns ?? []).map((column) =>
      column.Name === "netwr" ? { ...column, Comment: "typed by hand" } : column,
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
    await write("SalesOrders");

    const plan = JSON.parse((await runCli(["plan", "--json"], { cwd: folder.root })).stdout) as {
      summary: object;
      renames: readonly object[];
    };
    expect(plan.renames).toEqual([{ from: "SALES.Orders", to: "SALES.SalesOrders", similarity: 1 }]);
    expect(plan.summary).toMatchObject({ created: 1, deleted: 1 });
    expect((await runCli(["sync", "--json"], { cwd: folder.root })).code).toBe(0);

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
    expect(JSON.parse((await runCli(["sync", "--json"], { cwd: folder.root })).stdout)).toMatchObject({
      summary: { unchanged: 1, created: 0, modified: 0 },
    });
  },
);
