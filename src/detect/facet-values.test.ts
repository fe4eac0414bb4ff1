import { expect, test } from "vitest";
import type { Constraint } from "../model/asset.ts";
import { anAsset } from "../testing/builders.ts";
import { asSet, facetsOf } from "./facet-values.ts";

test("a set has each name once, in code-point order", () => {
  expect(asSet(["b", "a", "b", "\u{1F600}", "\uE000"])).toEqual(["a", "b", "\uE000", "\u{1F600}"]);
  expect(asSet(["a", "a"])).toEqual(["a"]);
  expect(asSet([])).toEqual([]);
});

test("a list that is a set already is answered itself", () => {
  for (const names of [["a", "b", "c"], ["a"], []]) expect(asSet(names)).toBe(names);
});

test("constraints stand by type and then by name", () => {
  const association = (name: string): Constraint => ({ type: "association", name, target: "T", columns: [] });
  const foreignKey = (name: string): Constraint => ({ type: "foreign_key", name, target: "T", columns: [] });
  const key: Constraint = { type: "primary_key", columns: ["ID"] };
  const ordered = [association("_A"), association("_B"), foreignKey("A"), foreignKey("B"), key];
  expect(facetsOf(anAsset({ constraints: ordered.toReversed() })).schema.constraints).toEqual(ordered);
  expect(
    facetsOf(anAsset({ constraints: [foreignKey("B"), key, association("_B"), foreignKey("A"), association("_A")] })).schema.constraints,
  ).toEqual(ordered);
});
