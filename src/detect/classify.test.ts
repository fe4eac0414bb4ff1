import { expect, test } from "vitest";
import type { Facet } from "../model/asset.ts";
import type { ChangeType } from "../model/change.ts";
import { changeTypeOf, differingFacets } from "./classify.ts";

const FINGERPRINT = { scheme: "s", content: "c", schema: "s", metadata: "m" };

const EVERY_SUBSET: [readonly Facet[], ChangeType | null][] = [
  [[], null],
  [["content"], "modified"],
  [["schema"], "schema_changed"],
  [["metadata"], "metadata_changed"],
  [["content", "schema"], "modified"],
  [["content", "metadata"], "modified"],
  [["metadata", "schema"], "schema_changed"],
  [["content", "metadata", "schema"], "modified"],
];

test.each(EVERY_SUBSET)("where %j differ, the set is told whole, and the type is %s", (facets, type) => {
  const after = { ...FINGERPRINT, ...Object.fromEntries(facets.map((facet) => [facet, "other"])) };
  expect(differingFacets(FINGERPRINT, after)).toEqual(facets.toSorted());
  expect(changeTypeOf(facets)).toBe(type);
});

test("a facet that was never applied differs; one that is not hashed does not", () => {
  expect(differingFacets({ ...FINGERPRINT, schema: null }, FINGERPRINT)).toEqual(["schema"]);
  expect(differingFacets({ ...FINGERPRINT, schema: null }, { ...FINGERPRINT, schema: null })).toEqual([]);
});
