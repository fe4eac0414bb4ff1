import type { Table } from "@aws-sdk/client-glue";
import { expect, test } from "vitest";
import { NO_OVERLAY } from "../../csn/overlay.ts";
import type { Asset } from "../../model/asset.ts";
import { aColumn, anAsset } from "../../testing/builders.ts";
import { PLAIN_NAMES } from "./naming.ts";
import { toSourceAsset } from "./source-asset.ts";
import { definitionOf, definitionToken } from "./source-definition.ts";
import { toTable } from "./to-table.ts";
import { typeRules } from "./type-rules.ts";

const read = (table: Table): ReturnType<typeof toSourceAsset> =>
  toSourceAsset({ space: "lake", name: table.Name ?? "" }, definitionOf(table), NO_OVERLAY);

/** A table as Tidemark writes it, and as Glue then answers with it. */
function written(asset: Asset): Table {
  const projection = toTable(asset, { lineage: "one", pipeline: "sales" }, { naming: PLAIN_NAMES, types: typeRules("varchar", {}) });
  if (!projection.ok) throw new Error(projection.problem.message);
  return {
    ...(projection.table as object as Table),
    DatabaseName: "lake",
    VersionId: "3",
    CreateTime: new Date(0),
    UpdateTime: new Date(1),
  };
}

const orders = anAsset({
  name: "Orders",
  asset_type: "view",
  business_name: "Orders",
  description: "All of them",
  owner: "Ann",
  tags: ["finance"],
  measures: ["NETWR"],
  columns: [aColumn("Order ID", "cds.UUID", { key: true, not_null: true }), aColumn("NETWR", "cds.Decimal", { precision: 15, scale: 2 })],
  constraints: [{ type: "primary_key", columns: ["Order ID"] }],
  custom_properties: { sql: "SELECT 1", columns: { NETWR: { label: "Net value", "@Semantics.amount.currencyCode": { "=": "WAERS" } } } },
});

test("a table of somebody else's is read off Glue's own fields", () => {
  const { asset, warnings } = read({
    Name: "visits",
    Description: "Every visit",
    Owner: "hadoop",
    TableType: "EXTERNAL_TABLE",
    Retention: 0,
    Parameters: { classification: "parquet", numRows: "12", transient_lastDdlTime: "1700000000" },
    StorageDescriptor: {
      Location: "s3://lake/visits",
      Compressed: false,
      SerdeInfo: { SerializationLibrary: "parquet" },
      Parameters: { sizeKey: "9", has_encrypted_data: "false" },
      Columns: [
        { Name: "id", Type: "bigint", Comment: "Number" },
        { Name: "tags", Type: "array<string>", Parameters: { pii: "no" } },
        { Name: "day", Type: "date" },
      ],
    },
    PartitionKeys: [
      { Name: "day", Type: "string" },
      { Name: "region", Type: "varchar(2)" },
    ],
  });
  expect(warnings).toEqual([]);
  expect(asset).toEqual({
    id: "lake.visits",
    space: "lake",
    asset_type: "table",
    content: { technical_name: "visits", business_name: null, description: "Every visit", owner: "hadoop" },
    schema: {
      columns: [
        { name: "id", type: "cds.Integer64" },
        { name: "tags", type: "cds.LargeString" },
        { name: "day", type: "cds.Date" },
        { name: "region", type: "cds.String", length: 2 },
      ],
      data_types: { id: "cds.Integer64", tags: "cds.LargeString", day: "cds.Date", region: "cds.String(2)" },
      constraints: [],
    },
    metadata: {
      tags: [],
      dimensions: [],
      measures: [],
      hierarchies: [],
      certification_status: null,
      custom_properties: {
        columns: {
          id: { label: "Number", "@Glue.type": "bigint" },
          tags: { "@Glue.type": "array<string>", "@Glue.parameters": { pii: "no" } },
          day: { "@Glue.type": "date" },
          region: { "@Glue.type": "varchar(2)", "@Glue.partitionKey": true },
        },
        annotations: {
          "@Glue.tableType": "EXTERNAL_TABLE",
          "@Glue.parameters": { classification: "parquet" },
          "@Glue.storage": {
            Location: "s3://lake/visits",
            SerdeInfo: { SerializationLibrary: "parquet" },
            Parameters: { has_encrypted_data: "false" },
          },
        },
      },
    },
  });
});

test("a table that Tidemark wrote is read as the asset that it was written from, under its own name", () => {
  const { asset } = read(written(orders));
  expect(asset).toEqual({
    ...orders,
    id: "lake.orders",
    space: "lake",
    content: { ...orders.content, technical_name: "orders" },
    metadata: {
      ...orders.metadata,
      custom_properties: { ...orders.metadata.custom_properties, annotations: { "@Tidemark.copyOf": "SALES.Orders" } },
    },
  });
});

test("what people changed on a table of Tidemark's stands above what its parameters say", () => {
  const table = written(orders);
  const [id, net] = table.StorageDescriptor?.Columns ?? [];
  const { asset } = read({
    ...table,
    Description: "Orders\n\nOnly the open ones",
    Owner: "Bob",
    Parameters: { ...table.Parameters, steward: "Cleo" },
    StorageDescriptor: {
      ...table.StorageDescriptor,
      Columns: [
        { Name: "added", Type: "int", Comment: "new" },
        { ...net, Name: "netwr", Type: "double", Comment: "Value" },
        { ...id, Name: "order_key" },
      ],
    },
  });
  expect(asset.content).toEqual({ technical_name: "orders", business_name: "Orders", description: "Only the open ones", owner: "Bob" });
  expect(asset.schema.columns).toEqual([
    { name: "added", type: "cds.Integer" },
    { name: "NETWR", type: "cds.Double" },
    { name: "order_key", type: "cds.UUID", key: true, not_null: true },
  ]);
  expect(asset.metadata.custom_properties).toMatchObject({
    sql: "SELECT 1",
    columns: {
      added: { label: "new", "@Glue.type": "int" },
      NETWR: { label: "Value", "@Glue.type": "double", "@Semantics.amount.currencyCode": { "=": "WAERS" } },
    },
    annotations: { "@Glue.parameters": { steward: "Cleo" }, "@Tidemark.copyOf": "SALES.Orders" },
  });
});

test("parameters under our prefix that tell no asset are nobody's: the table is read like any other", () => {
  const table = written(orders);
  for (const broken of [
    { "tidemark.tags": "no json" },
    { "tidemark.tags": '"x"' },
    { "tidemark.constraints": '[{"type":"odd"}]' },
    { "tidemark.kind": "odd" },
  ]) {
    const { asset } = read({ ...table, Parameters: { ...table.Parameters, ...broken } });
    expect(asset).toMatchObject({ asset_type: "table", content: { business_name: null, description: "Orders\n\nAll of them" } });
    expect(asset.schema.columns.map(({ name, type }) => [name, type])).toEqual([
      ["Order ID", "cds.UUID"],
      ["NETWR", "cds.Decimal"],
    ]);
    expect(JSON.stringify(asset)).not.toContain("tidemark.");
  }
});

test("the token moves with the definition and not with what jobs and crawlers count, nor with versions and times", () => {
  const table: Table = { Name: "t", VersionId: "0", CreateTime: new Date(0), StorageDescriptor: { Columns: [{ Name: "a", Type: "int" }] } };
  const token = (change: Partial<Table>): string => definitionToken(definitionOf({ ...table, ...change }));
  const before = token({});
  expect(token({ VersionId: "9", UpdateTime: new Date(5), LastAccessTime: new Date(7) })).toBe(before);
  expect(token({ Parameters: { numRows: "5" } })).toBe(token({ Parameters: {} }));
  expect(token({ Description: "new" })).not.toBe(before);
  expect(token({ StorageDescriptor: { Columns: [{ Name: "a", Type: "bigint" }] } })).not.toBe(before);
  // Deleted and made anew within a second, a table has the same version and the same time.
  expect(token({ Parameters: { classification: "csv" } })).not.toBe(before);
});

test.each([
  [
    "/* Presto View: " + Buffer.from(JSON.stringify({ originalSql: "SELECT a FROM b", columns: [] })).toString("base64") + " */",
    "SELECT a FROM b",
  ],
  ["SELECT a FROM hive", "SELECT a FROM hive"],
  ["/* Presto View: bm8ganNvbg== */", "/* Presto View: bm8ganNvbg== */"],
])("the view %s tells its text", (ViewOriginalText, sql) => {
  const { asset } = read({ Name: "v", TableType: "VIRTUAL_VIEW", ViewOriginalText, ViewExpandedText: "/* Presto View */" });
  expect(asset).toMatchObject({ asset_type: "view", metadata: { custom_properties: { sql, sql_annotation: "@Glue.viewText" } } });
});

test("a resource link stands for a table elsewhere", () => {
  const { asset } = read({ Name: "link", TargetTable: { CatalogId: "1", DatabaseName: "d", Name: "t" } });
  expect(asset).toMatchObject({
    asset_type: "external",
    metadata: { custom_properties: { annotations: { "@Glue.targetTable": { CatalogId: "1", DatabaseName: "d", Name: "t" } } } },
  });
});

test("a type that is in no type map is told, and the owner of the configuration wins", () => {
  const overlay = { owners: { lake: "Dan" }, stewards: { lake: "Eve" }, tags: { "lake.*": ["raw"] } };
  const table: Table = { Name: "t", Owner: "hadoop", StorageDescriptor: { Columns: [{ Name: "a", Type: "hyperloglog" }] } };
  const { asset, warnings } = toSourceAsset({ space: "lake", name: "t" }, definitionOf(table), overlay);
  expect(warnings).toMatchObject([{ asset_id: "lake.t", code: "type_unknown", message: expect.stringContaining("a (hyperloglog)") }]);
  expect([asset.content.owner, asset.metadata.tags, asset.metadata.custom_properties["steward"]]).toEqual(["Dan", ["raw"], "Eve"]);
});
