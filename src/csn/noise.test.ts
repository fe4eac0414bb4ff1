import { describe, expect, test } from "vitest";
import type { Json, JsonObject } from "../model/json.ts";
import { keysInOrder } from "../model/key-order.ts";
import { parseJson } from "../model/parse-json.ts";
import { stripBusinessLayerNoise, stripNoise } from "./noise.ts";

const strip = (fields: JsonObject): JsonObject => stripNoise({ kind: "entity", ...fields });

test("folder, diagram and an empty list of elements are gone, everything else stays", () => {
  const definition = { kind: "entity", includes: ["x"], "@a": null, elements: { A: {} }, query: { SELECT: {} } };
  expect(
    stripNoise({ ...definition, _meta: { dependencies: { folderAssignment: "Folder_1" } }, "@DataWarehouse.querybuilder.model": "{}" }),
  ).toEqual(definition);
  expect(strip({ elements: {} })).toEqual({ kind: "entity" });
  expect(strip({ elements: null })).toEqual({ kind: "entity", elements: null });
  expect(strip({ elements: [] })).toEqual({ kind: "entity", elements: [] });
});

test("a definition without noise is answered with itself", () => {
  const definition: JsonObject = {
    kind: "entity",
    elements: { A: { type: "cds.Date", key: true }, B: { items: { type: "cds.Date" } } },
    query: { SELECT: { distinct: true, columns: [{ ref: ["A"], key: true }] } },
    "@ObjectModel.supportedCapabilities": [{ "#": "A" }],
    "@DataWarehouse.sqlEditor.query": "SELECT 1",
  };
  expect(stripNoise(definition)).toBe(definition);
});

describe("flags that say what is so without them", () => {
  test("are gone from elements and parameters, nested ones too; other falsehoods stay", () => {
    const element = { type: "x", key: false, notNull: false, virtual: false };
    const kept = { type: "x", virtual: false };
    expect(strip({ elements: { A: element }, params: { P: element } })).toEqual({
      kind: "entity",
      elements: { A: kept },
      params: { P: kept },
    });
    expect(strip({ elements: { A: { unknown: element, items: { ...element, elements: { B: element } } } } })).toEqual({
      kind: "entity",
      elements: { A: { unknown: element, items: { ...kept, elements: { B: kept } } } },
    });
    expect(strip({ elements: { A: { elements: { B: element } } } })).toEqual({
      kind: "entity",
      elements: { A: { elements: { B: kept } } },
    });
    expect(strip({ elements: { A: { key: true, notNull: 0, "@notNull": false, unknown: { key: false } } } })).toEqual({
      kind: "entity",
      elements: { A: { key: true, notNull: 0, "@notNull": false, unknown: { key: false } } },
    });
  });

  test("are gone from every SELECT of a query, however deep", () => {
    const select = { SELECT: { distinct: false, columns: [{ ref: ["A"], key: false }, "*"], from: { ref: ["T"] } } };
    const kept = { SELECT: { columns: [{ ref: ["A"] }, "*"], from: { ref: ["T"] } } };
    const nested = {
      SET: { args: [select, { SELECT: { from: { args: [select] }, columns: [{ xpr: [select] }], where: [select, "and", false] } }] },
    };
    const nestedKept = {
      SET: { args: [kept, { SELECT: { from: { args: [kept] }, columns: [{ xpr: [kept] }], where: [kept, "and", false] } }] },
    };
    expect(strip({ query: nested })).toEqual({ kind: "entity", query: nestedKept });
  });

  test("stay where they are no flags", () => {
    const query: Json = {
      distinct: false,
      SELECT: { columns: { key: false }, where: [{ key: false, distinct: false }], distinct: 0, count: false },
      list: [{ SELECT: false }, { SELECT: { columns: [{ virtual: false, key: true }], distinct: true } }],
      other: { distinct: false, columns: [{ key: false }] },
    };
    expect(strip({ query })).toEqual({ kind: "entity", query });
    expect(strip({ query: "SELECT", params: 1, elements: { A: "x", B: { elements: 1, items: 2 } } })).toEqual({
      kind: "entity",
      query: "SELECT",
      params: 1,
      elements: { A: "x", B: { elements: 1, items: 2 } },
    });
  });
});

test("capabilities are a set", () => {
  const capabilities = (...names: readonly string[]) =>
    strip({ "@ObjectModel.supportedCapabilities": names.map((name) => ({ "#": name })) });
  expect(capabilities("B", "A", "B")).toEqual(capabilities("A", "B"));
  expect(capabilities("A", "B")).not.toEqual(capabilities("A"));
  expect(strip({ "@ObjectModel.supportedCapabilities": "B" })).toEqual({ kind: "entity", "@ObjectModel.supportedCapabilities": "B" });
});

test.each(["@DataWarehouse.sqlEditor.query", "@DataWarehouse.tableFunction.script", "@DataWarehouse.sqlDefinition.script"])(
  "line ends and trailing blanks of %s are gone, nothing else",
  (annotation) => {
    expect(strip({ [annotation]: "SELECT  1 \t\r\n\r\n  FROM x -- why\r\n" })).toEqual({
      kind: "entity",
      [annotation]: "SELECT  1\n\n  FROM x -- why",
    });
    expect(strip({ [annotation]: 1 })).toEqual({ kind: "entity", [annotation]: 1 });
  },
);

test("blanks at the end of any other text stay", () => {
  const texts = { "@EndUserText.label": "Orders ", "@DataWarehouse.remote.entity": "T\r\n" };
  expect(strip(texts)).toEqual({ kind: "entity", ...texts });
});

test("a million blanks in a line are no trouble", () => {
  const sql = `SELECT${" ".repeat(1_000_000)}1`;
  expect(strip({ "@DataWarehouse.sqlEditor.query": sql })["@DataWarehouse.sqlEditor.query"]).toBe(sql);
});

describe("the stated order of the key columns", () => {
  const sequence = (...names: readonly string[]) => ({ "@DataWarehouse.compoundKeySequence": names.map((name) => ({ "=": name })) });
  const elements = { A: { key: true }, N: { key: false }, B: { key: true }, _to: { type: "cds.Association", key: true } };

  test("is noise where it is that of the columns", () => {
    expect(strip({ elements, ...sequence("A", "B") })).toEqual(strip({ elements }));
    expect(strip({ elements })).toHaveProperty(["elements", "A"]);
  });

  test.each([
    ["another order", sequence("B", "A")],
    ["not all keys", sequence("A")],
    ["more than the keys", sequence("A", "B", "N")],
    ["a key twice", sequence("A", "A")],
    ["another shape", { "@DataWarehouse.compoundKeySequence": ["A", "B"] }],
    ["no list", { "@DataWarehouse.compoundKeySequence": { "=": "A" } }],
  ])("stays where it says %s", (_case, stated) => {
    expect(strip({ elements, ...stated })).toMatchObject(stated);
  });
});

test("columns keep their order, also those whose names are digits", () => {
  const definition = parseJson('{"kind": "entity", "elements": {"B": {"key": false}, "2019": {}, "1": {}}}') as JsonObject;
  expect(keysInOrder(stripNoise(definition)["elements"] as JsonObject)).toEqual(["B", "2019", "1"]);
});

test("of a business layer only the version is noise", () => {
  const layer = { identifier: { key: "A" }, measures: { version: "1" } };
  expect(stripBusinessLayerNoise({ ...layer, version: "1.7.1" })).toEqual(layer);
  expect(stripBusinessLayerNoise("x")).toBe("x");
});
