import fc from "fast-check";
import { expect, test } from "vitest";
import { arbitraryMoments, arbitraryScheme } from "../../test/helpers/arbitrary-moments.ts";
import { type Asset, FACETS } from "../model/asset.ts";
import type { HashScheme } from "../model/fingerprint.ts";
import { aColumn, anAsset } from "../testing/builders.ts";
import { diffAssets } from "./diff-assets.ts";
import { fingerprintAsset } from "./fingerprint-asset.ts";
import { REFERENCE_SCHEME } from "./scheme.ts";
import { propertyRuns } from "../../test/helpers/property-runs.ts";

const scheme = (options: Partial<HashScheme>): HashScheme => ({ ...REFERENCE_SCHEME, ...options });

test("without a scheme every difference is told", () => {
  const before = anAsset({ description: "All  orders" });
  const after = anAsset({ description: "All orders" });
  expect(diffAssets(before, after)).toEqual([{ path: "/content/description", old: "All  orders", new: "All orders" }]);
});

test("a difference that the scheme overlooks is not told, and one that it does not is told as it is written", () => {
  const spaced = scheme({ normalize_whitespace: true, case_sensitive: false });
  const before = anAsset({ business_name: "Sales  ORDERS", description: "All  orders", owner: null });
  const after = anAsset({ business_name: "sales orders", description: "All\tORDERS, today", owner: "Ada  L" });
  expect(diffAssets(before, after, spaced)).toStrictEqual([
    { path: "/content/description", old: "All  orders", new: "All\tORDERS, today" },
    { path: "/content/owner", old: null, new: "Ada  L" },
  ]);
});

test("where only one side is written unevenly, it is told as it is written", () => {
  const spaced = scheme({ normalize_whitespace: true });
  const [uneven, even] = [anAsset({ description: "All  orders" }), anAsset({ description: "Some orders" })];
  expect(diffAssets(uneven, even, spaced)).toEqual([{ path: "/content/description", old: "All  orders", new: "Some orders" }]);
  expect(diffAssets(even, uneven, spaced)).toEqual([{ path: "/content/description", old: "Some orders", new: "All  orders" }]);
});

test("where only one side holds an ignored field, what is told of it is whole", () => {
  const ignoring = scheme({ ignore_fields: ["x"] });
  const [holding, bare] = [anAsset({ custom_properties: { a: { x: 1, y: 2 } } }), anAsset()];
  expect(diffAssets(holding, bare, ignoring)).toEqual([{ path: "/metadata/custom_properties/a", old: { x: 1, y: 2 } }]);
  expect(diffAssets(bare, holding, ignoring)).toEqual([{ path: "/metadata/custom_properties/a", new: { x: 1, y: 2 } }]);
});

test("where columns are ignored, the types that they imply elsewhere are told by themselves", () => {
  const ignoring = scheme({ ignore_fields: ["columns"] });
  const [integer, text] = [anAsset({ columns: [aColumn("A")] }), anAsset({ columns: [aColumn("A", "cds.String", { length: 10 })] })];
  expect(diffAssets(integer, text, ignoring)).toEqual([{ path: "/schema/data_types/A", old: "cds.Integer", new: "cds.String(10)" }]);
});

test("an added or removed field has one side", () => {
  const spaced = scheme({ normalize_whitespace: true });
  const [before, after] = [anAsset({ custom_properties: { a: 1 } }), anAsset({ custom_properties: { b: 2 } })];
  expect(diffAssets(before, after, spaced)).toStrictEqual([
    { path: "/metadata/custom_properties/a", old: 1 },
    { path: "/metadata/custom_properties/b", new: 2 },
  ]);
});

test("tags are told as they are written, under their own path", () => {
  const caseless = scheme({ case_sensitive: false });
  const before = anAsset({ tags: ["Finance", "GONE/away"] });
  const after = anAsset({ tags: ["FINANCE", "New"] });
  expect(diffAssets(before, after, caseless)).toStrictEqual([
    { path: "/metadata/tags/GONE~1away", old: "GONE/away" },
    { path: "/metadata/tags/New", new: "New" },
  ]);
});

test("an added column is told whole, with what is ignored in it; a reorder is told of its columns", () => {
  const ignoring = scheme({ ignore_fields: ["default", "srid"] });
  const before = anAsset({ columns: [aColumn("A"), aColumn("B")] });
  const after = anAsset({ columns: [aColumn("B"), aColumn("A"), aColumn("C", "cds.Integer", { default: 1 })] });
  expect(diffAssets(before, after, ignoring)).toStrictEqual([
    { path: "/schema/column_order", old: ["A", "B"], new: ["B", "A"] },
    { path: "/schema/columns/C", new: { type: "cds.Integer", default: 1 } },
  ]);
});

test("a type is told whole where part of it is ignored", () => {
  const before = anAsset({ columns: [aColumn("A", "cds.String", { length: 10 })] });
  const after = anAsset({ columns: [aColumn("A", "cds.LargeString", { length: 20 })] });
  expect(diffAssets(before, after, scheme({ ignore_fields: ["length"] }))).toEqual([
    { path: "/schema/columns/A/type", old: "cds.String(10)", new: "cds.LargeString(20)" },
  ]);
  const same = anAsset({ columns: [aColumn("A", "cds.String", { length: 20 })] });
  expect(diffAssets(before, same, scheme({ ignore_fields: ["length"] }))).toEqual([]);
});

test("a field that only what is left has is told as it is left", () => {
  // Without the length, a precision alone stands beside the type.
  const odd = (precision: number) => anAsset({ columns: [aColumn("constructor", "cds.String", { length: 10, precision })] });
  const [before, after] = [odd(1), odd(2)];
  expect(diffAssets(before, after, scheme({ ignore_fields: ["length"] }))).toStrictEqual([
    { path: "/schema/columns/constructor/precision", old: 1, new: 2 },
    { path: "/schema/data_types/constructor", old: "cds.String(10,1)", new: "cds.String(10,2)" },
  ]);
});

test("an ignored annotation is no change although it is the first of its asset, column or association", () => {
  const ignoring = scheme({ ignore_fields: ["@Foo", "label"] });
  const before = anAsset();
  const facts = { "@Foo": 1, label: "L", unknown: { "@Foo": 2 } };
  const first = { annotations: { "@Foo": 1 }, columns: { ID: facts }, associations: { _A: facts } };
  const after = anAsset({ custom_properties: first });
  expect(diffAssets(before, after, ignoring)).toEqual([]);
  expect(diffAssets(after, before, ignoring)).toEqual([]);
  expect(fingerprintAsset(after, ignoring)).toEqual(fingerprintAsset(before, ignoring));
  expect(diffAssets(before, after).map(({ path }) => path)).toEqual(
    ["annotations", "associations", "columns"].map((key) => `/metadata/custom_properties/${key}`),
  );

  const another = anAsset({ custom_properties: { ...first, annotations: { "@Foo": 2, "@Bar": 1 } } });
  expect(diffAssets(after, another, ignoring)).toStrictEqual([{ path: "/metadata/custom_properties/annotations/@Bar", new: 1 }]);
  expect(diffAssets(before, another, ignoring)).toStrictEqual([
    { path: "/metadata/custom_properties/annotations", new: { "@Foo": 2, "@Bar": 1 } },
  ]);
});

test("a new annotation is a change although all that it holds is ignored", () => {
  const ignoring = scheme({ ignore_fields: ["last_modified"] });
  const [before, after] = [anAsset(), anAsset({ custom_properties: { annotations: { "@X": { last_modified: 1 } } } })];
  expect(diffAssets(before, after, ignoring).map(({ path }) => path)).toEqual(["/metadata/custom_properties/annotations"]);
  expect(fingerprintAsset(after, ignoring)).not.toEqual(fingerprintAsset(before, ignoring));
});

test("an empty collection and none differ where nothing is ignored", () => {
  const [before, after] = [anAsset(), anAsset({ custom_properties: { annotations: {} } })];
  expect(diffAssets(before, after)).toStrictEqual([{ path: "/metadata/custom_properties/annotations", new: {} }]);
  expect(fingerprintAsset(after, REFERENCE_SCHEME)).not.toEqual(fingerprintAsset(before, REFERENCE_SCHEME));
});

test("an empty collection and none are alike where something is ignored, and another value in its place is none", () => {
  const ignoring = scheme({ ignore_fields: ["last_modified"] });
  const [none, empty, odd] = [{}, { annotations: {} }, { annotations: 1 }].map((custom_properties) => anAsset({ custom_properties })) as [
    Asset,
    Asset,
    Asset,
  ];
  expect(diffAssets(none, empty, ignoring)).toEqual([]);
  expect(fingerprintAsset(empty, ignoring)).toEqual(fingerprintAsset(none, ignoring));
  expect(diffAssets(empty, odd, ignoring)).toStrictEqual([{ path: "/metadata/custom_properties/annotations", old: {}, new: 1 }]);
  expect(fingerprintAsset(odd, ignoring)).not.toEqual(fingerprintAsset(empty, ignoring));
});

test("differences of a facet that is switched off are not told", () => {
  const before = anAsset({ description: "Old", tags: ["a"] });
  const after = anAsset({ description: "New", tags: ["b"] });
  expect(diffAssets(before, after, scheme({ facets: ["content", "schema"] })).map(({ path }) => path)).toEqual(["/content/description"]);
});

test("under every scheme a facet has a differing field exactly when its hash differs", () => {
  fc.assert(
    fc.property(arbitraryMoments(), arbitraryScheme, ([before, after], options) => {
      const [was, is] = [fingerprintAsset(before, options), fingerprintAsset(after, options)];
      const paths = diffAssets(before, after, options).map(({ path }) => path);
      for (const facet of FACETS)
        expect([facet, paths.some((path) => path.startsWith(`/${facet}/`))]).toEqual([facet, was[facet] !== is[facet]]);
    }),
    { numRuns: propertyRuns(1_000) },
  );
});

test("what a scheme tells is part of all that differs, told in the same words", () => {
  // Where a part of a type is ignored, what is left of it may be told elsewhere.
  const whole = arbitraryScheme.filter(({ ignore_fields }) => !ignore_fields.some((field) => PARTS_OF_TYPES.has(field)));
  fc.assert(
    fc.property(arbitraryMoments(), whole, ([before, after], options) => {
      expect(diffAssets(before, after)).toEqual(expect.arrayContaining([...diffAssets(before, after, options)]));
    }),
    { numRuns: propertyRuns(500) },
  );
});

const PARTS_OF_TYPES = new Set(["type", "length", "scale", "srid", "items", "columns", "data_types", "columns.a.length"]);
