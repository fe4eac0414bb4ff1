import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Glue, Table } from "@aws-sdk/client-glue";
import fc from "fast-check";
import { expect, test } from "vitest";
import { toAsset } from "../../src/csn/to-asset.ts";
import { NO_OVERLAY } from "../../src/csn/overlay.ts";
import type { Asset } from "../../src/model/asset.ts";
import type { Json, JsonObject } from "../../src/model/json.ts";
import { objectInOrder } from "../../src/model/key-order.ts";
import { arbitraryAsset } from "../helpers/arbitrary-assets.ts";
import { aConfiguredPipeline } from "../helpers/configured-pipeline.ts";
import { glueTargetAt } from "../helpers/glue-harness.ts";
import { glueSourceAt } from "../helpers/glue-source.ts";
import { assertHiveType } from "../helpers/hive-grammar.ts";
import { aGlueSandbox } from "../helpers/sandbox-glue.ts";
import { describeShared, sharedPath } from "../helpers/shared.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";

const { signal } = new AbortController();
const mark = { lineage: "one", pipeline: "test" };

const NAMES: readonly string[] = [
  ..."Boolean UInt8 Int16 Int32 Int64 Integer Integer64 Decimal DecimalFloat Double Date Time DateTime Timestamp String LargeString UUID Binary LargeBinary Vector Map"
    .split(" ")
    .map((name) => `cds.${name}`),
  ..."TINYINT SMALLINT SMALLDECIMAL REAL CHAR NCHAR VARCHAR NVARCHAR CLOB NCLOB BLOB BINARY VARBINARY ST_POINT ST_GEOMETRY"
    .split(" ")
    .map((name) => `cds.hana.${name}`),
  ..."Boolean Byte SByte Int16 Int32 Int64 Decimal Double Single Date TimeOfDay Time DateTime DateTimeOffset Duration String Guid Binary Stream GeographyPoint GeographyPolygon GeometryPoint GeometryCollection"
    .split(" ")
    .map((name) => `Edm.${name}`),
];

/** Every type alone and with each size it may have, in an array, in a structure, in a structure of an array. */
function columnsOf(type: string): readonly JsonObject[] {
  const plain: readonly JsonObject[] = [
    { type },
    { type, length: 1 },
    { type, length: 5_000 },
    { type, precision: 38, scale: 38 },
    { type, precision: 7 },
    { type, srid: 4326 },
  ];
  return [
    ...plain,
    { type: `Collection(${type})`, length: 20 },
    ...plain.map((items): JsonObject => ({ items })),
    { elements: objectInOrder(plain.map((element, i): [string, Json] => [`${i} Field-of ${type}`, element])) },
    { items: { elements: { "a b": { items: { type, length: 3 } } } } },
  ];
}

/** An entity with every type, each in every form, and everything else that a definition may say. */
const everyType: readonly Asset[] = NAMES.map((type) =>
  toAsset({
    space: "TYPES",
    name: type,
    definition: {
      kind: "entity",
      elements: objectInOrder(columnsOf(type).map((element, i): [string, Json] => [`${i}-${type} column`, element])),
      params: { P_DATE: { type, length: 3 } },
    },
    overlay: NO_OVERLAY,
  }),
);

const hostile: Asset = toAsset({
  space: "NAMES",
  name: `Sales-orders (current) ${"N".repeat(300)}`,
  definition: {
    kind: "entity",
    "@EndUserText.label": "Überblick 数量",
    "@EndUserText.quickInfo": "Zeile\r\n".repeat(100) + "ä😀".repeat(2_150),
    "@Hierarchy.parentChild": [{ name: "H", recurse: { parent: [{ "=": "a b" }], child: [{ "=": "Alpha-2 code" }] } }],
    "@ObjectModel.supportedCapabilities": [{ "#": "A" }],
    query: { SELECT: { from: { ref: ["A.B"] }, columns: [{ ref: ["x"] }] } },
    elements: objectInOrder([
      ["2024", { type: "cds.Integer", key: true, notNull: true }],
      ["Alpha-2 code", { type: "cds.String", length: 2, key: true, "@EndUserText.label": "Länder\nCode " + "x".repeat(400) }],
      ["a b", { type: "cds.String", length: 10, "@ObjectModel.foreignKey.association": { "=": "_to B" } }],
      ["N".repeat(400), { type: "cds.Decimal", precision: 15, scale: 2, "@Aggregation.default": { "#": "SUM" }, default: { val: 0 } }],
      ["_to B", { type: "cds.Association", target: "NS.B C", on: [{ ref: ["a b"] }, "=", { ref: ["_to B", "x y"] }] }],
    ]),
  },
  overlay: { owners: { NAMES: "Ann " + "o".repeat(300) }, stewards: { NAMES: "Bob" }, tags: { "*": ["a-b c", "ü"] } },
});

/** Writes assets to a Glue of its own and reads their tables back, over the wire both times. */
async function overTheWire(
  assets: readonly Asset[],
): Promise<{ readonly restored: ReadonlyMap<string, Asset | null>; readonly url: string; readonly tables: readonly Table[] }> {
  const { sandbox, glue } = await aGlueSandbox();
  const target = glueTargetAt(sandbox.url);
  try {
    for (const asset of assets) {
      const change = { asset_id: asset.id, change_type: "created", facets: [], strategy: "full", cause: "source", fields: [] } as const;
      expect(await target.put({ mark, change, asset, base: null, decisions: [] }, { signal })).toMatchObject({ status: "applied" });
    }
    const observed = await target.observe(
      assets.map(({ id }) => target.place(id).key),
      { signal },
    );
    const restored = assets.map(({ id }): [string, Asset | null] => {
      const table = observed.get(target.place(id).key);
      return [id, table?.state === "present" ? target.restore(table.document) : null];
    });
    return { restored: new Map(restored), url: sandbox.url, tables: await allTables(glue) };
  } finally {
    await target.close();
  }
}

async function allTables(glue: Glue): Promise<readonly Table[]> {
  const { DatabaseList = [] } = await glue.getDatabases({});
  const lists = await Promise.all(DatabaseList.map(({ Name }) => glue.getTables({ DatabaseName: Name ?? "" })));
  return lists.flatMap(({ TableList = [] }) => TableList);
}

function assertWithinGrammar(tables: readonly Table[]): void {
  for (const table of tables) for (const { Type = "" } of table.StorageDescriptor?.Columns ?? []) assertHiveType(Type);
}

/** What a Glue source tells of those tables, but for the identity that they have there. */
async function readAsSource(url: string): Promise<readonly Omit<Asset, "id" | "space" | "content">[]> {
  const source = glueSourceAt(url);
  const memory = { get: () => Promise.resolve(undefined), set: () => undefined };
  const events = await Array.fromAsync(source.list({ signal, known: new Set(), memory }));
  const items = events.flatMap((event) => (event.kind === "listed" ? event.items : []));
  const read = await Array.fromAsync(source.read(items, { signal }));
  await source.close();
  return read.flatMap((result) => (result.kind === "asset" ? [withoutIdentity(result.asset)] : []));
}

function withoutIdentity({ asset_type, schema, metadata }: Asset): Omit<Asset, "id" | "space" | "content"> {
  const { annotations = {}, ...properties } = metadata.custom_properties;
  const { "@Tidemark.copyOf": _origin, ...others } = annotations as JsonObject;
  const custom_properties = { ...properties, ...(Object.keys(others).length === 0 ? {} : { annotations: others }) };
  return { asset_type, schema, metadata: { ...metadata, custom_properties } };
}

test.each([
  ["every CDS, HANA and EDM type, alone, in arrays and in structures", everyType],
  ["long names, blanks, dashes and numbers in names, long texts, keys, associations, hierarchies, a query and an overlay", [hostile]],
] as const)("asset to Glue to asset is the same asset, by the marks and by a Glue source: %s", async (_what, assets) => {
  const { restored, tables, url } = await overTheWire(assets);
  for (const asset of assets) expect(restored.get(asset.id)).toEqual(asset);
  assertWithinGrammar(tables);
  const told = await readAsSource(url);
  expect(told).toHaveLength(assets.length);
  for (const asset of assets) expect(told).toContainEqual(withoutIdentity(asset));
});

test("asset to Glue to asset is the same asset, whatever its shape", async () => {
  const assets = fc.sample(arbitraryAsset(), { seed: 21, numRuns: 60 }).map((asset, n): Asset => {
    const technical_name = `${asset.content.technical_name} ${n}`;
    return { ...asset, id: `${asset.space}.${technical_name}`, content: { ...asset.content, technical_name } };
  });
  const { restored, tables } = await overTheWire(assets);
  for (const asset of assets) expect(restored.get(asset.id)).toEqual(asset);
  assertWithinGrammar(tables);
});

test("every type is of the map: none but what nobody can map is written as a string with a warning", () => {
  const target = glueTargetAt("http://127.0.0.1:1");
  const unknown = NAMES.filter((type) => {
    const asset = toAsset({ space: "S", name: "t", definition: { kind: "entity", elements: { C: { type } } }, overlay: NO_OVERLAY });
    const projection = target.project(asset, mark);
    return projection.ok && projection.warnings.some(({ code }) => code === "type_unknown");
  });
  expect(unknown).toEqual(["cds.Vector", "cds.Map"]);
});

describeShared("real exports", () => {
  test("asset to Glue to asset is the same for each of the 21, by the marks and by a Glue source", async () => {
    const { sandbox, glue } = await aGlueSandbox();
    const pipeline = await aConfiguredPipeline(
      { type: "csn", path: sharedPath("data", "csn") },
      { type: "glue", endpoint: sandbox.url, region: "eu-central-1", database_prefix: "dsp_" },
    );
    expect((await pipeline.sync()).summary).toMatchObject({ created: 21 });
    const assets = await pipeline.assets();
    const restored = await pipeline.using(async ({ target }) => {
      const tables = (await Array.fromAsync(target.scan("copy", { signal }))).flat();
      return new Map(tables.map((table) => [table.mark?.asset_id ?? "", target.restore(table.document)]));
    });
    expect(restored).toEqual(assets);
    assertWithinGrammar(await allTables(glue));
    const told = await readAsSource(sandbox.url);
    for (const asset of assets.values()) expect(told).toContainEqual(withoutIdentity(asset));
  });
});

test("exports, by way of Glue, become exports of the same definitions", async () => {
  const folder = await temporaryFolder();
  await mkdir(join(folder, "in", "SALES"), { recursive: true });
  const definition = {
    kind: "entity",
    "@EndUserText.label": "Orders",
    "@EndUserText.quickInfo": "All of them",
    query: { SELECT: { from: { ref: ["A"] } } },
    elements: {
      "Order ID": { type: "cds.UUID", key: true, notNull: true, "@EndUserText.label": "Number" },
      Lines: { items: { type: "cds.String", length: 5 } },
    },
  };
  await writeFile(join(folder, "in", "SALES", "all.json"), JSON.stringify({ definitions: { Orders: definition } }));
  const { sandbox } = await aGlueSandbox();
  const glue = { type: "glue", endpoint: sandbox.url, region: "eu-central-1" };
  await (await aConfiguredPipeline({ type: "csn", path: join(folder, "in") }, glue, "there")).sync();
  const back = await aConfiguredPipeline({ ...glue, identity: "asset" }, { type: "csn", path: join(folder, "out") }, "back");
  expect((await back.sync()).summary).toMatchObject({ created: 1 });
  const { definitions } = JSON.parse(await readFile(join(folder, "out", "SALES", "Orders.json"), "utf8")) as {
    readonly definitions: object;
  };
  expect(definitions).toEqual({ Orders: definition });
  expect((await back.sync()).summary).toMatchObject({ unchanged: 1 });
  const files = await aConfiguredPipeline({ type: "csn", path: join(folder, "out") }, { type: "changefeed", path: "./feed" });
  const original = toAsset({ space: "SALES", name: "Orders", definition, overlay: NO_OVERLAY });
  expect(await files.assets()).toEqual(new Map([["SALES.Orders", original]]));
  expect((await back.checkpoints()).map(({ asset_id, source_system }) => [asset_id, source_system])).toEqual([["SALES.Orders", "glue"]]);
});
