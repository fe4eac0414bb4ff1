import { expect, test } from "vitest";
import { aColumn, anAsset, type AssetTraits } from "../testing/builders.ts";
import type { FieldChange } from "./change.ts";
import { diffDocuments, sameJson } from "./diff.ts";
import { toDocument } from "./document.ts";
import { type JsonObject, rawNumber } from "./json.ts";

const diff = (before: AssetTraits, after: AssetTraits): FieldChange[] =>
  diffDocuments(toDocument(anAsset(before)), toDocument(anAsset(after)));
const decimal = (precision: number): AssetTraits => ({ columns: [aColumn("NETWR", "cds.Decimal", { precision, scale: 2 })] });

test("equal assets have no differing field", () => {
  expect(diff(decimal(15), decimal(15))).toEqual([]);
});

test("a retyped column is one field, told in full", () => {
  expect(diff(decimal(15), decimal(17))).toEqual([
    { path: "/schema/columns/NETWR/type", old: "cds.Decimal(15,2)", new: "cds.Decimal(17,2)" },
  ]);
});

test("columns are matched by name: one added in front moves no other", () => {
  expect(diff({ columns: [aColumn("A"), aColumn("B")] }, { columns: [aColumn("NEW"), aColumn("A"), aColumn("B")] })).toEqual([
    { path: "/schema/columns/NEW", new: { type: "cds.Integer" } },
  ]);
});

test("a removed column is its definition, gone", () => {
  expect(diff({ columns: [aColumn("A"), aColumn("B", "cds.Date", { key: true })] }, { columns: [aColumn("A")] })).toEqual([
    { path: "/schema/columns/B", old: { type: "cds.Date", key: true } },
  ]);
});

test("a reorder is one change of the order, of the columns that both sides have", () => {
  const before = { columns: [aColumn("A"), aColumn("GONE"), aColumn("B"), aColumn("C")] };
  const after = { columns: [aColumn("C"), aColumn("A"), aColumn("NEW"), aColumn("B")] };
  expect(diff(before, after)).toEqual([
    { path: "/schema/column_order", old: ["A", "B", "C"], new: ["C", "A", "B"] },
    { path: "/schema/columns/GONE", old: { type: "cds.Integer" } },
    { path: "/schema/columns/NEW", new: { type: "cds.Integer" } },
  ]);
});

test("sets tell what was added and what was removed, in code-point order", () => {
  expect(diff({ tags: ["a", "b"] }, { tags: ["\u{1f389}", "\ue000", "b"] })).toStrictEqual([
    { path: "/metadata/tags/a", old: "a" },
    { path: "/metadata/tags/\ue000", new: "\ue000" },
    { path: "/metadata/tags/\u{1f389}", new: "\u{1f389}" },
  ]);
});

test("a null that becomes a text has both sides", () => {
  expect(diff({ description: null }, { description: "All orders" })).toEqual([
    { path: "/content/description", old: null, new: "All orders" },
  ]);
});

test("custom properties are compared key by key, arrays whole", () => {
  const before = { query: { SELECT: { columns: ["A", "B"], distinct: true } }, "a/b": 1, same: [{ x: 1 }] };
  const after = { query: { SELECT: { columns: ["B", "A"] } }, "a/b": rawNumber("1.0"), same: [{ x: 1 }] };
  expect(diff({ custom_properties: before }, { custom_properties: after })).toStrictEqual([
    { path: "/metadata/custom_properties/a~1b", old: 1, new: rawNumber("1.0") },
    { path: "/metadata/custom_properties/query/SELECT/columns", old: ["A", "B"], new: ["B", "A"] },
    { path: "/metadata/custom_properties/query/SELECT/distinct", old: true },
  ]);
});

test("a value that changes its kind is one field", () => {
  expect(diff({ custom_properties: { a: {} } }, { custom_properties: { a: [] } })).toEqual([
    { path: "/metadata/custom_properties/a", old: {}, new: [] },
  ]);
});

test("a key named __proto__ is found on the side that has it, not in every object", () => {
  const proto: JsonObject = Object.fromEntries([["__proto__", { a: 1 }]]);
  expect(diff({ custom_properties: {} }, { custom_properties: proto })).toEqual([
    { path: "/metadata/custom_properties/__proto__", new: { a: 1 } },
  ]);
  expect(diff({ custom_properties: { toString: 1 } }, { custom_properties: {} })).toEqual([
    { path: "/metadata/custom_properties/toString", old: 1 },
  ]);
});

test.each([
  [1, 1, true],
  [1, rawNumber("1.0"), false],
  [rawNumber("1.50"), rawNumber("15e-1"), true],
  [rawNumber("9007199254740993"), rawNumber("9007199254740992"), false],
  ["1", 1, false],
  [[1, 2], [1, 2], true],
  [[1, 2], [1], false],
  [[1], [1, 2], false],
  [[1, 2], [1, 3], false],
  [[], {}, false],
  [["x"], "x", false],
  ["x", ["x"], false],
  [{ a: 1, b: [null] }, { b: [null], a: 1 }, true],
  [{ a: 1 }, { a: 1, b: 2 }, false],
  [{ a: 1 }, { b: 1 }, false],
  [{ toString: null }, {}, false],
  [null, {}, false],
  [{}, null, false],
])("%j and %j are the same JSON: %s", (a, b, same) => {
  expect(sameJson(a, b)).toBe(same);
});
