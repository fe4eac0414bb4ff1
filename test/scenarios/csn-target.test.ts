import { mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { toAsset } from "../../src/csn/to-asset.ts";
import { fromAsset } from "../../src/csn/from-asset.ts";
import { NO_OVERLAY } from "../../src/csn/overlay.ts";
import type { JsonObject } from "../../src/model/json.ts";
import { parseJson } from "../../src/model/parse-json.ts";
import { arbitraryAsset } from "../helpers/arbitrary-assets.ts";
import { aConfiguredPipeline } from "../helpers/configured-pipeline.ts";
import { peopleOf } from "../helpers/glue-harness.ts";
import { putTable } from "../helpers/glue-source.ts";
import { aGlueSandbox } from "../helpers/sandbox-glue.ts";
import { describeShared, sharedPath } from "../helpers/shared.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";

async function filesIn(folder: string): Promise<readonly string[]> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  return found
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .toSorted();
}

const json = async (path: string): Promise<JsonObject> => parseJson(await readFile(path, "utf8"), { maxDepth: 100 }) as JsonObject;

describeShared("real exports", () => {
  test("written out as files and read back, every asset is the same, and the next run writes nothing", async () => {
    const out = join(await temporaryFolder(), "out");
    const pipeline = await aConfiguredPipeline({ type: "csn", path: sharedPath("data", "csn") }, { type: "csn", path: out });
    const assets = await pipeline.assets();
    expect(assets.size).toBe(21);
    expect(await pipeline.sync()).toMatchObject({ status: "succeeded", summary: { created: 21 } });
    expect(await filesIn(out)).toHaveLength(21);
    const back = await aConfiguredPipeline({ type: "csn", path: out }, { type: "changefeed", path: "./feed.jsonl" });
    expect(await back.assets()).toEqual(assets);
    const before = await Promise.all((await filesIn(out)).map((file) => stat(join(out, file))));
    expect(await pipeline.sync()).toMatchObject({ status: "succeeded", summary: { unchanged: 21 } });
    const after = await Promise.all((await filesIn(out)).map((file) => stat(join(out, file))));
    expect(after.map(({ mtimeMs, ino }) => [mtimeMs, ino])).toEqual(before.map(({ mtimeMs, ino }) => [mtimeMs, ino]));
    expect(await pipeline.verify()).toMatchObject({ checkpoints: 21, unchanged: 21 });
  });
});

test("any definition, written out as a file and read back, makes the same asset", { timeout: 120_000 }, async () => {
  const folder = await temporaryFolder();
  const definitions = fc
    .sample(arbitraryAsset(), { seed: 11, numRuns: 150 })
    .map((asset, n) => ({
      ...fromAsset({ ...asset, schema: { ...asset.schema, constraints: [] } }),
      name: `${asset.content.technical_name.slice(0, 50)} ${n}`.replaceAll("\0", ""),
    }))
    .filter(({ definition, name }) => {
      // What no reader takes for an asset is not to be written out either.
      try {
        return toAsset({ space: "S", name, definition, overlay: NO_OVERLAY }) !== null && definition["@cds.persistence.exists"] !== true;
      } catch {
        return false;
      }
    });
  await mkdir(join(folder, "exports", "S"), { recursive: true });
  await writeFile(
    join(folder, "exports", "S", "all.ndjson"),
    definitions.map(({ name, definition }) => `${JSON.stringify({ name, definition })}\n`).join(""),
  );
  const out = join(folder, "out");
  const pipeline = await aConfiguredPipeline({ type: "csn", path: join(folder, "exports") }, { type: "csn", path: out });
  const assets = await pipeline.assets();
  expect(assets.size).toBeGreaterThan(100);
  expect((await pipeline.sync()).summary).toMatchObject({ created: assets.size });
  const back = await aConfiguredPipeline({ type: "csn", path: out }, { type: "changefeed", path: "./feed.jsonl" });
  expect(await back.assets()).toEqual(assets);
});

test("an edit, a deletion and a drift are carried to the files; what other people keep in the folder stays", async () => {
  const folder = await temporaryFolder();
  const write = (definitions: object): Promise<void> => writeFile(join(folder, "in", "SALES", "all.json"), JSON.stringify({ definitions }));
  const entity = (label: string): object => ({
    kind: "entity",
    "@EndUserText.label": label,
    elements: { ID: { type: "cds.Integer", key: true }, "Net value": { type: "cds.Decimal", precision: 15, scale: 2 } },
  });
  await mkdir(join(folder, "in", "SALES"), { recursive: true });
  await mkdir(join(folder, "out", "SALES"), { recursive: true });
  await writeFile(join(folder, "out", "SALES", "theirs.json"), JSON.stringify({ definitions: { A: entity("a"), B: entity("b") } }));
  await writeFile(join(folder, "out", "readme.txt"), "mine");
  await write({ Orders: entity("Orders"), Items: entity("Items"), theirs: entity("in the way") });
  const pipeline = await aConfiguredPipeline({ type: "csn", path: join(folder, "in") }, { type: "csn", path: join(folder, "out") });
  expect(await pipeline.sync()).toMatchObject({
    status: "partial",
    summary: { created: 2, withheld: 1 },
    problems: [{ code: "target_foreign" }],
  });
  await write({ Orders: entity("Sales orders") });
  expect(await pipeline.sync()).toMatchObject({ summary: { modified: 1, deleted: 1 } });
  expect(await filesIn(join(folder, "out"))).toEqual(["SALES/Orders.json", "SALES/theirs.json", "readme.txt"]);
  const orders = await json(join(folder, "out", "SALES", "Orders.json"));
  expect(orders["definitions"]).toEqual({ Orders: entity("Sales orders") });

  const damaged = { ...orders, definitions: { Orders: { kind: "entity", "@EndUserText.label": "typed", elements: {} } } };
  await writeFile(join(folder, "out", "SALES", "Orders.json"), JSON.stringify(damaged));
  expect(await pipeline.verify()).toMatchObject({ edited: 1 });
  expect((await pipeline.sync()).summary).toMatchObject({ unchanged: 1 });
  expect((await pipeline.sync({ reconcile: true })).summary).toMatchObject({ modified: 1 });
  expect((await json(join(folder, "out", "SALES", "Orders.json")))["definitions"]).toEqual({ Orders: entity("typed") });
  await rm(join(folder, "out", "SALES", "Orders.json"));
  expect(await pipeline.verify()).toMatchObject({ missing: 1 });
  expect((await pipeline.sync({ reconcile: true })).summary).toMatchObject({ modified: 1 });
  expect(await pipeline.verify()).toMatchObject({ unchanged: 1, edited: 0, missing: 0 });
});

test("tables of Glue become CSN files with all that is known of them, and the next run writes none", async () => {
  const { sandbox, glue } = await aGlueSandbox();
  await glue.createDatabase({ DatabaseInput: { Name: "sales-eu" } });
  await putTable(glue, "sales-eu", {
    Name: "orders",
    Description: "All orders",
    StorageDescriptor: {
      Location: "s3://lake/orders",
      Columns: [
        { Name: "id", Type: "bigint", Comment: "Number" },
        { Name: "lines", Type: "array<string>" },
      ],
    },
    PartitionKeys: [{ Name: "day", Type: "date" }],
  });
  const out = join(await temporaryFolder(), "out");
  const pipeline = await aConfiguredPipeline({ type: "glue", endpoint: sandbox.url, region: "eu-central-1" }, { type: "csn", path: out });
  expect(await pipeline.sync()).toMatchObject({ status: "succeeded", summary: { created: 1 } });
  expect(await filesIn(out)).toEqual(["sales%2Deu/orders.json"]);
  const [checkpoint] = await pipeline.checkpoints();
  expect(checkpoint).toMatchObject({ asset_id: "sales%2Deu.orders", source_system: "glue", target: { ref: "sales%2Deu/orders.json" } });
  expect((await json(join(out, "sales%2Deu", "orders.json")))["definitions"]).toEqual({
    orders: {
      kind: "entity",
      elements: {
        id: { type: "cds.Integer64", "@EndUserText.label": "Number", "@Glue.type": "bigint" },
        lines: { type: "cds.LargeString", "@Glue.type": "array<string>" },
        day: { type: "cds.Date", "@Glue.type": "date", "@Glue.partitionKey": true },
      },
      "@EndUserText.quickInfo": "All orders",
      "@Glue.storage": { Location: "s3://lake/orders" },
    },
  });
  const before = await stat(join(out, "sales%2Deu", "orders.json"));
  expect((await pipeline.sync()).summary).toMatchObject({ unchanged: 1 });
  expect((await stat(join(out, "sales%2Deu", "orders.json"))).ino).toBe(before.ino);
  const back = await aConfiguredPipeline({ type: "csn", path: out }, { type: "changefeed", path: "./feed.jsonl" });
  expect((await back.assets()).get("sales%2Deu.orders")?.schema).toEqual((await pipeline.assets()).get("sales%2Deu.orders")?.schema);
  await peopleOf(glue).comment("sales-eu.orders", "id", "Order number");
  expect((await pipeline.sync()).summary).toMatchObject({ metadata_changed: 1 });
  const file = join(out, "sales%2Deu", "orders.json");
  expect(await readFile(file, "utf8")).toContain('"@EndUserText.label": "Order number"');
  await writeFile(file, (await readFile(file, "utf8")).replace('"type": "cds.Date"', '"type": "cds.Time"'));
  expect(await pipeline.verify()).toMatchObject({ edited: 1, missing: 0, added: 0 });
  await glue.deleteTable({ DatabaseName: "sales-eu", Name: "orders" });
  await putTable(glue, "sales-eu", { Name: "items", StorageDescriptor: { Columns: [] } });
  expect((await pipeline.sync()).summary).toMatchObject({ created: 1, deleted: 1 });
  expect(await filesIn(out)).toEqual(["sales%2Deu/items.json"]);
});

test("a pipeline is not let write into the folder that it reads", async () => {
  const folder = await temporaryFolder();
  await mkdir(join(folder, "in"));
  for (const path of [join(folder, "in"), join(folder, "in", "out"), folder]) {
    const pipeline = await aConfiguredPipeline({ type: "csn", path: join(folder, "in") }, { type: "csn", path });
    await expect(pipeline.sync()).rejects.toMatchObject({ code: "config_invalid" });
  }
});
