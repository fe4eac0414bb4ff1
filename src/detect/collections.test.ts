import { expect, test } from "vitest";
import type { JsonObject } from "../model/json.ts";
import { anAsset } from "../testing/builders.ts";
import { saysNothing, withoutEmptyCollections } from "./collections.ts";
import { facetsOf } from "./facet-values.ts";

const left = (custom_properties: JsonObject): unknown =>
  withoutEmptyCollections(facetsOf(anAsset({ custom_properties }))).metadata.custom_properties;

test("a collection that holds nothing is left out, and what held nothing but such", () => {
  expect(left({ annotations: {}, unknown: {}, columns: {}, associations: {}, exposed: true })).toEqual({ exposed: true });
  expect(left({ columns: { A: { unknown: {} }, B: {}, C: { label: "C", unknown: {} } }, associations: { _A: {} } })).toEqual({
    columns: { C: { label: "C" } },
  });
});

test("an empty thing of the source's own stays", () => {
  const own = {
    annotations: { "@X": {}, annotations: {} },
    unknown: { unknown: {} },
    columns: { A: { "@X": {}, enum: {}, unknown: { unknown: {} } } },
    parameters: { P: {} },
    hierarchies: {},
    query: {},
  };
  expect(left(own)).toEqual(own);
});

test("what is no collection in shape stays as it is", () => {
  const odd = { annotations: [], unknown: null, columns: { A: "text" }, associations: 1 };
  expect(left(odd)).toEqual(odd);
  const facets = facetsOf(anAsset());
  const foreign = { ...facets, metadata: { ...facets.metadata, custom_properties: [{}] } };
  expect(withoutEmptyCollections(foreign)).toBe(foreign);
});

test("a value says nothing exactly where it would be left out", () => {
  expect(saysNothing(["columns"], { A: { unknown: {} } })).toBe(true);
  expect(saysNothing(["columns", "A"], { unknown: {} })).toBe(true);
  expect(saysNothing(["columns", "A", "unknown"], {})).toBe(true);
  expect(saysNothing(["columns", "A"], { label: null })).toBe(false);
  expect(saysNothing(["columns"], [])).toBe(false);
  expect(saysNothing(["parameters"], {})).toBe(false);
  expect(saysNothing(["annotations", "A"], {})).toBe(false);
  expect(saysNothing(["columns", "A", "enum"], {})).toBe(false);
  expect(saysNothing(["columns", "A", "unknown", "unknown"], {})).toBe(false);
});
