import { expect, test } from "vitest";
import { aColumn, anAsset } from "../testing/builders.ts";
import { facetsOf } from "./facet-values.ts";
import { asPlainText, plainText } from "./free-text.ts";

const LITERAL = { case_sensitive: true, normalize_whitespace: false };
const SPACED = { case_sensitive: true, normalize_whitespace: true };
const CASELESS = { case_sensitive: false, normalize_whitespace: false };

test.each([
  [" Sales  Orders ", "Sales Orders"],
  ["Sales\tOrders", "Sales Orders"],
  ["Sales\r\n\r\nOrders", "Sales Orders"],
  ["Sales\u00a0Orders", "Sales Orders"],
  ["Orders ", "Orders"],
  ["\nOrders", "Orders"],
  [" Orders", "Orders"],
  ["Sales Orders", "Sales Orders"],
  ["", ""],
  [" ", ""],
])("blanks of %j are evened to %j", (text, plain) => {
  expect(plainText(SPACED, text)).toBe(plain);
  expect(plainText(LITERAL, text)).toBe(text);
});

test.each([
  ["Sales ORDERS", "sales orders"],
  ["GRÖSSE", "größe"],
  ["ΟΔΟΣ", "οδος"],
  ["οδοσ", "οδοΣ"],
  ["ſ", "S"],
])("%s and %s are alike where case does not count", (one, other) => {
  expect(plainText(CASELESS, one)).toBe(plainText(CASELESS, other));
  expect(plainText(SPACED, one)).not.toBe(plainText(SPACED, other));
});

test("blanks stay where only case is overlooked", () => {
  expect(plainText(CASELESS, " A  B")).toBe(" a  b");
});

const TALKATIVE = anAsset({
  name: "Sales  Orders",
  business_name: " Sales  ORDERS",
  description: "All\norders ",
  owner: "Ada  L",
  columns: [aColumn("NET  WR", "cds.String  X")],
  constraints: [{ type: "association", name: "To  X", target: "X  Y", columns: [] }],
  tags: ["B  b", "a"],
  dimensions: ["D  d"],
  measures: ["M  m"],
  hierarchies: ["H  h"],
  certification_status: "Released  X",
  custom_properties: {
    sql: "SELECT  1",
    label: "no  label of a column",
    columns: { "NET  WR": { label: "Net  Value", "@Semantics.x": "a  b" }, PLAIN: { label: "Plain" }, BARE: {} },
    associations: { "To  X": { label: "To  X" } },
  },
});

test("free text is evened; identifiers, types, statuses and SQL are not", () => {
  const seen = asPlainText(SPACED, facetsOf(TALKATIVE));
  const { content, schema, metadata } = facetsOf(TALKATIVE);
  expect(seen).toEqual({
    content: { ...content, business_name: "Sales ORDERS", description: "All orders", owner: "Ada L" },
    schema,
    metadata: {
      ...metadata,
      tags: ["B b", "a"],
      custom_properties: {
        ...TALKATIVE.metadata.custom_properties,
        columns: { "NET  WR": { label: "Net Value", "@Semantics.x": "a  b" }, PLAIN: { label: "Plain" }, BARE: {} },
        associations: { "To  X": { label: "To X" } },
      },
    },
  });
});

test("the argument is the answer where text is taken literally", () => {
  const facets = facetsOf(TALKATIVE);
  expect(asPlainText(LITERAL, facets)).toBe(facets);
});

test("tags that become alike are one, in order", () => {
  const seen = asPlainText(CASELESS, facetsOf(anAsset({ tags: ["B", "a", "b"] })));
  expect(seen.metadata.tags).toEqual(["a", "b"]);
});

test("what has no text in the usual places stays as it is", () => {
  const strange = {
    content: { technical_name: 1, business_name: ["A  B"], description: null, owner: { "A  B": 1 } },
    schema: { columns: [], data_types: {}, constraints: [] },
    metadata: { tags: ["B  b", 1], dimensions: [], measures: [], hierarchies: [], certification_status: null, custom_properties: {} },
  };
  expect(asPlainText(SPACED, strange)).toEqual(strange);
  for (const custom_properties of [
    [{ columns: 1 }],
    "a  b",
    { columns: ["a  b"] },
    { columns: { A: "a  b", N: null, B: { label: ["a  b"] }, C: { toString: 1 } } },
  ]) {
    const odd = { ...strange, metadata: { ...strange.metadata, custom_properties } };
    expect(asPlainText(SPACED, odd)).toEqual(odd);
  }
});

test("labels of columns named __proto__ are labels", () => {
  const columns = Object.fromEntries([["__proto__", { label: "a  b" }]]);
  const seen = asPlainText(SPACED, facetsOf(anAsset({ custom_properties: { columns } })));
  expect(JSON.stringify(seen.metadata.custom_properties)).toBe('{"columns":{"__proto__":{"label":"a b"}}}');
});

test("custom properties that are no object stay as they are", () => {
  const facets = facetsOf(anAsset());
  for (const custom_properties of [null, "Text", ["Text"]])
    expect(asPlainText(CASELESS, { ...facets, metadata: { ...facets.metadata, custom_properties } }).metadata.custom_properties).toBe(
      custom_properties,
    );
});
