import { expect, test } from "vitest";
import { aColumn, anAsset } from "../testing/builders.ts";
import { toDocument } from "./document.ts";

test("an asset is one document, keyed by names", () => {
  const asset = anAsset({
    name: "Orders",
    business_name: "Sales Orders",
    columns: [
      aColumn("NETWR", "cds.Decimal", { precision: 15, scale: 2, not_null: true }),
      aColumn("ID", "cds.String", { length: 10, key: true }),
    ],
    constraints: [
      { type: "association", name: "_Customer", target: "Customers", columns: [{ local: "CUSTOMER", remote: "ID" }] },
      { type: "foreign_key", name: "CUSTOMER", association: "_Customer", target: "Customers", columns: [] },
      { type: "primary_key", columns: ["ID"] },
    ],
    tags: ["finance"],
    measures: ["NETWR"],
    custom_properties: { exposed: true },
  });
  expect(toDocument(asset)).toEqual({
    content: { technical_name: "Orders", business_name: "Sales Orders", description: null, owner: null },
    schema: {
      columns: { NETWR: { type: "cds.Decimal(15,2)", not_null: true }, ID: { type: "cds.String(10)", key: true } },
      column_order: ["NETWR", "ID"],
      constraints: {
        primary_key: ["ID"],
        association: { _Customer: { target: "Customers", columns: [{ local: "CUSTOMER", remote: "ID" }] } },
        foreign_key: { CUSTOMER: { association: "_Customer", target: "Customers", columns: [] } },
      },
    },
    metadata: {
      tags: { finance: "finance" },
      dimensions: {},
      measures: { NETWR: "NETWR" },
      hierarchies: {},
      certification_status: null,
      custom_properties: { exposed: true },
    },
  });
});

test("a data type that is not told by its column stands beside the column as the column has it", () => {
  const asset = anAsset({ columns: [aColumn("A", "cds.String", { length: 10 }), aColumn("B")] });
  const odd = { ...asset, schema: { ...asset.schema, data_types: { A: "VARCHAR", B: "cds.Integer", GONE: "cds.Date" } } };
  expect(toDocument(odd).schema).toEqual({
    columns: { A: { type: "cds.String", length: 10 }, B: { type: "cds.Integer" } },
    column_order: ["A", "B"],
    constraints: { association: {}, foreign_key: {} },
    data_types: { A: "VARCHAR", GONE: "cds.Date" },
  });
});

test("a column without a data type keeps its own, also where objects inherit a property of its name", () => {
  const asset = anAsset({ columns: [aColumn("toString", "cds.String", { length: 10 })] });
  const untyped = { ...asset, schema: { ...asset.schema, data_types: {} } };
  expect(toDocument(untyped).schema.columns["toString"]).toEqual({ type: "cds.String", length: 10 });
});

test("the type of a struct is one text, not two fields that say the same", () => {
  const asset = anAsset({ columns: [{ name: "ADDRESS", type: "struct", elements: { CITY: { type: "cds.String" } }, not_null: true }] });
  const text = 'struct {"CITY":{"type":"cds.String"}}';
  const spelled = { ...asset, schema: { ...asset.schema, data_types: { ADDRESS: text } } };
  expect(toDocument(spelled).schema.columns).toEqual({ ADDRESS: { type: text, not_null: true } });
});

test("a column named __proto__ is a column like any other", () => {
  const { columns, column_order } = toDocument(anAsset({ columns: [aColumn("__proto__")] })).schema;
  expect(Object.entries(columns)).toEqual([["__proto__", { type: "cds.Integer" }]]);
  expect(column_order).toEqual(["__proto__"]);
});
