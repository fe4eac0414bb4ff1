import fc from "fast-check";
import { expect, test } from "vitest";
import { isRawNumber, type Json, rawNumber } from "./json.ts";
import { parseJson } from "./parse-json.ts";
import { parseStored } from "./stored-json.ts";
import { propertyRuns } from "../../test/helpers/property-runs.ts";

const leaf = fc.oneof(
  fc.constantFrom<Json>(null, true, "1.5", ":2.5", "[1e5,", "__proto__", "\ud800", 0, -7, 2 ** 53 - 1),
  fc.maxSafeInteger(),
  fc.constantFrom("1.0", "-0.5", "1e-07", "1e+16", "9007199254740993", "-12345678901234567890").map(rawNumber),
);
const value = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    leaf,
    fc.array(tie("value"), { maxLength: 4 }),
    fc
      .array(fc.tuple(fc.constantFrom("a", "1", "__proto__", "1.5"), tie("value")), { maxLength: 4 })
      .map((entries) => Object.fromEntries(entries)),
  ),
})).value;

/** The value with its numbers told apart from RawNumbers. */
const spelled = (json: Json): string =>
  JSON.stringify(json, (_, inner: unknown) =>
    isRawNumber(inner) ? `raw ${inner.rawJSON}` : typeof inner === "number" ? `number ${inner}` : inner,
  );

test("what was stored comes back as the exact parser reads it, whatever it holds", () => {
  fc.assert(
    fc.property(value, (json) => {
      const text = JSON.stringify(json);
      expect(spelled(parseStored(text))).toBe(spelled(parseJson(text)));
      expect(JSON.stringify(parseStored(text))).toBe(text);
    }),
    { numRuns: propertyRuns(3_000) },
  );
});

test.each(["1.5", "[1.5]", '{"a":1e5}', "[-1.0]", "[0,12345678901234567]"])("%s keeps its number as text", (text) => {
  expect(JSON.stringify(parseStored(text))).toBe(JSON.stringify(parseJson(text)));
  expect(spelled(parseStored(text))).toContain("raw");
});

test("depth has no bound here, because it had one where the value came in", () => {
  const deep = `${"[".repeat(500)}1.5${"]".repeat(500)}`;
  expect(JSON.stringify(parseStored(deep))).toBe(deep);
});
