import { expect, test } from "vitest";
import { aColumn, anAsset } from "../testing/builders.ts";
import { facetsOf, type FacetValues } from "./facet-values.ts";
import { mayBeIgnored, withoutFields } from "./ignore-fields.ts";

const ASSET = anAsset({
  business_name: "Orders",
  description: "All orders",
  owner: "Ada",
  columns: [
    aColumn("length", "cds.String", { length: 10, default: { val: "x", hint: 1 } }),
    aColumn("B", "cds.Decimal", { precision: 15, scale: 2, key: true }),
  ],
  constraints: [
    { type: "association", name: "_A", target: "T", columns: [{ local: "B", remote: "ID" }], on: [{ ref: ["a"] }] },
    { type: "primary_key", columns: ["B"] },
  ],
  tags: ["t"],
  dimensions: ["length"],
  certification_status: "released",
  custom_properties: {
    last_modified: "today",
    remote: { connection: "C", "a.b": { last_modified: 1, kept: 2 } },
    columns: { length: { label: "L", last_modified: 1 }, last_modified: { label: "a column's name" } },
    hierarchies: { last_modified: { ordinal: 0, definition: { levels: [{ last_modified: 1, element: "B" }] } } },
  },
});
const FACETS = facetsOf(ASSET);
const without = (...fields: string[]): FacetValues => withoutFields(FACETS, fields);

test("fields that the asset does not have change nothing", () => {
  expect(without("sync_timestamp", "custom_properties.remote.gone", "a.b.c", "length.connection")).toEqual(FACETS);
});

test("where no key can be one of the fields, the answer is the argument", () => {
  expect(without("sync_timestamp", "custom_properties.remote.gone", "cds.String", "x")).toBe(FACETS);
  expect(without("connection")).not.toBe(FACETS);
});

test("a field is found in whichever of a list's members it stands", () => {
  const facets = facetsOf(anAsset({ custom_properties: { list: [{ y: 1 }, { x: 1, y: 2 }, 3] } }));
  expect(withoutFields(facets, ["x"]).metadata.custom_properties).toEqual({ list: [{ y: 1 }, { y: 2 }, 3] });
});

test.each([
  "associations",
  "attributes",
  "columns",
  "crossCalculations",
  "data_types",
  "dimensionSources",
  "dimensions",
  "elements",
  "enum",
  "exposedAssociations",
  "factSources",
  "hierarchies",
  "measures",
  "mixin",
  "parameters",
  "params",
  "variables",
])("keys below %s are names: a field takes none of them, and its like from each", (list) => {
  const facets = facetsOf(anAsset({ custom_properties: { [list]: { x: { x: 1, y: 2 } }, other: { x: { y: 2 } } } }));
  expect(withoutFields(facets, ["x"]).metadata.custom_properties).toEqual({ [list]: { x: { y: 2 } }, other: {} });
});

test("a property of a facet stands empty", () => {
  const seen = without("description", "tags", "certification_status", "custom_properties", "constraints");
  expect(seen.content).toEqual({ ...FACETS.content, description: null });
  expect(seen.metadata).toEqual({ ...FACETS.metadata, tags: [], certification_status: null, custom_properties: {} });
  expect(seen.schema).toEqual({ ...FACETS.schema, constraints: [] });
});

test("the same name is ignored wherever it stands in the custom properties, but not as the name of a column or hierarchy", () => {
  expect(without("last_modified").metadata.custom_properties).toEqual({
    remote: { connection: "C", "a.b": { kept: 2 } },
    columns: { length: { label: "L" }, last_modified: { label: "a column's name" } },
    hierarchies: { last_modified: { ordinal: 0, definition: { levels: [{ element: "B" }] } } },
  });
});

test("a property of a column goes with what the data types say of it, and the column of that name stays", () => {
  expect(without("length").schema).toEqual({
    columns: [aColumn("length", "cds.String", { default: { val: "x", hint: 1 } }), ASSET.schema.columns[1]],
    data_types: { length: "cds.String", B: "cds.Decimal(15,2)" },
    constraints: FACETS.schema.constraints,
  });
});

test("a data type that never followed from its column stays", () => {
  const odd = { ...FACETS, schema: { ...FACETS.schema, data_types: { length: "VARCHAR(10)", GONE: "cds.Date" } } };
  expect(withoutFields(odd, ["length"]).schema.data_types).toEqual({ length: "VARCHAR(10)", GONE: "cds.Date" });
});

test("without the columns, the data types stay as they were", () => {
  expect(without("columns").schema).toMatchObject({ columns: [], data_types: FACETS.schema.data_types });
});

test("the name of a column, and type and name of a constraint, are never ignored; what must be there stands empty", () => {
  const { columns, constraints } = without("name", "type").schema;
  expect(columns).toEqual([
    { name: "length", type: "", length: 10, default: { val: "x", hint: 1 } },
    { name: "B", type: "", precision: 15, scale: 2, key: true },
  ]);
  expect(constraints).toEqual(FACETS.schema.constraints);
  expect(without("target", "on", "columns").schema.constraints).toEqual([
    { type: "association", name: "_A", target: "", columns: [] },
    { type: "primary_key", columns: [] },
  ]);
});

test("nothing is taken out of an anonymous type, whose text is whole", () => {
  const items = { type: "cds.String", length: 10 };
  const columns = [aColumn("LIST", "array", { items, length: 5 }), aColumn("ROW", "struct", { elements: { CITY: items } })];
  const data_types = { LIST: "array of cds.String(10)", ROW: "struct {}" };
  const seen = withoutFields({ ...FACETS, schema: { ...facetsOf(anAsset({ columns })).schema, data_types } }, ["length"]);
  expect(seen.schema).toMatchObject({ columns: [aColumn("LIST", "array", { items }), columns[1]], data_types });
});

test("a dotted path names one place, with its facet or without", () => {
  for (const path of ["schema.columns.length.default", "columns.length.default"]) {
    expect(without(path).schema.columns).toEqual([aColumn("length", "cds.String", { length: 10 }), ASSET.schema.columns[1]]);
  }
  for (const path of ["metadata.custom_properties.remote.connection", "custom_properties.remote.connection"]) {
    expect(without(path).metadata.custom_properties).toEqual({
      ...ASSET.metadata.custom_properties,
      remote: { "a.b": { last_modified: 1, kept: 2 } },
    });
  }
  expect(without("content.description").content.description).toBeNull();
  expect(without("schema.constraints.association._A.on").schema.constraints).toMatchObject([
    { columns: [{ local: "B", remote: "ID" }] },
    {},
  ]);
  expect(without("schema.constraints.association._A.on").schema.constraints).not.toHaveProperty([0, "on"]);
  expect(without("constraints.primary_key.columns").schema.constraints).toMatchObject([{ columns: [{}] }, { columns: [] }]);
  expect(without("schema.columns.length.default.hint").schema.columns).toEqual([
    aColumn("length", "cds.String", { length: 10, default: { val: "x" } }),
    ASSET.schema.columns[1],
  ]);
});

test("a key that holds dots is ignored by its own name", () => {
  expect(without("a.b").metadata.custom_properties).toMatchObject({ remote: { connection: "C" } });
  expect(without("a.b").metadata.custom_properties).not.toHaveProperty(["remote", "a.b"]);
});

test("a path that ends in a name ignores nothing", () => {
  expect(without("schema.data_types.length", "custom_properties.columns.length")).toEqual(FACETS);
});

test("what has another shape than the model's is walked all the same", () => {
  const foreign = {
    content: { technical_name: { x: 1 }, business_name: null, description: null, owner: null },
    schema: { columns: ["x", { name: 1, x: 1 }, { x: 1, type: "t" }], data_types: [{ x: 1 }], constraints: { x: 1 } },
    metadata: { ...FACETS.metadata, custom_properties: [{ x: 1, y: 2 }] },
  };
  const seen = withoutFields(foreign, ["x"]);
  expect(seen.content.technical_name).toEqual({});
  expect(seen.schema).toEqual({ columns: ["x", { name: 1 }, { type: "t" }], data_types: [{}], constraints: {} });
  expect(seen.metadata.custom_properties).toEqual([{ y: 2 }]);
  const noList = { ...foreign, schema: { columns: "x", data_types: { x: "cds.String" }, constraints: [] } };
  expect(withoutFields(noList, ["y"]).schema).toEqual(noList.schema);
  const noColumns = {
    ...foreign,
    schema: { columns: ["x", { type: "t", x: 1 }, { name: "A", x: 1 }], data_types: { A: "t", undefined: "t" }, constraints: [] },
  };
  expect(withoutFields(noColumns, ["x"]).schema.data_types).toEqual(noColumns.schema.data_types);
  const noTypes = { ...foreign, schema: { columns: [{ name: "A", type: "t", x: 1 }], data_types: null, constraints: [] } };
  expect(withoutFields(noTypes, ["x"]).schema).toEqual({ columns: [{ name: "A", type: "t" }], data_types: null, constraints: [] });
});

test("a key may be ignored that ends as one of the fields does", () => {
  const mayBe = (key: string, ...fields: string[]) => mayBeIgnored(fields)(key);
  expect(mayBe("a")).toBe(false);
  expect(mayBe("b.c", "value", "d", "list.value", "x")).toBe(false);
  expect(["c", "b.c", "x.b.c", "x.c"].map((field) => mayBe("b.c", field))).toEqual([true, true, true, true]);
  expect(mayBe("technical_name", "name")).toBe(false);
});
