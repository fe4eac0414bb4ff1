import { expect, test } from "vitest";
import { aColumn, anAsset } from "../testing/builders.ts";
import type { Asset } from "../model/asset.ts";
import type { Rename } from "../model/change.ts";
import { RenameSearch, structuralKey } from "./renames.ts";

/** The renames among these, as a search finds them that is told of each. */
function pairRenames(vanished: readonly Asset[], appeared: readonly Asset[]): readonly Rename[] {
  const search = new RenameSearch();
  for (const asset of vanished) search.addVanished(asset);
  for (const asset of appeared) search.addAppeared(asset);
  for (const after of appeared)
    for (const id of search.candidatesFor(after)) search.compare(vanished.find((before) => before.id === id) as Asset, after);
  return search.renames();
}

const TRAITS = {
  business_name: "Sales Orders",
  columns: [aColumn("ID", "cds.String", { length: 10, key: true }), aColumn("DAY", "cds.Date")],
};
const OLD = anAsset({ ...TRAITS, name: "Orders" });

test("an asset that took another name is one rename, wholly alike", () => {
  expect(pairRenames([OLD], [anAsset({ ...TRAITS, name: "Orders_2" })])).toEqual([
    { from: "SALES.Orders", to: "SALES.Orders_2", similarity: 1 },
  ]);
});

test("an asset that moved to another space is one, too", () => {
  expect(pairRenames([OLD], [anAsset({ ...TRAITS, space: "HR" })])).toEqual([{ from: "SALES.Orders", to: "HR.Orders", similarity: 1 }]);
});

test("what else changed makes them less alike, never less than not at all", () => {
  const described = anAsset({ ...TRAITS, name: "New", description: "All orders that were placed" });
  const [rename] = pairRenames([OLD], [described]);
  expect(rename?.similarity).toBeGreaterThan(0.8);
  expect(rename?.similarity).toBeLessThan(1);
  const annotated = anAsset({ ...TRAITS, name: "Old", custom_properties: { annotations: "x".repeat(9_000) } });
  expect(pairRenames([annotated], [anAsset({ ...TRAITS, name: "New" })])).toEqual([{ from: "SALES.Old", to: "SALES.New", similarity: 0 }]);
});

test("a similarity is told in thousandths", () => {
  const [rename] = pairRenames([OLD], [anAsset({ ...TRAITS, name: "New", description: "x" })]);
  expect(rename?.similarity).toBe(Math.round((rename?.similarity ?? 0) * 1_000) / 1_000);
});

test.each([
  ["another label", { ...TRAITS, business_name: "Orders" }],
  ["another type", { ...TRAITS, columns: [aColumn("ID", "cds.String", { length: 20, key: true }), aColumn("DAY", "cds.Date")] }],
  ["another key", { ...TRAITS, columns: [aColumn("ID", "cds.String", { length: 10 }), aColumn("DAY", "cds.Date")] }],
  ["another column", { ...TRAITS, columns: [...TRAITS.columns, aColumn("MORE")] }],
  ["another order", { ...TRAITS, columns: TRAITS.columns.toReversed() }],
])("%s is no rename", (_case, traits) => {
  expect(pairRenames([OLD], [anAsset({ ...traits, name: "New" })])).toEqual([]);
});

test("data types that do not follow from the columns are compared as well", () => {
  const moved = anAsset({ ...TRAITS, name: "New" });
  expect(pairRenames([OLD], [{ ...moved, schema: { ...moved.schema, data_types: { ID: "VARCHAR", DAY: "cds.Date" } } }])).toEqual([]);
});

test("an asset without columns is recognised by nothing", () => {
  const bare = anAsset({ ...TRAITS, columns: [] });
  expect(structuralKey(bare)).toBeNull();
  expect(pairRenames([bare], [anAsset({ ...TRAITS, columns: [], name: "New" })])).toEqual([]);
});

test("copies are not guessed at, unless one is clearly the nearest", () => {
  const [copy, other] = [anAsset({ ...TRAITS, name: "Copy" }), anAsset({ ...TRAITS, name: "Other" })];
  expect(pairRenames([OLD], [copy, other])).toEqual([]);
  expect(pairRenames([OLD, copy], [other])).toEqual([]);
  const tagged = anAsset({ ...TRAITS, name: "Tagged", tags: ["unlike"] });
  expect(pairRenames([OLD], [tagged, other])).toEqual([{ from: "SALES.Orders", to: "SALES.Other", similarity: 1 }]);
});

test("a search says whether there is anything to go on with", () => {
  const search = new RenameSearch();
  search.addVanished(anAsset({ columns: [] }));
  expect(search.isOpen).toBe(false);
  search.addVanished(OLD);
  expect(search.isOpen).toBe(true);
  search.addAppeared(anAsset({ columns: [aColumn("OTHER")] }));
  expect(search.hasCandidates).toBe(false);
  search.addAppeared(anAsset({ ...TRAITS, name: "New" }));
  expect(search.hasCandidates).toBe(true);
});

test.each([
  [32, 32, 32],
  [33, 32, 0],
])("of %d that vanished and %d that are built like them, %d are candidates for each", (gone, come, candidates) => {
  const copies = (count: number, name: string) => Array.from({ length: count }, (_, i) => anAsset({ ...TRAITS, name: `${name}${i}` }));
  const search = new RenameSearch();
  for (const asset of copies(gone, "Old")) search.addVanished(asset);
  const appeared = copies(come, "New");
  for (const asset of appeared) search.addAppeared(asset);
  expect(search.hasCandidates).toBe(candidates > 0);
  expect(search.candidatesFor(appeared[0] as Asset).length).toBe(candidates);
});

test("renames are listed by the id that vanished", () => {
  const traits = (n: number) => ({ columns: [aColumn(`C${n}`)] });
  const vanished = [3, 1, 2].map((n) => anAsset({ ...traits(n), name: `Old${n}` }));
  const appeared = [1, 2, 3].map((n) => anAsset({ ...traits(n), name: `New${n}` }));
  expect(pairRenames(vanished, appeared).map(({ from, to }) => `${from} ${to}`)).toEqual([
    "SALES.Old1 SALES.New1",
    "SALES.Old2 SALES.New2",
    "SALES.Old3 SALES.New3",
  ]);
});
