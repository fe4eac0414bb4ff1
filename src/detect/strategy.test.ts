import { expect, test } from "vitest";
import type { Facet } from "../model/asset.ts";
import type { FieldChange, Strategy } from "../model/change.ts";
import { toDocument } from "../model/document.ts";
import { rawNumber } from "../model/json.ts";
import { anAsset } from "../testing/builders.ts";
import { referenceJson } from "./canonical-json.ts";
import { changedShare, strategyOf, type Thresholds } from "./strategy.ts";

const DEFAULTS: Thresholds = { full_sync_threshold: 0.7, delta_sync_enabled: true, metadata_only_threshold: 0.1 };
const ASSET = anAsset({ description: "x".repeat(600) });
const WHOLE = referenceJson(toDocument(ASSET)).length;

/** A changed field of so many bytes in canonical JSON. */
const bytes = (count: number): FieldChange[] => [{ path: "/content/description", old: "", new: "x".repeat(count - 2) }];
const share = (part: number): FieldChange[] => bytes(Math.round(WHOLE * part));

test.each<[readonly Facet[], Strategy]>([
  [["schema"], "full"],
  [["content", "schema"], "full"],
  [["metadata", "schema"], "full"],
  [["content", "metadata", "schema"], "full"],
  [["content"], "delta"],
  [["content", "metadata"], "delta"],
  [["metadata"], "metadata_only"],
])("a small change of %j goes as %s", (facets, strategy) => {
  expect(strategyOf(facets, share(0.05), ASSET, DEFAULTS)).toBe(strategy);
});

test("a part of the asset that reaches full_sync_threshold goes in full", () => {
  const at = (count: number) => strategyOf(["content"], bytes(count), ASSET, { ...DEFAULTS, full_sync_threshold: 500 / WHOLE });
  expect([at(499), at(500), at(501)]).toEqual(["delta", "full", "full"]);
  expect(strategyOf(["metadata"], share(0.8), ASSET, DEFAULTS)).toBe("full");
});

test("a metadata change larger than metadata_only_threshold goes as a delta", () => {
  const at = (count: number) => strategyOf(["metadata"], bytes(count), ASSET, { ...DEFAULTS, metadata_only_threshold: 100 / WHOLE });
  expect([at(99), at(100), at(101)]).toEqual(["metadata_only", "metadata_only", "delta"]);
});

test("without deltas, what would be one goes in full, and small metadata stays small", () => {
  const thresholds = { ...DEFAULTS, delta_sync_enabled: false };
  expect(strategyOf(["content"], share(0.01), ASSET, thresholds)).toBe("full");
  expect(strategyOf(["metadata"], share(0.5), ASSET, thresholds)).toBe("full");
  expect(strategyOf(["metadata"], share(0.01), ASSET, thresholds)).toBe("metadata_only");
});

test("the changed part counts new values, and old ones of fields that are gone", () => {
  const fields: FieldChange[] = [
    { path: "/a", old: "xxxxxxxx", new: "x" },
    { path: "/b", old: "xx" },
    { path: "/c", new: null },
    { path: "/d", old: "xxxxxx", new: null },
  ];
  expect(changedShare(fields, ASSET)).toBe((3 + 4 + 4 + 4) / WHOLE);
  expect(changedShare([], ASSET)).toBe(0);
});

test("a threshold is met to the byte, whatever columns and custom properties the asset has", () => {
  const columns = (count: number) => Array.from({ length: count }, (_, i) => ({ name: `C${i}`, type: "cds.String" }));
  const properties = { label: 'é\n"', numbers: [1, rawNumber("1.5"), rawNumber("1e-07")], empty: {}, nested: { a: [true, null] } };
  const assets = [0, 1, 2, 40].flatMap((count) => [
    anAsset({ columns: columns(count) }),
    anAsset({ columns: columns(count), custom_properties: properties }),
  ]);
  for (const asset of assets) {
    const whole = referenceJson(toDocument(asset)).length;
    for (let size = 2; size <= whole; size++) {
      const metadata_only_threshold = size / whole;
      const at = (changed: number) =>
        strategyOf(["metadata"], bytes(changed), asset, { ...DEFAULTS, full_sync_threshold: 2, metadata_only_threshold });
      expect([at(size), at(size + 1)]).toEqual(["metadata_only", "delta"]);
    }
  }
});
