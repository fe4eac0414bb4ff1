import { expect, test } from "vitest";
import type { Json } from "../model/json.ts";
import { parseJson } from "../model/parse-json.ts";
import { facetsOfReference } from "./reference-input.ts";

const NOTHING = {
  content: { technical_name: null, business_name: null, description: null, owner: null },
  schema: { columns: [], data_types: {}, constraints: [] },
  metadata: { tags: [], dimensions: [], measures: [], hierarchies: [], certification_status: null, custom_properties: {} },
};

const facets = (input: string): unknown =>
  JSON.parse(JSON.stringify(facetsOfReference(parseJson(input) as { [key: string]: Json }))) as unknown;

test("what is absent stands as the reference has it", () => {
  expect(facets("{}")).toEqual(NOTHING);
});

test.each(["null", "false", "0", "0.0", "-0.0", '""', "[]", "{}"])(
  "%s stands for an absent section, list and custom_properties",
  (nothing) => {
    expect(facets(`{"schema_info": ${nothing}, "business_context": ${nothing}, "custom_properties": ${nothing}}`)).toEqual(NOTHING);
    expect(
      facets(`{"business_context": {"tags": ${nothing}, "dimensions": ${nothing}, "measures": ${nothing}, "hierarchies": ${nothing}}}`),
    ).toEqual(NOTHING);
  },
);

test("everything that is there is taken, and lists are sorted by code point", () => {
  const input = {
    technical_name: "T",
    business_name: "B",
    description: "D",
    owner: "O",
    schema_info: { columns: [{ name: "A" }], data_types: { A: "x" }, constraints: ["c"] },
    business_context: {
      tags: ["b", "😀", "\ue000", "a"],
      dimensions: ["d"],
      measures: ["m"],
      hierarchies: ["h"],
      certification_status: "ok",
    },
    custom_properties: { k: "v" },
  };
  expect(facets(JSON.stringify(input))).toEqual({
    content: { technical_name: "T", business_name: "B", description: "D", owner: "O" },
    schema: input.schema_info,
    metadata: {
      tags: ["a", "b", "\ue000", "😀"],
      dimensions: ["d"],
      measures: ["m"],
      hierarchies: ["h"],
      certification_status: "ok",
      custom_properties: { k: "v" },
    },
  });
});

test("an explicit null among the schema's parts is kept as null", () => {
  expect(facets('{"schema_info": {"columns": null, "data_types": null, "constraints": null}}')).toMatchObject({
    schema: { columns: null, data_types: null, constraints: null },
  });
});

test("custom properties of any kind are kept, if Python calls them true", () => {
  expect(facets('{"custom_properties": [0]}')).toMatchObject({ metadata: { custom_properties: [0] } });
  expect(facets('{"custom_properties": "x"}')).toMatchObject({ metadata: { custom_properties: "x" } });
  expect(facets('{"custom_properties": true}')).toMatchObject({ metadata: { custom_properties: true } });
});

test("a key that every object inherits is absent", () => {
  expect(facets('{"schema_info": {"__proto__": {"columns": [1]}}}')).toEqual(NOTHING);
});

test.each([
  ['"cab"', ["a", "b", "c"]],
  ['{"b": 1, "a": 2}', ["a", "b"]],
  ["[null]", [null]],
  ["[[2, 1]]", [[2, 1]]],
])("Python's sorted(%s) is followed", (list, sorted) => {
  expect(facets(`{"business_context": {"measures": ${list}}}`)).toMatchObject({ metadata: { measures: sorted } });
});

test("numbers and truth values are sorted by their exact values, and equal ones stay in their order", () => {
  const sorted = (list: string): string => JSON.stringify(facetsOfReference({ business_context: { tags: parseJson(list) } }).metadata.tags);
  const ascending = [
    "-9007199254740993",
    "-9007199254740992.0",
    "-1",
    "false",
    "0.5",
    "true",
    "1.5",
    "10",
    "9007199254740992.0",
    "9007199254740993",
  ];
  for (let turn = 0; turn < ascending.length; turn++) {
    const turned = [...ascending.slice(turn), ...ascending.slice(0, turn)];
    expect(sorted(`[${turned.join()}]`)).toBe(`[${ascending.join()}]`);
    expect(sorted(`[${turned.toReversed().join()}]`)).toBe(`[${ascending.join()}]`);
  }
  expect([sorted("[true,1,1.0]"), sorted("[1.0,1,true]"), sorted("[0,-0.0,false]")]).toEqual([
    "[true,1,1.0]",
    "[1.0,1,true]",
    "[0,-0.0,false]",
  ]);
});

test.each([
  ['{"schema_info": [1]}', "the value at /schema_info is no object"],
  ['{"business_context": "x"}', "the value at /business_context is no object"],
  ['{"business_context": {"tags": 5}}', "the value at /business_context/tags is no list"],
  ['{"business_context": {"dimensions": true}}', "the value at /business_context/dimensions is no list"],
  ['{"business_context": {"measures": ["a", 1]}}', "the value at /business_context/measures mixes kinds of values"],
  ['{"business_context": {"hierarchies": [null, null]}}', "the value at /business_context/hierarchies mixes kinds of values"],
  ['{"business_context": {"tags": [["a"], ["b"]]}}', "the value at /business_context/tags mixes kinds of values"],
])("%s is refused, because the reference has no hash for it", (input, message) => {
  expect(() => facets(input)).toThrow(message);
  expect(() => facets(input)).toThrow(expect.objectContaining({ code: "value_unrepresentable" }));
});

test("a number that overflows a float has no place in an order", () => {
  const input = { business_context: { tags: [1, Number.POSITIVE_INFINITY] } };
  expect(() => facetsOfReference(input)).toThrow("/business_context/tags");
});
