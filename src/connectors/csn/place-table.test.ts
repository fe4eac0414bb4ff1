import { expect, test } from "vitest";
import { PlaceTable } from "./place-table.ts";

test("a name has the seats it was given, whatever else is in the table", () => {
  const table = new PlaceTable();
  expect(table.candidates("A")).toEqual([]);
  table.add("A", { file: 0, at: 7_000_000_000, length: 3 });
  table.add("B", { file: 1, at: 1, length: 4_000_000_000 });
  table.add("A", { file: 2, at: 2, length: 5 });
  expect(table.candidates("A")).toEqual([
    { file: 0, at: 7_000_000_000, length: 3 },
    { file: 2, at: 2, length: 5 },
  ]);
  expect(table.candidates("B")).toEqual([{ file: 1, at: 1, length: 4_000_000_000 }]);
  expect(table.candidates("")).toEqual([]);
});

test("a hundred thousand names keep their own seats", () => {
  const table = new PlaceTable();
  const names = Array.from({ length: 100_000 }, (_, i) => `ASSET_${i}`);
  for (const [i, name] of names.entries()) table.add(name, { file: i % 7, at: i, length: 1 });
  const wrong = names.filter((name, i) => JSON.stringify(table.candidates(name)) !== JSON.stringify([{ file: i % 7, at: i, length: 1 }]));
  expect(wrong).toEqual([]);
  expect(names.filter((name) => table.candidates(`${name}x`).length > 0)).toEqual([]);
});
