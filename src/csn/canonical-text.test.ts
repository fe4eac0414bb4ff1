import { expect, test } from "vitest";
import { rawNumber } from "../model/json.ts";
import { canonicalText } from "./canonical-text.ts";

test("keys stand in code-point order at every depth, arrays as they are", () => {
  const value = { "\u{1F600}": 1, "\uFFFD": [{ b: 1, a: "x" }, null, true], a: {} };
  expect(canonicalText(value)).toBe('{"a":{},"\uFFFD":[{"a":"x","b":1},null,true],"\u{1F600}":1}');
});

test("numbers are kept as they are written", () => {
  expect(canonicalText({ n: [1, rawNumber("1.0"), rawNumber("12345678901234567890")] })).toBe('{"n":[1,1.0,12345678901234567890]}');
});

test("keys are escaped as JSON, and __proto__ is one of them", () => {
  expect(canonicalText(JSON.parse('{"__proto__": 1, "a\\"b": 2}'))).toBe('{"__proto__":1,"a\\"b":2}');
});
