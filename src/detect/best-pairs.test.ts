import { expect, test } from "vitest";
import { bestPairs } from "./best-pairs.ts";

/** Pairs rows with columns of a table of similarities. */
function pairsOf(table: readonly (readonly number[])[]): string[] {
  const [rows, columns] = [[...table.keys()], [...(table[0] ?? []).keys()]];
  return bestPairs(rows, columns, (row, column) => (table[row] as readonly number[])[column] as number).map(
    ({ left, right, similarity }) => `${left}-${right} ${similarity}`,
  );
}

test.each([
  ["one and one", [[0.5]], ["0-0 0.5"]],
  ["nothing on one side", [[], []], []],
  ["nothing at all", [], []],
  [
    "each its own",
    [
      [0.9, 0.1],
      [0.2, 0.8],
    ],
    ["0-0 0.9", "1-1 0.8"],
  ],
  [
    "crosswise",
    [
      [0.1, 0.9],
      [0.8, 0.2],
    ],
    ["0-1 0.9", "1-0 0.8"],
  ],
  ["two equally good for one", [[0.9, 0.9]], []],
  ["one equally good for two", [[0.9], [0.9]], []],
  ["one better than the other for the same", [[0.9], [0.8]], ["0-0 0.9"]],
  [
    "a second choice is none",
    [
      [0.9, 0.1],
      [0.8, 0.2],
    ],
    ["0-0 0.9"],
  ],
  [
    "all alike",
    [
      [1, 1],
      [1, 1],
    ],
    [],
  ],
])("%s", (_case, table, pairs) => {
  expect(pairsOf(table)).toEqual(pairs);
});

test("too many candidates are not compared at all", () => {
  const diagonal = (size: number) => Array.from({ length: size }, (_, i) => Array.from({ length: 32 }, (_unused, j) => (i === j ? 1 : 0)));
  expect(pairsOf(diagonal(32)).length).toBe(32);
  expect(pairsOf(diagonal(33))).toEqual([]);
});
