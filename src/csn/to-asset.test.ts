import { describe, expect, test } from "vitest";
import { AssetError } from "../model/errors.ts";
import type { Json, JsonObject } from "../model/json.ts";
import { parseJson } from "../model/parse-json.ts";
import { fromAsset } from "./from-asset.ts";
import { NO_OVERLAY, type Overlay } from "./overlay.ts";
import { MAPPING_VERSION, toAsset } from "./to-asset.ts";

const map = (fields: JsonObject, extra: { readonly businessLayer?: Json; readonly overlay?: Partial<Overlay> } = {}) => {
  const { overlay, ...rest } = extra;
  return toAsset({
    space: "SALES",
    name: "Orders",
    definition: { kind: "entity", ...fields },
    ...rest,
    overlay: { ...NO_OVERLAY, ...overlay },
  });
};
const columnsOf = (elements: JsonObject) => map({ elements }).schema.columns;
const customOf = (fields: JsonObject) => map(fields).metadata.custom_properties;
/** The definition that the asset of these fields gives back. */
const backOf = (fields: JsonObject) => fromAsset(map(fields)).definition;

test("a table with all that tables usually have", () => {
  const definition = parseJson(`{
    "kind": "entity",
    "@EndUserText.label": "Orders", "@EndUserText.quickInfo": "All orders",
    "@ObjectModel.modelingPattern": {"#": "ANALYTICAL_FACT"}, "@DataWarehouse.consumption.external": true,
    "@ObjectModel.supportedCapabilities": [{"#": "SQL_DATA_SOURCE"}, {"#": "DATA_STRUCTURE"}],
    "_meta": {"dependencies": {"folderAssignment": null}},
    "elements": {
      "ID": {"@EndUserText.label": "Order", "type": "cds.Integer64", "key": true, "notNull": true},
      "NETWR": {"type": "cds.Decimal", "precision": 15, "scale": 2, "key": false, "@AnalyticsDetails.measureType": {"#": "BASE"}, "@Semantics.amount.currencyCode": {"=": "WAERS"}},
      "WAERS": {"type": "cds.String", "length": 5, "default": {"val": "EUR"}, "@Analytics.dimension": true, "@ObjectModel.foreignKey.association": {"=": "_Currency"}},
      "_Currency": {"type": "cds.Association", "target": "Currencies", "@EndUserText.label": "to Currencies", "on": [{"ref": ["WAERS"]}, "=", {"ref": ["_Currency", "CODE"]}]}
    }
  }`) as JsonObject;
  const overlay = { owners: { SALES: "ann" }, stewards: { SALES: "bob" }, tags: { SALES: ["gold"] } };
  expect(toAsset({ space: "SALES", name: "Orders", definition, overlay })).toEqual({
    id: "SALES.Orders",
    space: "SALES",
    asset_type: "table",
    content: { technical_name: "Orders", business_name: "Orders", description: "All orders", owner: "ann" },
    schema: {
      columns: [
        { name: "ID", type: "cds.Integer64", not_null: true, key: true },
        { name: "NETWR", type: "cds.Decimal", precision: 15, scale: 2 },
        { name: "WAERS", type: "cds.String", length: 5, default: { val: "EUR" } },
      ],
      data_types: { ID: "cds.Integer64", NETWR: "cds.Decimal(15,2)", WAERS: "cds.String(5)" },
      constraints: [
        { type: "primary_key", columns: ["ID"] },
        { type: "association", name: "_Currency", target: "Currencies", columns: [{ local: "WAERS", remote: "CODE" }] },
        {
          type: "foreign_key",
          name: "WAERS",
          association: "_Currency",
          target: "Currencies",
          columns: [{ local: "WAERS", remote: "CODE" }],
        },
      ],
    },
    metadata: {
      tags: ["gold"],
      dimensions: ["WAERS"],
      measures: ["NETWR"],
      hierarchies: [],
      certification_status: null,
      custom_properties: {
        object_type: "local_table",
        semantic_usage: "ANALYTICAL_FACT",
        exposed: true,
        columns: {
          ID: { label: "Order" },
          NETWR: { "@AnalyticsDetails.measureType": { "#": "BASE" }, "@Semantics.amount.currencyCode": { "=": "WAERS" } },
          WAERS: { "@Analytics.dimension": true },
        },
        associations: { _Currency: { label: "to Currencies" } },
        annotations: { "@ObjectModel.supportedCapabilities": [{ "#": "DATA_STRUCTURE" }, { "#": "SQL_DATA_SOURCE" }] },
        steward: "bob",
      },
    },
  });
});

test("an entity that says nothing is an empty table", () => {
  expect(map({})).toEqual({
    id: "SALES.Orders",
    space: "SALES",
    asset_type: "table",
    content: { technical_name: "Orders", business_name: null, description: null, owner: null },
    schema: { columns: [], data_types: {}, constraints: [] },
    metadata: {
      tags: [],
      dimensions: [],
      measures: [],
      hierarchies: [],
      certification_status: null,
      custom_properties: { object_type: "local_table" },
    },
  });
  expect(backOf({})).toEqual({ kind: "entity" });
});

describe("the description", () => {
  test.each<[string, JsonObject, string | null, JsonObject]>([
    ["is the quick info", { "@EndUserText.quickInfo": "q" }, "q", {}],
    ["is the doc where there is no quick info", { doc: "d" }, "d", { description_source: "doc" }],
    ["leaves the doc among the unknown where both are there", { "@EndUserText.quickInfo": "q", doc: "d" }, "q", { unknown: { doc: "d" } }],
    ["may be empty", { "@EndUserText.quickInfo": "" }, "", {}],
    [
      "is no other value",
      { "@EndUserText.quickInfo": 1, doc: null },
      null,
      { annotations: { "@EndUserText.quickInfo": 1 }, unknown: { doc: null } },
    ],
  ])("%s", (_case, fields, description, custom) => {
    expect(map(fields).content.description).toBe(description);
    expect(customOf(fields)).toEqual({ object_type: "local_table", ...custom });
  });
});

test("a label that is no text stays among the annotations", () => {
  expect(map({ "@EndUserText.label": null }).content.business_name).toBeNull();
  expect(customOf({ "@EndUserText.label": null })).toEqual({ object_type: "local_table", annotations: { "@EndUserText.label": null } });
});

describe("columns", () => {
  test("stand in their order, names of digits and __proto__ too", () => {
    const { elements } = parseJson('{"elements": {"B": {}, "2019": {}, "__proto__": {"type": "cds.Date"}, "1": {}}}') as {
      readonly elements: JsonObject;
    };
    const asset = map({ elements });
    expect(asset.schema.columns.map(({ name }) => name)).toEqual(["B", "2019", "__proto__", "1"]);
    expect(Object.entries(asset.schema.data_types)).toContainEqual(["__proto__", "cds.Date"]);
  });

  test("without a named type are arrays, structures or untyped", () => {
    expect(
      columnsOf({ A: { items: { type: "cds.Date" } }, S: { elements: { x: {} } }, B: { items: {}, elements: {} }, U: { length: 3 } }),
    ).toEqual([
      { name: "A", type: "array", items: { type: "cds.Date" } },
      { name: "S", type: "struct", elements: { x: {} } },
      { name: "B", type: "array", items: {}, elements: {} },
      { name: "U", type: "untyped", length: 3 },
    ]);
  });

  test("spell a type that is no plain name as JSON", () => {
    expect(columnsOf({ R: { type: { ref: ["Items", "ID"] } }, W: { type: "array" } }).map(({ type }) => type)).toEqual([
      '{"ref":["Items","ID"]}',
      '"array"',
    ]);
  });

  test("keep their flags only where they are set, and any odd value of one beside", () => {
    expect(columnsOf({ A: { key: true, notNull: true }, B: { key: false, notNull: false }, C: { key: "yes", notNull: 1 } })).toEqual([
      { name: "A", type: "untyped", not_null: true, key: true },
      { name: "B", type: "untyped" },
      { name: "C", type: "untyped" },
    ]);
    expect(customOf({ elements: { C: { key: "yes", notNull: 1 } } })["columns"]).toEqual({ C: { unknown: { key: "yes", notNull: 1 } } });
  });

  test("leave what is no part of the schema to the custom properties, whatever it is called", () => {
    const element = { label: "x", enum: { a: {} }, doc: "d", unknown: 1, "@EndUserText.label": 7, "@EndUserText.quickInfo": "q" };
    expect(customOf({ elements: { A: element, B: {} } })["columns"]).toEqual({
      A: { "@EndUserText.label": 7, "@EndUserText.quickInfo": "q", enum: { a: {} }, unknown: { label: "x", doc: "d", unknown: 1 } },
    });
    expect(backOf({ elements: { A: element } })["elements"]).toEqual({ A: element });
  });
});

describe("dimensions and measures", () => {
  const roles = (element: JsonObject) => {
    const { dimensions, measures } = map({ elements: { A: element } }).metadata;
    return [dimensions.includes("A"), measures.includes("A")];
  };

  test.each<[JsonObject, boolean, boolean]>([
    [{}, false, false],
    [{ "@Analytics.dimension": true }, true, false],
    [{ "@Analytics.dimension": false }, false, false],
    [{ "@Analytics.dimension": "true" }, false, false],
    [{ "@AnalyticsDetails.measureType": { "#": "BASE" } }, false, true],
    [{ "@Aggregation.default": { "#": "SUM" } }, false, true],
    [{ "@AnalyticsDetails.measureType": null, "@Aggregation.default": null }, false, false],
    [{ "@Analytics.dimension": true, "@Aggregation.default": { "#": "MAX" } }, true, true],
  ])("of an element %j: dimension %s, measure %s", (element, dimension, measure) => {
    expect(roles(element)).toEqual([dimension, measure]);
  });

  test("of an analytic model are those of its business layer too, each once and in code-point order", () => {
    const businessLayer = { version: "1.7.1", attributes: { Z: {}, A: {} }, measures: { "\u{1F600}": {}, "\uFFFD": {} }, variables: {} };
    const asset = map({ elements: { A: { "@Analytics.dimension": true } } }, { businessLayer });
    expect([asset.asset_type, asset.metadata.dimensions, asset.metadata.measures]).toEqual([
      "analytic_model",
      ["A", "Z"],
      ["\uFFFD", "\u{1F600}"],
    ]);
    expect(asset.metadata.custom_properties).toMatchObject({
      object_type: "analytic_model",
      business_layer: { attributes: { Z: {}, A: {} }, variables: {} },
    });
    expect(fromAsset(asset).businessLayer).not.toHaveProperty("version");
  });

  test("of an odd business layer are none", () => {
    expect(map({}, { businessLayer: { attributes: ["A"], measures: null } }).metadata).toMatchObject({
      dimensions: [],
      measures: [],
      custom_properties: { business_layer: { measures: null } },
    });
    expect(map({}, { businessLayer: null }).metadata).toMatchObject({ dimensions: [], custom_properties: { business_layer: null } });
  });
});

describe("hierarchies", () => {
  const levels = { name: "YMD", label: "Year", levels: [{ element: { "=": "Y" } }] };
  const parents = { name: "Org", recurse: { parent: [{ "=": "Manager" }], child: [{ "=": "ID" }] } };

  test("stand by name with the place they have in their annotation", () => {
    const definition = { "@Hierarchy.leveled": [levels, { name: "A" }], "@Hierarchy.parentChild": [parents] };
    expect(map(definition).metadata.hierarchies).toEqual(["A", "Org", "YMD"]);
    expect(customOf(definition)).toEqual({
      object_type: "local_table",
      hierarchies: {
        YMD: { annotation: "@Hierarchy.leveled", ordinal: 0, definition: levels },
        A: { annotation: "@Hierarchy.leveled", ordinal: 1, definition: { name: "A" } },
        Org: { annotation: "@Hierarchy.parentChild", ordinal: 0, definition: parents },
      },
    });
  });

  test("come back in their order, whatever they are called", () => {
    const definition = { "@Hierarchy.leveled": ["z", "2", "a", "1"].map((name) => ({ name })) };
    expect(backOf(definition)).toEqual({ kind: "entity", ...definition });
  });

  test.each<[string, JsonObject, readonly string[]]>([
    ["have one name twice", { "@Hierarchy.leveled": [{ name: "A" }], "@Hierarchy.parentChild": [{ name: "A" }] }, ["A"]],
    ["have no name", { "@Hierarchy.leveled": [{ name: "B" }, { label: "A" }] }, ["B"]],
    ["have a name that is no text", { "@Hierarchy.leveled": [{ name: 1 }] }, []],
    ["are no objects", { "@Hierarchy.leveled": ["A", null] }, []],
    ["are no list", { "@Hierarchy.leveled": { name: "A" }, "@Hierarchy.parentChild": [{ name: "B" }] }, ["B"]],
    ["are an empty list", { "@Hierarchy.leveled": [] }, []],
  ])("that %s stay among the annotations", (_case, annotations, names) => {
    expect(map(annotations).metadata.hierarchies).toEqual(names);
    expect(customOf(annotations)).toEqual({ object_type: "local_table", annotations });
  });
});

describe("the release state", () => {
  test.each<[JsonObject, string | null]>([
    [{}, null],
    [{ "@ObjectModel.releaseState": { "#": "RELEASED" } }, "RELEASED"],
    [{ "@DataWarehouse.RELEASE_contract_STATE": "DEPRECATED" }, "DEPRECATED"],
    [{ "@b.releaseState": "B", "@a.releaseState": "A" }, "A"],
    [{ "@x.releaseState": 1 }, null],
    [{ "@x.release": "R", "@x.state": "S", releaseState: "T" }, null],
  ])("of %j is %s, and the annotation is kept", (annotations, status) => {
    expect(map(annotations).metadata.certification_status).toBe(status);
    expect(backOf(annotations)).toEqual({ kind: "entity", ...annotations });
  });
});

describe("remote sources", () => {
  const remote = (connection: Json, entity: Json) => ({
    "@DataWarehouse.remote.connection": connection,
    "@DataWarehouse.remote.entity": entity,
  });

  test.each<[JsonObject, Json]>([
    [remote("C", "<NULL>\u007fSCHEMA\u007fTABLE"), { connection: "C", schema: "SCHEMA", table: "TABLE" }],
    [remote("C", "<NULL>\u007f\u007f"), { connection: "C", schema: "", table: "" }],
    [remote("C", '"DB"."T"'), { connection: "C", entity: '"DB"."T"' }],
    [remote("C", "DB\u007fS\u007fT"), { connection: "C", entity: "DB\u007fS\u007fT" }],
    [remote("C", "<NULL>"), { connection: "C", entity: "<NULL>" }],
    [remote("C", "<NULL>\u007fT"), { connection: "C", entity: "<NULL>\u007fT" }],
    [remote("C", "<NULL>\u007fA\u007fB\u007fC"), { connection: "C", entity: "<NULL>\u007fA\u007fB\u007fC" }],
    [{ "@DataWarehouse.remote.entity": "T" }, { entity: "T" }],
    [{ "@DataWarehouse.remote.connection": "C" }, { connection: "C" }],
  ])("%j", (annotations, source) => {
    expect(customOf(annotations)).toEqual({ object_type: "remote_table", remote_source: source });
    expect(backOf(annotations)).toEqual({ kind: "entity", ...annotations });
  });

  test("that are no text stay among the annotations", () => {
    expect(customOf(remote(1, null))).toEqual({ object_type: "remote_table", annotations: remote(1, null) });
  });
});

describe("views", () => {
  test("keep query, SQL and parameters", () => {
    const query = { SELECT: { from: { ref: ["T"] } } };
    const params = { P: { type: "cds.String", notNull: false } };
    expect(customOf({ query, params, "@DataWarehouse.sqlEditor.query": "SELECT 1\r\n" })).toEqual({
      object_type: "sql_view",
      query,
      sql: "SELECT 1",
      parameters: { P: { type: "cds.String" } },
    });
  });

  test("say which annotation their script stood in unless it is the usual one", () => {
    const definition = { "@DataWarehouse.tableFunction.script": "RETURN 1;", "@DataWarehouse.sqlDefinition.script": "SELECT 2" };
    expect(customOf(definition)).toEqual({
      object_type: "sql_view",
      sql: "RETURN 1;",
      sql_annotation: "@DataWarehouse.tableFunction.script",
      annotations: { "@DataWarehouse.sqlDefinition.script": "SELECT 2" },
    });
    expect(backOf(definition)).toEqual({ kind: "entity", ...definition });
  });
});

test("whatever is not known is kept under its own name", () => {
  const definition = parseJson(
    '{"@my.annotation": [1.50], "@ObjectModel.modelingPattern": "X", "@DataWarehouse.consumption.external": "yes", "includes": ["A"], "__proto__": 1}',
  ) as JsonObject;
  const custom = customOf(definition);
  expect(JSON.stringify(custom["annotations"])).toBe(
    '{"@my.annotation":[1.5],"@ObjectModel.modelingPattern":"X","@DataWarehouse.consumption.external":"yes"}',
  );
  expect(JSON.stringify(custom["unknown"])).toBe('{"includes":["A"],"__proto__":1}');
  expect(JSON.stringify(backOf(definition))).toContain('"__proto__":1');
});

test("a key that is spelled undefined is an unknown one like any other", () => {
  const asset = map({ undefined: "1" });
  expect(asset.metadata).toMatchObject({
    certification_status: null,
    custom_properties: { object_type: "local_table", unknown: { undefined: "1" } },
  });
  expect(asset.metadata.custom_properties).not.toHaveProperty("sql");
});

test("only what has a business layer gives one back", () => {
  expect(fromAsset(map({}))).not.toHaveProperty("businessLayer");
  expect(fromAsset(map({}, { businessLayer: { measures: {} } })).businessLayer).toEqual({ measures: {} });
});

test("exposure is told only where the definition tells it", () => {
  expect(customOf({ "@DataWarehouse.consumption.external": false })).toEqual({ object_type: "local_table", exposed: false });
  expect(customOf({})).not.toHaveProperty("exposed");
  expect(customOf({ "@DataWarehouse.consumption.external": "yes" })).not.toHaveProperty("exposed");
});

describe("what is refused", () => {
  const refusal = (fields: JsonObject): unknown => {
    try {
      return map(fields);
    } catch (error) {
      return error;
    }
  };

  test.each<[JsonObject, string]>([
    [{ kind: "context" }, 'it is no entity: its kind is "context"'],
    [{ elements: [] }, "its elements are no object but an array"],
    [{ elements: null }, "its elements are no object but null"],
    [{ elements: { "a\n": "cds.Date" } }, 'its element "a\\n" is no object but "cds.Date"'],
    [{ elements: { A: [] } }, 'its element "A" is no object but an array'],
  ])("%j", (fields, message) => {
    const error = refusal(fields);
    expect(error).toBeInstanceOf(AssetError);
    expect(error).toMatchObject({ code: "asset_unreadable", message });
  });

  test("a definition nested deeper than 64 levels", () => {
    const nested = (levels: number): Json => (levels === 0 ? 1 : levels % 2 === 0 ? [nested(levels - 1)] : { x: nested(levels - 1) });
    expect(refusal({ "@x": nested(63) })).not.toBeInstanceOf(AssetError);
    expect(refusal({ "@x": nested(64) })).toMatchObject({ code: "asset_too_deep", message: "it is nested deeper than 64 levels" });
  });
});

test("the mapping's version is 1 until the same definition maps to another asset", () => {
  expect(MAPPING_VERSION).toBe(1);
});
