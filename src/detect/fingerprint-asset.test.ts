import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import type { Asset } from "../model/asset.ts";
import { HASH_ALGORITHMS, type HashScheme } from "../model/fingerprint.ts";
import type { JsonObject } from "../model/json.ts";
import { aColumn, anAsset } from "../testing/builders.ts";
import { fingerprintAsset, fingerprintReference } from "./fingerprint-asset.ts";
import { REFERENCE_SCHEME, schemeId } from "./scheme.ts";

const scheme = (options: Partial<HashScheme>): HashScheme => ({ ...REFERENCE_SCHEME, ...options });

const ORDERS = anAsset({
  business_name: "Orders",
  columns: [aColumn("ID", "cds.String", { length: 10, key: true })],
  constraints: [{ type: "primary_key", columns: ["ID"] }],
  tags: ["a", "b"],
  custom_properties: { exposed: true },
});

/** The same asset in the reference's field names. */
function inReferenceNames({ content, schema, metadata }: Asset): JsonObject {
  const { custom_properties, ...business_context } = metadata;
  return {
    ...content,
    schema_info: { ...schema, columns: schema.columns as unknown as JsonObject[] },
    business_context,
    custom_properties,
  };
}

test("an asset has the hashes that the reference has for it", () => {
  // Computed by the reference's functions in Python.
  expect(fingerprintAsset(ORDERS, REFERENCE_SCHEME)).toEqual({
    scheme: schemeId(REFERENCE_SCHEME),
    content: "2a2cee293ba5b3de39af1b82709072e509e9c868832799b315ec67888aca1322",
    schema: "c3994825f20207931b43e988de08e8300434e3c34b39066a9ce220a0e829a81e",
    metadata: "d404a0462519bdad156376921cf02f69fb274c7feae687748661fe5dbfba25c9",
  });
  const { content, schema, metadata } = fingerprintAsset(ORDERS, REFERENCE_SCHEME);
  expect(fingerprintReference(inReferenceNames(ORDERS), REFERENCE_SCHEME)).toEqual({
    content_hash: content,
    schema_hash: schema,
    metadata_hash: metadata,
  });
});

test.each(HASH_ALGORITHMS)("%s hashes the same canonical text", (hash_algorithm) => {
  const text = '{"business_name": "Orders", "description": null, "owner": null, "technical_name": "Orders"}';
  expect(fingerprintAsset(ORDERS, scheme({ hash_algorithm })).content).toBe(createHash(hash_algorithm).update(text).digest("hex"));
});

test("a facet that is switched off has no hash", () => {
  const options = scheme({ facets: ["schema"] });
  const { schema } = fingerprintAsset(ORDERS, REFERENCE_SCHEME);
  expect(fingerprintAsset(ORDERS, options)).toEqual({ scheme: schemeId(options), content: null, schema, metadata: null });
  expect(fingerprintReference(inReferenceNames(ORDERS), options)).toEqual({ content_hash: null, schema_hash: schema, metadata_hash: null });
});

test("constraints and members of sets count whatever order they come in, and once", () => {
  const association = (name: string) => ({ type: "association" as const, name, target: "T", columns: [] });
  const key = { type: "primary_key" as const, columns: ["ID"] };
  const foreign = { type: "foreign_key" as const, name: "_A", target: "T", columns: [] };
  const one = anAsset({ constraints: [association("_A"), association("_B"), foreign, key], tags: ["a", "\ue000", "\u{1f389}"] });
  const other = anAsset({ constraints: [key, association("_B"), foreign, association("_A")], tags: ["\u{1f389}", "a", "\ue000", "a"] });
  expect(fingerprintAsset(other, REFERENCE_SCHEME)).toEqual(fingerprintAsset(one, REFERENCE_SCHEME));
  for (const set of ["dimensions", "measures", "hierarchies"] as const) {
    expect(fingerprintAsset(anAsset({ [set]: ["b", "a", "b"] }), REFERENCE_SCHEME)).toEqual(
      fingerprintAsset(anAsset({ [set]: ["a", "b"] }), REFERENCE_SCHEME),
    );
  }
});

test("of two constraints of one kind and name, each counts in its place", () => {
  const keys = (...columns: string[]) => anAsset({ constraints: columns.map((column) => ({ type: "primary_key", columns: [column] })) });
  expect(fingerprintAsset(keys("A", "B"), REFERENCE_SCHEME).schema).not.toBe(fingerprintAsset(keys("B", "A"), REFERENCE_SCHEME).schema);
});

test("the order of columns counts", () => {
  const [a, b] = [aColumn("A"), aColumn("B")];
  expect(fingerprintAsset(anAsset({ columns: [a, b] }), REFERENCE_SCHEME).schema).not.toBe(
    fingerprintAsset(anAsset({ columns: [b, a] }), REFERENCE_SCHEME).schema,
  );
});

test("a value that JSON cannot say is refused with the asset and the path", () => {
  const columns = [aColumn("A"), aColumn("B", "cds.Double", { default: Number.NaN })];
  expect(() => fingerprintAsset(anAsset({ columns }), REFERENCE_SCHEME)).toThrow(
    "SALES.Orders cannot be fingerprinted: the value at /schema/columns/1/default is NaN",
  );
  const custom_properties = { a: { b: Number.NaN } };
  expect(() => fingerprintAsset(anAsset({ custom_properties }), REFERENCE_SCHEME)).toThrow(
    "the value at /metadata/custom_properties/a/b is NaN",
  );
  const owner = undefined as unknown as null;
  const asset = anAsset();
  expect(() => fingerprintAsset({ ...asset, content: { ...asset.content, owner } }, REFERENCE_SCHEME)).toThrow(
    "the value at /content/owner is undefined",
  );
});

test("a document in the reference's names is refused with its own path", () => {
  expect(() => fingerprintReference({ schema_info: { columns: [{ x: Number.NaN }] } }, REFERENCE_SCHEME)).toThrow(
    "The asset cannot be fingerprinted: the value at /schema_info/columns/0/x is NaN",
  );
  expect(() => fingerprintReference({ business_context: { certification_status: Number.NaN } }, REFERENCE_SCHEME)).toThrow(
    "the value at /business_context/certification_status is NaN",
  );
  expect(() => fingerprintReference({ owner: Number.NaN }, REFERENCE_SCHEME)).toThrow("the value at /owner is NaN");
});
