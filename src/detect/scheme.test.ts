import { expect, test } from "vitest";
import { FACETS, type Facet } from "../model/asset.ts";
import type { HashScheme } from "../model/fingerprint.ts";
import { facetsOfScheme, REFERENCE_SCHEME, schemeId } from "./scheme.ts";

test("a scheme's id tells its versions, facets and algorithm", () => {
  expect(schemeId(REFERENCE_SCHEME)).toMatch(/^1\.0\.cms\.sha256\.[0-9a-f]{12}$/);
  expect(schemeId({ ...REFERENCE_SCHEME, canonical: 3, mapping: 2, facets: ["schema"], hash_algorithm: "blake2b512" })).toMatch(
    /^3\.2\.s\.blake2b512\./,
  );
});

test("each option makes another scheme", () => {
  const others: Partial<HashScheme>[] = [
    {},
    { canonical: 2 },
    { mapping: 1 },
    { hash_algorithm: "sha3-256" },
    { facets: ["content"] },
    { facets: [] },
    { ignore_fields: ["a"] },
    { ignore_fields: ["a", "b"] },
    { case_sensitive: false },
    { normalize_whitespace: true },
  ];
  const ids = others.map((other) => schemeId({ ...REFERENCE_SCHEME, ...other }));
  expect(new Set(ids).size).toBe(others.length);
});

test("the order and repetition of facets and fields make no other scheme, nor does what is no option", () => {
  const scheme = { ...REFERENCE_SCHEME, ignore_fields: ["a", "b"] };
  const shuffled = { ...scheme, facets: [...FACETS].reverse(), ignore_fields: ["b", "a", "b"], content_hash_enabled: true };
  expect(schemeId(shuffled)).toBe(schemeId(scheme));
  expect(schemeId(scheme)).toBe(schemeId(scheme));
});

test("an id tells which facets were hashed, whichever they were", () => {
  const subsets: Facet[][] = [
    [],
    ["content"],
    ["metadata"],
    ["schema"],
    ["content", "metadata"],
    ["content", "schema"],
    ["metadata", "schema"],
    [...FACETS],
  ];
  for (const facets of subsets) {
    expect(facetsOfScheme(schemeId({ ...REFERENCE_SCHEME, facets }))).toEqual(facets);
    expect(facetsOfScheme(schemeId({ ...REFERENCE_SCHEME, canonical: 10, mapping: 12, facets }))).toEqual(facets);
  }
});

test("the id of a scheme that hashes nothing has a dash for the facets", () => {
  expect(schemeId({ ...REFERENCE_SCHEME, facets: [] })).toMatch(/^\d+\.\d+\.-\.sha256\./);
});

test("an id of another make is taken to have hashed all facets", () => {
  expect(facetsOfScheme("v0")).toEqual(FACETS);
  expect(facetsOfScheme("x.1.1.c.y")).toEqual(FACETS);
  expect(facetsOfScheme("1.1.sc.sha256.0")).toEqual(FACETS);
});
