import { expect, test } from "vitest";
import type { Asset, Column } from "../model/asset.ts";
import type { JsonObject } from "../model/json.ts";
import { aColumn, anAsset } from "../testing/builders.ts";
import { pairColumnRenames } from "./column-renames.ts";

/** An asset of these columns, each with what is recorded of it beside its definition. */
function of(...columns: readonly (readonly [Column, JsonObject?])[]): Asset {
  const described = columns.flatMap(([column, properties]) => (properties === undefined ? [] : [[column.name, properties]]));
  return anAsset({ columns: columns.map(([column]) => column), custom_properties: { columns: Object.fromEntries(described) } });
}

const ID = [aColumn("ID")] as const;
const DAY = [aColumn("DAY", "cds.Date")] as const;
const NET = [aColumn("NET", "cds.Decimal", { precision: 15, scale: 2 }), { label: "Net value", "@Semantics.unit": "EUR" }] as const;
const renamed = (name: string, properties: JsonObject | undefined = NET[1]) => [{ ...NET[0], name }, properties] as const;

test("a column with another name, and all else as it was, is one rename", () => {
  expect(pairColumnRenames(of(ID, NET, DAY), of(ID, renamed("VALUE"), DAY))).toEqual([{ from: "NET", to: "VALUE", similarity: 1 }]);
});

test("another place or other properties make a rename less certain", () => {
  expect(pairColumnRenames(of(ID, NET, DAY), of(renamed("VALUE"), ID, DAY))).toEqual([{ from: "NET", to: "VALUE", similarity: 0.75 }]);
  expect(pairColumnRenames(of(ID, NET, DAY), of(ID, renamed("VALUE", { label: "Net value" }), DAY))).toEqual([
    { from: "NET", to: "VALUE", similarity: 0.75 },
  ]);
  expect(pairColumnRenames(of(ID, NET, DAY), of(renamed("VALUE", { label: "Net value" }), ID, DAY))).toEqual([
    { from: "NET", to: "VALUE", similarity: 0.5 },
  ]);
});

test("one neighbour in common is the same place", () => {
  expect(pairColumnRenames(of(ID, NET, DAY), of(ID, renamed("VALUE"), [aColumn("X")], DAY))).toEqual([
    { from: "NET", to: "VALUE", similarity: 1 },
  ]);
  expect(pairColumnRenames(of(ID, NET, DAY), of(ID, [aColumn("X")], renamed("VALUE"), DAY))).toEqual([
    { from: "NET", to: "VALUE", similarity: 1 },
  ]);
});

test("another type, key or label is no rename", () => {
  expect(pairColumnRenames(of(ID, NET), of(ID, [aColumn("VALUE", "cds.Double"), NET[1]]))).toEqual([]);
  expect(pairColumnRenames(of(ID, NET), of(ID, [{ ...NET[0], name: "VALUE", key: true }, NET[1]]))).toEqual([]);
  expect(pairColumnRenames(of(ID, NET), of(ID, renamed("VALUE", { label: "Value" })))).toEqual([]);
});

test("without a label a column must keep its place", () => {
  const [a, b] = [[aColumn("A", "cds.Time")] as const, [aColumn("B", "cds.Time")] as const];
  expect(pairColumnRenames(of(ID, a, DAY), of(ID, b, DAY))).toEqual([{ from: "A", to: "B", similarity: 1 }]);
  expect(pairColumnRenames(of(a, ID, DAY), of(ID, DAY, b))).toEqual([]);
});

test("two candidates alike are not guessed at", () => {
  expect(pairColumnRenames(of(ID, NET, DAY), of(ID, renamed("ONE"), renamed("TWO"), DAY))).toEqual([]);
});

test("a column that stays is neither what vanished nor what appeared, however like it is", () => {
  const twin = renamed("TWIN");
  expect(pairColumnRenames(of(ID, NET), of(ID, NET, twin))).toEqual([]);
  expect(pairColumnRenames(of(ID, NET, twin), of(ID, NET))).toEqual([]);
  expect(pairColumnRenames(of(NET, twin), of(twin, renamed("VALUE")))).toMatchObject([{ from: "NET", to: "VALUE" }]);
});

test("columns that stay are no renames, and an asset may say nothing of its columns", () => {
  expect(pairColumnRenames(of(ID, NET), of(ID, NET))).toEqual([]);
  const silent = (name: string) => anAsset({ columns: [aColumn("ID"), aColumn(name, "cds.Date")] });
  expect(pairColumnRenames(silent("toString"), silent("DAY"))).toEqual([{ from: "toString", to: "DAY", similarity: 1 }]);
});
