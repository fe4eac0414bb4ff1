import fc from "fast-check";
import { type Json, type JsonObject, rawNumber } from "../../src/model/json.ts";

/** Names and texts, with those among them that trip a careless reader. */
export const arbitraryText: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: fc.string({ unit: fc.constantFrom(...Array.from("abcXYZ019_")), minLength: 1, maxLength: 12 }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      "__proto__",
      "constructor",
      "toString",
      "",
      " ",
      "2019",
      "a/b~c.d",
      "two  spaces ",
      "tab\tand\r\nnewline",
      '"quoted" \\ back / slash',
      "Größe €",
      "é and e\u0301",
      "İıSsß",
      "日本語",
      "\u2028\u2029",
      "\u0000\u001f\u007f\u0080",
      "\ue000",
      "\ufffd\uffff",
      "\u{1f389}",
      "\u{10ffff}",
      "\ud800",
      "\udbff\ue000",
      "\udfff",
      "x\udc00\ud800",
    ),
  },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 5 }) },
);

/** Number tokens in every spelling that JSON allows. None overflows. */
export const arbitraryNumber: fc.Arbitrary<Json> = fc.oneof(
  fc.integer({ min: -1_000, max: 1_000 }),
  fc.maxSafeInteger(),
  fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }).map((value) => rawNumber(String(value))),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => rawNumber(JSON.stringify(value))),
  fc
    .tuple(
      fc.constantFrom("", "-"),
      fc.nat(99_999),
      fc.constantFrom("", ".0", ".5", ".50", ".1234567890123456789"),
      fc.constantFrom("", "e0", "E5", "e+16", "e-7", "e15", "e-4", "e22"),
    )
    .map((parts) => rawNumber(parts.join(""))),
  fc
    .constantFrom("1.0", "-0.0", "-0", "1e-7", "1e16", "1e15", "1e-5", "0.0001", "9007199254740993", "5e-324", "1.7976931348623157e308")
    .map((text) => rawNumber(text)),
);

/** A JSON value, at most some four levels deep. */
export const arbitraryJson: fc.Arbitrary<Json> = fc.letrec<{ value: Json; object: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.oneof(arbitraryText, arbitraryNumber, fc.constantFrom<Json>(null, true, false)),
    fc.array(tie("value"), { maxLength: 3 }),
    tie("object"),
  ),
  object: arbitraryObjectOf(tie("value")),
})).value;

/** A JSON object of arbitrary keys and values. */
export const arbitraryObject: fc.Arbitrary<JsonObject> = arbitraryObjectOf(arbitraryJson);

/** An object of some of these members, in any order. */
export function arbitraryMembers(members: { readonly [key: string]: fc.Arbitrary<Json> }): fc.Arbitrary<JsonObject> {
  const entries = Object.entries(members).map(([key, value]) =>
    fc.option(
      value.map((one): [string, Json] => [key, one]),
      { nil: null, freq: 8 },
    ),
  );
  return fc
    .tuple(...entries)
    .chain((given) =>
      fc.shuffledSubarray(
        given.filter((entry) => entry !== null),
        { minLength: given.filter((entry) => entry !== null).length },
      ),
    )
    .map((given) => Object.fromEntries(given));
}

function arbitraryObjectOf(value: fc.Arbitrary<Json>): fc.Arbitrary<JsonObject> {
  return fc
    .uniqueArray(fc.tuple(arbitraryText, value), { selector: ([key]) => key, maxLength: 5 })
    .map((entries) => Object.fromEntries(entries));
}
