import { expect, test } from "vitest";
import { agedRuns, recordsOf, type RunAge } from "./ageing.ts";

/** A run that began on that day of March; 0 is not known. */
function run(day: number): RunAge {
  return { run_id: `run-${day}`, started_at: day === 0 ? undefined : `2026-03-${String(day).padStart(2, "0")}T00:00:00.000Z` };
}

const before = "2026-03-10T00:00:00.000Z";

test.each<[string, number[], number, number]>([
  ["runs that began before the moment go, up to the first that did not", [1, 2, 10, 3, 20], 0, 2],
  ["a run that began at the moment itself stays", [9, 10], 0, 1],
  ["the newest stay whatever their age", [1, 2, 3], 2, 1],
  ["fewer runs than shall stay all stay", [1, 2], 5, 0],
  ["of no runs none go", [], 0, 0],
  ["a run without a time goes with a later one that has", [0, 1, 0, 2, 0, 15], 0, 4],
  ["runs without a time alone stay", [0, 0, 15], 0, 0],
  ["where the newest has no time, no time can be trusted", [1, 2, 0], 0, 0],
  ["a run that seems later than the newest has no time: it blocks nothing", [1, 31, 2, 15], 0, 3],
  ["and nothing goes for a clock that ran ahead", [31, 15], 0, 0],
  ["a run as old as the newest has a time", [5, 5], 0, 2],
])("%s", (_, days, keep, expected) => {
  expect(agedRuns(days.map(run), { before, keep })).toBe(expected);
});

test.each<[string, string[], number]>([
  ["records go with the runs that go", ["old", "old", "kept", "old"], 2],
  ["records of runs without a report go with later ones of a run that goes", ["lost", "old", "lost", "kept"], 2],
  ["and stay where none follows", ["lost", "lost"], 0],
  ["of a run that stays none goes", ["kept", "old"], 0],
  ["of none none goes", [], 0],
])("%s", (_, ids, expected) => {
  expect(
    recordsOf(
      ids,
      (id) => id === "old",
      (id) => id === "kept",
    ),
  ).toBe(expected);
});

test("no more records are looked at than to the first that stays", () => {
  function* ids(): Generator<string> {
    yield "old";
    yield "kept";
    throw new Error("looked too far");
  }
  const count = recordsOf(
    ids(),
    (id) => id === "old",
    (id) => id === "kept",
  );
  expect(count).toBe(1);
});
