import { expect, test } from "vitest";
import { rawNumber } from "./json.ts";
import { isNumber, numberToken } from "./number-token.ts";

test.each([
  ["1", "1"],
  ["-0", "0"],
  ["-10", "-10"],
  ["9007199254740993", "9007199254740993"],
  ["1.0", "1.0"],
  ["1.50", "1.5"],
  ["1E2", "100.0"],
  ["1e16", "1e+16"],
  ["1e-7", "1e-07"],
  ["-0.0", "-0.0"],
])("the token %s is spelled %s", (token, spelled) => {
  expect(numberToken(rawNumber(token))).toBe(spelled);
});

test.each([
  [0, "0"],
  [-0, "0"],
  [7, "7"],
  [2 ** 53, "9007199254740992"],
  [1e20, "100000000000000000000"],
  [1e21, "1e+21"],
  [-1.5, "-1.5"],
  [1e-7, "1e-07"],
])("the number %d is spelled %s, as if JSON.stringify had written it", (value, spelled) => {
  expect(numberToken(value)).toBe(spelled);
});

test("what is no finite number has no spelling", () => {
  expect([numberToken(Number.NaN), numberToken(Number.POSITIVE_INFINITY), numberToken(rawNumber("1e999"))]).toEqual([null, null, null]);
});

test("an object that merely looks like a raw number is none", () => {
  expect([isNumber(1), isNumber(rawNumber("1.0")), isNumber({ rawJSON: "1.0" }), isNumber("1"), isNumber(null)]).toEqual([
    true,
    true,
    false,
    false,
    false,
  ]);
});
