import fc from "fast-check";
import { expect, test } from "vitest";
import { JsonSyntaxError } from "../model/json-reader.ts";
import { afterSpace, membersAt } from "./json-frame.ts";
import { propertyRuns } from "../../test/helpers/property-runs.ts";

const cut = (text: string, start = 0) =>
  membersAt(text, start).members.map(({ keyStart, keyEnd, start: at, end, depth }) => [
    text.slice(keyStart, keyEnd),
    text.slice(at, end),
    depth,
  ]);

test("members are found with their places and their depth", () => {
  const text = ' {"a": 1 , "b\\"}":"x]}\\\\" ,\n"c":[{"d":[]},"{"],"e":-1.5e+7,"f":true,"g":{}} rest';
  expect(cut(text, 1)).toEqual([
    ['"a"', "1", 0],
    ['"b\\"}"', '"x]}\\\\"', 0],
    ['"c"', '[{"d":[]},"{"]', 3],
    ['"e"', "-1.5e+7", 0],
    ['"f"', "true", 0],
    ['"g"', "{}", 1],
  ]);
  expect(text.slice(membersAt(text, 1).end)).toBe(" rest");
});

test("an empty object has none", () => {
  expect(membersAt("{ }x", 0)).toEqual({ members: [], end: 3 });
});

test("the members of any object are those that JSON.parse finds", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 })), fc.constantFrom(undefined, 1, "\t"), (object, space) => {
      const text = JSON.stringify(object, null, space);
      const found = membersAt(text, 0).members.map(({ keyStart, keyEnd, start, end }) => [
        JSON.parse(text.slice(keyStart, keyEnd)),
        JSON.parse(text.slice(start, end)),
      ]);
      expect(found).toEqual(Object.entries(JSON.parse(text)));
    }),
    { seed: 1, numRuns: propertyRuns(300) },
  );
});

test.each([
  ["{", 1, "a key in quotes"],
  ["{,", 1, "a key in quotes"],
  ['{"a"', 4, '":"'],
  ['{"a" 1', 5, '":"'],
  ['{"a":', 5, "a value"],
  ['{"a":}', 5, "a value"],
  ['{"a":1', 6, '"," or "}"'],
  ['{"a":1 "b"', 7, '"," or "}"'],
  ['{"a":1]', 6, '"," or "}"'],
  ['{"a":1,}', 7, "a key in quotes"],
  ['{"a', 3, "a closing quote"],
  ['{"a":"x', 7, "a closing quote"],
  ['{"a":["x', 8, "a closing quote"],
  ['{"a":[1', 7, "a closing bracket"],
  ['{"a":{"b":[]', 12, "a closing bracket"],
])("%s should have, at %d, %s", (text, offset, expected) => {
  const error = thrown(() => membersAt(text, 0));
  expect(error).toBeInstanceOf(JsonSyntaxError);
  expect(error).toMatchObject({ offset, expected });
});

test("white space is that of JSON", () => {
  expect(afterSpace("a \t\n\r\u00a0", 1)).toBe(5);
  expect(afterSpace("  ", 0)).toBe(2);
});

function thrown(act: () => unknown): unknown {
  try {
    return act();
  } catch (error) {
    return error;
  }
}
