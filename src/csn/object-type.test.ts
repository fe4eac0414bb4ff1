import { expect, test } from "vitest";
import type { JsonObject } from "../model/json.ts";
import { assetTypeOf, isAsset, objectTypeOf } from "./object-type.ts";

test.each<[string, string, JsonObject]>([
  ["analytic_model", "analytic_model", { "@DataWarehouse.editorType": { "#": "DWCQueryModelEditor" }, query: {} }],
  ["external", "external", { "@cds.persistence.exists": true, "@DataWarehouse.remote.connection": "C" }],
  ["sql_view", "view", { "@DataWarehouse.sqlEditor.query": "SELECT 1", query: {} }],
  ["sql_view", "view", { "@DataWarehouse.tableFunction.script": "RETURN SELECT 1;" }],
  ["sql_view", "view", { "@DataWarehouse.sqlDefinition.script": "SELECT 1" }],
  ["graphical_view", "view", { query: {}, "@DataWarehouse.remote.connection": "C" }],
  ["remote_table", "remote_table", { "@DataWarehouse.remote.connection": "C", "@DataWarehouse.dataSource.schema": "S" }],
  ["remote_table", "remote_table", { "@DataWarehouse.remote.entity": "E" }],
  ["dataset_table", "table", { "@DataWarehouse.dataSource.schema": "S" }],
  ["dataset_table", "table", { "@DataWarehouse.dataSource.entity": "E" }],
  ["local_table", "table", { "@cds.persistence.exists": false, "@DataWarehouse.editorType": { "#": "Other" } }],
])("%s, a %s", (objectType, assetType, definition) => {
  expect(objectTypeOf(definition)).toBe(objectType);
  expect(assetTypeOf(objectTypeOf(definition))).toBe(assetType);
});

test("whatever has a business layer is an analytic model", () => {
  expect(objectTypeOf({ query: {} }, {})).toBe("analytic_model");
});

test("entities are assets, but not those that stand for an object elsewhere, and nothing else is", () => {
  expect(isAsset({ kind: "entity" })).toBe(true);
  expect(isAsset({ kind: "entity", "@cds.persistence.exists": false })).toBe(true);
  expect(isAsset({ kind: "entity", "@cds.persistence.exists": true })).toBe(false);
  expect(isAsset({ kind: "context" })).toBe(false);
  expect(isAsset({})).toBe(false);
});
