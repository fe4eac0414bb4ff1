import fc from "fast-check";
import { expect, test } from "vitest";
import { applyOperation } from "../../test/helpers/replay-feed.ts";
import { arbitraryWellFormedAsset } from "../../test/helpers/arbitrary-moments.ts";
import { aColumn, anAsset } from "../testing/builders.ts";
import { sameJson } from "./diff.ts";
import { toDocument } from "./document.ts";
import type { Json } from "./json.ts";
import { toPatch } from "./patch.ts";
import { propertyRuns } from "../../test/helpers/property-runs.ts";

test("the patch of a change says just that", () => {
  const before = toDocument(anAsset({ description: "Old", tags: ["a"], columns: [aColumn("A"), aColumn("B"), aColumn("C")] }));
  const after = toDocument(
    anAsset({ description: "New", tags: ["b"], columns: [aColumn("NEW"), aColumn("B"), aColumn("C"), aColumn("LAST")] }),
  );
  expect(toPatch(before, after)).toEqual([
    { op: "replace", path: "/content/description", value: "New" },
    { op: "remove", path: "/metadata/tags/a" },
    { op: "add", path: "/metadata/tags/b", value: "b" },
    { op: "remove", path: "/schema/columns/A" },
    { op: "add", path: "/schema/columns/LAST", value: { type: "cds.Integer" } },
    { op: "add", path: "/schema/columns/NEW", value: { type: "cds.Integer" } },
    { op: "remove", path: "/schema/column_order/0" },
    { op: "add", path: "/schema/column_order/0", value: "NEW" },
    { op: "add", path: "/schema/column_order/3", value: "LAST" },
  ]);
});

test("columns are taken out of the order from its end", () => {
  const before = toDocument(anAsset({ columns: [aColumn("A"), aColumn("B"), aColumn("C")] }));
  const after = toDocument(anAsset({ columns: [aColumn("B")] }));
  expect(toPatch(before, after).slice(2)).toEqual([
    { op: "remove", path: "/schema/column_order/2" },
    { op: "remove", path: "/schema/column_order/0" },
  ]);
});

test("a reorder replaces the order", () => {
  const before = toDocument(anAsset({ columns: [aColumn("A"), aColumn("B")] }));
  const after = toDocument(anAsset({ columns: [aColumn("B"), aColumn("A"), aColumn("C")] }));
  expect(toPatch(before, after)).toEqual([
    { op: "add", path: "/schema/columns/C", value: { type: "cds.Integer" } },
    { op: "replace", path: "/schema/column_order", value: ["B", "A", "C"] },
  ]);
});

test("a reorder that leaves the first column in its place is one all the same", () => {
  const of = (...names: string[]) => toDocument(anAsset({ columns: names.map((name) => aColumn(name)) }));
  expect(toPatch(of("A", "B", "C"), of("A", "C", "B"))).toEqual([{ op: "replace", path: "/schema/column_order", value: ["A", "C", "B"] }]);
});

test("a field that becomes null is replaced, not removed", () => {
  const patch = toPatch(toDocument(anAsset({ owner: "Ada" })), toDocument(anAsset({ owner: null })));
  expect(patch).toEqual([{ op: "replace", path: "/content/owner", value: null }]);
});

test("the patch between any two assets, applied to the one, gives the other; between equal ones it is empty", () => {
  fc.assert(
    fc.property(arbitraryWellFormedAsset(), arbitraryWellFormedAsset(), (one, other) => {
      const [before, after] = [toDocument(one), toDocument(other)];
      expect(toPatch(before, before)).toEqual([]);
      expect(sameJson(toPatch(before, after).reduce(applyOperation, before as Json), after)).toBe(true);
    }),
    { numRuns: propertyRuns(300) },
  );
});
