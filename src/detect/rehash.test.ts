import { expect, test } from "vitest";
import type { HashScheme } from "../model/fingerprint.ts";
import { anAsset } from "../testing/builders.ts";
import { fingerprintAsset } from "./fingerprint-asset.ts";
import { rehash } from "./rehash.ts";
import { REFERENCE_SCHEME, schemeId } from "./scheme.ts";

const OLD = REFERENCE_SCHEME;
const NEW: HashScheme = { ...REFERENCE_SCHEME, hash_algorithm: "sha512" };
const snapshot = anAsset({ description: "All orders", tags: ["a"] });

test("under the same scheme nothing is made anew", () => {
  const fingerprint = fingerprintAsset(snapshot, OLD);
  expect(rehash({ fingerprint, snapshot }, { ...OLD })).toBe(fingerprint);
});

test("under another scheme the snapshot is hashed", () => {
  expect(rehash({ fingerprint: fingerprintAsset(snapshot, OLD), snapshot }, NEW)).toEqual(fingerprintAsset(snapshot, NEW));
});

test("a facet that was never applied stays without a hash, so that it still differs", () => {
  for (const facet of ["content", "metadata", "schema"] as const) {
    const fingerprint = { ...fingerprintAsset(snapshot, OLD), [facet]: null };
    expect(rehash({ fingerprint, snapshot }, NEW)).toEqual({ ...fingerprintAsset(snapshot, NEW), [facet]: null });
  }
});

test("a facet that the old scheme did not hash is hashed from the snapshot", () => {
  const partial: HashScheme = { ...OLD, facets: ["content"] };
  expect(rehash({ fingerprint: fingerprintAsset(snapshot, partial), snapshot }, NEW)).toEqual(fingerprintAsset(snapshot, NEW));
});

test("a facet that the new scheme does not hash has no hash", () => {
  const partial: HashScheme = { ...OLD, facets: ["schema"] };
  expect(rehash({ fingerprint: fingerprintAsset(snapshot, OLD), snapshot }, partial)).toEqual({
    scheme: schemeId(partial),
    content: null,
    metadata: null,
    schema: fingerprintAsset(snapshot, OLD).schema,
  });
});
