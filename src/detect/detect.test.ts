import fc from "fast-check";
import { expect, test } from "vitest";
import { arbitraryWellFormedAsset, SMALL_EDITS } from "../../test/helpers/arbitrary-moments.ts";
import { type Asset, FACETS, type Facet } from "../model/asset.ts";
import type { ChangeType, Strategy } from "../model/change.ts";
import type { Checkpoint } from "../model/checkpoint.ts";
import type { HashScheme } from "../model/fingerprint.ts";
import { aColumn, anAsset } from "../testing/builders.ts";
import { detect } from "./detect.ts";
import { fingerprintAsset } from "./fingerprint-asset.ts";
import { REFERENCE_SCHEME, schemeId } from "./scheme.ts";
import type { Thresholds } from "./strategy.ts";
import { propertyRuns } from "../../test/helpers/property-runs.ts";

const THRESHOLDS: Thresholds = { full_sync_threshold: 0.7, delta_sync_enabled: true, metadata_only_threshold: 0.1 };
const MOVED = { rawUnchanged: false };
const scheme: HashScheme = { ...REFERENCE_SCHEME, mapping: 1, ignore_fields: ["last_modified"], normalize_whitespace: true };

function appliedAs(asset: Asset, under: HashScheme = scheme, hashes: Partial<Checkpoint["fingerprint"]> = {}): Checkpoint {
  return {
    asset_id: asset.id,
    asset_type: asset.asset_type,
    source_system: "datasphere",
    last_sync_time: "2026-01-01T00:00:00Z",
    sync_version: 1,
    fingerprint: { ...fingerprintAsset(asset, under), ...hashes },
    raw: null,
    snapshot: asset,
    target: null,
    tombstone: null,
    decisions: [],
  };
}

test("an asset without a checkpoint is created, with all facets, in full", () => {
  const asset = anAsset();
  const created = {
    asset_id: asset.id,
    change_type: "created",
    facets: ["content", "metadata", "schema"],
    strategy: "full",
    cause: "source",
    fields: [],
  };
  expect(detect(asset, null, scheme, THRESHOLDS, MOVED)).toEqual({ change: created, fingerprint: fingerprintAsset(asset, scheme) });
  expect(detect(asset, null, scheme, THRESHOLDS, { rawUnchanged: true }).change).toEqual(created);
});

test("an asset that equals what was applied is no change", () => {
  const asset = anAsset({ description: "All orders" });
  expect(detect(asset, appliedAs(asset), scheme, THRESHOLDS, MOVED)).toEqual({
    change: null,
    fingerprint: fingerprintAsset(asset, scheme),
  });
});

test("what the scheme overlooks is no change", () => {
  const before = anAsset({ description: "All orders", custom_properties: { last_modified: 1 } });
  const after = anAsset({ description: "All  orders", custom_properties: { last_modified: 2 } });
  expect(detect(after, appliedAs(before), scheme, THRESHOLDS, MOVED).change).toBeNull();
});

test("a description and a column that change together are one change with both facets, sent in full", () => {
  const before = anAsset({ description: "Old", columns: [aColumn("A")] });
  const after = anAsset({ description: "New", columns: [aColumn("A", "cds.Date")] });
  expect(detect(after, appliedAs(before), scheme, THRESHOLDS, MOVED).change).toEqual({
    asset_id: "SALES.Orders",
    change_type: "modified",
    facets: ["content", "schema"],
    strategy: "full",
    cause: "source",
    fields: [
      { path: "/content/description", old: "Old", new: "New" },
      { path: "/schema/columns/A/type", old: "cds.Integer", new: "cds.Date" },
    ],
  });
});

test.each(["query", "sql"])("a changed %s is metadata, labelled logic", (key) => {
  const before = anAsset({ custom_properties: { [key]: "SELECT 1", other: 1 } });
  const after = anAsset({ custom_properties: { [key]: "SELECT 2", other: 1 } });
  expect(detect(after, appliedAs(before), scheme, THRESHOLDS, MOVED).change).toMatchObject({
    change_type: "metadata_changed",
    logic: true,
  });
});

test("a change deep in a query is logic; one beside it is not", () => {
  const query = (where: string) => ({ custom_properties: { query: { SELECT: { where } }, query_note: "x" } });
  expect(detect(anAsset(query("b")), appliedAs(anAsset(query("a"))), scheme, THRESHOLDS, MOVED).change).toHaveProperty("logic", true);
  const noted = anAsset({ custom_properties: { ...query("a").custom_properties, query_note: "y" } });
  expect(detect(noted, appliedAs(anAsset(query("a"))), scheme, THRESHOLDS, MOVED).change).not.toHaveProperty("logic");
});

test("a query is the asset's own: what bears that name deeper in its properties is no logic", () => {
  const columns = (text: string): Asset =>
    anAsset({ custom_properties: { columns: { metadata: { custom_properties: { query: text } }, "/metadata": { sql: text } } } });
  expect(detect(columns("b"), appliedAs(columns("a")), scheme, THRESHOLDS, MOVED).change).not.toHaveProperty("logic");
});

test("a query that changed among other fields is logic", () => {
  const before = anAsset({ description: "Old", custom_properties: { query: "a" } });
  const after = anAsset({ description: "New", custom_properties: { query: "b" } });
  expect(detect(after, appliedAs(before), scheme, THRESHOLDS, MOVED).change).toHaveProperty("logic", true);
});

test("a column that seems to have been renamed is told beside its removal and its addition", () => {
  const of = (name: string): Asset => anAsset({ columns: [aColumn("ID"), aColumn(name, "cds.Date")] });
  const { change } = detect(of("TO"), appliedAs(of("FROM")), scheme, THRESHOLDS, MOVED);
  expect(change?.fields.map(({ path }) => path)).toEqual(["/schema/columns/FROM", "/schema/columns/TO"]);
  expect(change?.column_renames).toEqual([{ from: "FROM", to: "TO", similarity: 1 }]);
});

test("a change without renamed columns tells of none", () => {
  const { change } = detect(anAsset({ description: "New" }), appliedAs(anAsset()), scheme, THRESHOLDS, MOVED);
  expect(change).not.toHaveProperty("column_renames");
});

test("where the source's bytes stand as they were, our mapping is the cause", () => {
  const [before, after] = [anAsset({ description: "Old" }), anAsset({ description: "New" })];
  expect(detect(after, appliedAs(before), scheme, THRESHOLDS, { rawUnchanged: true }).change?.cause).toBe("mapping");
  expect(detect(after, appliedAs(before), scheme, THRESHOLDS, MOVED).change?.cause).toBe("source");
});

test("another scheme is no change of the asset, and hides none", () => {
  const other: HashScheme = { ...scheme, hash_algorithm: "blake2b512", ignore_fields: [], facets: ["content", "schema"] };
  const [before, after] = [anAsset({ description: "Old" }), anAsset({ description: "New" })];
  expect(detect(before, appliedAs(before, other), scheme, THRESHOLDS, MOVED)).toMatchObject({
    change: null,
    fingerprint: { scheme: schemeId(scheme) },
  });
  expect(detect(after, appliedAs(before, other), scheme, THRESHOLDS, MOVED).change?.facets).toEqual(["content"]);
});

test("a facet that was never applied is a change although its fields are those of the snapshot", () => {
  const asset = anAsset({ tags: ["a"] });
  const held = appliedAs(asset, scheme, { metadata: null });
  expect(detect(asset, held, scheme, THRESHOLDS, MOVED).change).toMatchObject({
    change_type: "metadata_changed",
    facets: ["metadata"],
    fields: [],
  });
});

test("thresholds move the strategy of what was detected", () => {
  const [before, after] = [anAsset(), anAsset({ custom_properties: { note: "x".repeat(2_000) } })];
  expect(detect(after, appliedAs(before), scheme, THRESHOLDS, MOVED).change?.strategy).toBe("full");
  expect(detect(after, appliedAs(before), scheme, { ...THRESHOLDS, full_sync_threshold: 1 }, MOVED).change?.strategy).toBe("delta");
  expect(
    detect(after, appliedAs(before), scheme, { ...THRESHOLDS, full_sync_threshold: 1, metadata_only_threshold: 1 }, MOVED).change?.strategy,
  ).toBe("metadata_only");
});

const BY_SUBSET: [readonly Facet[], ChangeType | null, Strategy | null][] = [
  [[], null, null],
  [["content"], "modified", "delta"],
  [["metadata"], "metadata_changed", "metadata_only"],
  [["schema"], "schema_changed", "full"],
  [["content", "metadata"], "modified", "delta"],
  [["content", "schema"], "modified", "full"],
  [["metadata", "schema"], "schema_changed", "full"],
  [["content", "metadata", "schema"], "modified", "full"],
];

test.each(BY_SUBSET)("of any asset, edits of %j are found, all of them and no other", (facets, change_type, strategy) => {
  const edits = fc.tuple(
    ...facets.map((facet) =>
      fc.subarray(
        SMALL_EDITS.filter((edit) => edit.facet === facet),
        { minLength: 1 },
      ),
    ),
  );
  // Such that a few bytes of edits reach no threshold.
  const thresholds = { ...THRESHOLDS, full_sync_threshold: Number.POSITIVE_INFINITY, metadata_only_threshold: Number.POSITIVE_INFINITY };
  fc.assert(
    fc.property(arbitraryWellFormedAsset(), edits, (before, chosen) => {
      const after = chosen.flat().reduce((asset, edit) => edit.apply(asset), before);
      const { change, fingerprint } = detect(after, appliedAs(before), scheme, thresholds, MOVED);
      expect([change?.facets ?? [], change?.change_type ?? null, change?.strategy ?? null]).toEqual([facets, change_type, strategy]);
      expect(FACETS.filter((facet) => change?.fields.some(({ path }) => path.startsWith(`/${facet}/`)))).toEqual(facets);
      // Once applied and recorded, it is no change any more.
      expect(detect(after, { ...appliedAs(before), snapshot: after, fingerprint }, scheme, thresholds, MOVED).change).toBeNull();
    }),
    { numRuns: propertyRuns(60) },
  );
});
