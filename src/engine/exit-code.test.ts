import { expect, test } from "vitest";
import { FAILURES, type FailureCode, type ProblemCode, type Severity, severityOf, PROBLEMS } from "../model/errors.ts";
import type { PlanSummary } from "../model/plan.ts";
import { type ExitCode, EXIT_CODES, type Found, exitCodeOf, statusOf } from "./exit-code.ts";

const nothing: PlanSummary = {
  assets: 7,
  unchanged: 7,
  created: 0,
  modified: 0,
  schema_changed: 0,
  metadata_changed: 0,
  deleted: 0,
  withheld: 0,
};

const bySeverity: { readonly [severity in Severity]: { readonly sync: ExitCode; readonly plan: ExitCode } } = {
  warning: { sync: 0, plan: 0 },
  asset: { sync: 3, plan: 2 },
  listing: { sync: 8, plan: 8 },
  target: { sync: 9, plan: 9 },
  guard: { sync: 4, plan: 4 },
  interrupted: { sync: 130, plan: 130 },
};

test.each(Object.keys(PROBLEMS) as ProblemCode[])("%s alone gives the exit code of its severity", (code) => {
  const expected = bySeverity[severityOf(code)];

  expect(exitCodeOf([{ code }])).toBe(expected.sync);
  expect(exitCodeOf([{ code }], { planned: nothing })).toBe(expected.plan);
});

test.each(Object.keys(FAILURES) as FailureCode[])("a run that ends with %s gives that failure's exit code", (failure) => {
  expect(exitCodeOf([], { failure })).toBe(FAILURES[failure].exit);
});

test.each<[keyof PlanSummary, ExitCode]>([
  ["assets", 0],
  ["unchanged", 0],
  ["created", 2],
  ["modified", 2],
  ["schema_changed", 2],
  ["metadata_changed", 2],
  ["deleted", 2],
  ["withheld", 2],
])("a plan with one more %s exits %i", (count, expected) => {
  expect(exitCodeOf([], { planned: { ...nothing, [count]: nothing[count] + 1 } })).toBe(expected);
});

const cases: readonly {
  readonly met: string;
  readonly problems: readonly ProblemCode[];
  readonly found: Found;
  readonly expected: ExitCode;
}[] = [
  { met: "nothing at all", problems: [], found: {}, expected: 0 },
  { met: "an interruption and an unwritable state", problems: ["interrupted"], found: { failure: "state_unwritable" }, expected: 130 },
  { met: "an unwritable and a damaged state", problems: [], found: { failure: "state_unwritable", failed: 1 }, expected: 7 },
  { met: "a damaged state and a dead target", problems: ["target_unavailable"], found: { failure: "state_damaged" }, expected: 6 },
  { met: "a held lease and a dead target", problems: ["target_unavailable"], found: { failure: "lease_held" }, expected: 5 },
  { met: "a dead target and the guard", problems: ["guard_refused", "target_unavailable"], found: {}, expected: 9 },
  { met: "the guard and an incomplete listing", problems: ["listing_incomplete", "guard_refused"], found: {}, expected: 4 },
  { met: "an incomplete listing and a failed asset", problems: ["write_failed", "listing_incomplete"], found: { failed: 1 }, expected: 8 },
  { met: "a failed asset and an error", problems: ["write_failed"], found: { failure: "internal" }, expected: 3 },
  { met: "an error and planned changes", problems: [], found: { failure: "internal", planned: { ...nothing, created: 1 } }, expected: 1 },
  { met: "a failed step without a problem", problems: [], found: { failed: 2 }, expected: 3 },
  { met: "warnings only", problems: ["name_shortened", "duplicate_definition"], found: { failed: 0 }, expected: 0 },
];

test.each(cases)("$met exits $expected", ({ problems, found, expected }) => {
  expect(
    exitCodeOf(
      problems.map((code) => ({ code })),
      found,
    ),
  ).toBe(expected);
});

test("the strongest code comes first in the table that the reference is made of", () => {
  expect(EXIT_CODES.map(({ code }) => code)).toEqual([130, 7, 6, 5, 9, 4, 8, 3, 1, 2, 0]);
});

test("a run calls itself succeeded at 0, partial at 3 and 8, refused at 4, and failed at all else", () => {
  expect(Object.fromEntries(EXIT_CODES.map(({ code }) => [code, statusOf(code)]))).toEqual({
    0: "succeeded",
    1: "failed",
    2: "failed",
    3: "partial",
    4: "refused",
    5: "failed",
    6: "failed",
    7: "failed",
    8: "partial",
    9: "failed",
    130: "failed",
  });
});
