import { expect, test } from "vitest";
import { AssetError } from "../model/errors.ts";
import { type Json, rawNumber } from "../model/json.ts";
import { parseJson } from "../model/parse-json.ts";
import { CanonicalWriter, referenceJson } from "./canonical-json.ts";

// What Python 3.11 printed for json.dumps(json.loads(input), sort_keys=True).
test.each([
  ["{}", "{}"],
  ["[]", "[]"],
  ['{"b":[1,2],"a":{"d":null,"c":true},"e":false}', '{"a": {"c": true, "d": null}, "b": [1, 2], "e": false}'],
  ['{"":1,"\\"":2,"a b":3}', '{"": 1, "\\"": 2, "a b": 3}'],
  ['"\\u0000\\b\\t\\n\\u000b\\f\\r\\u001f\\u007f\\u0080 ~\\"\\\\/"', '"\\u0000\\b\\t\\n\\u000b\\f\\r\\u001f\\u007f\\u0080 ~\\"\\\\/"'],
  ['"Größe €\\ud83d\\ude00\\ud800x\\udc00"', '"Gr\\u00f6\\u00dfe \\u20ac\\ud83d\\ude00\\ud800x\\udc00"'],
  ['{"😀":1,"\\uffff":2,"\\ue000":3,"z":4,"\\ud800":5}', '{"z": 4, "\\ud800": 5, "\\ue000": 3, "\\uffff": 2, "\\ud83d\\ude00": 1}'],
  ['{"😀":1,"\uffff":2}', '{"\\uffff": 2, "\\ud83d\\ude00": 1}'],
  ['{"10":1,"9":2,"__proto__":{"constructor":3}}', '{"10": 1, "9": 2, "__proto__": {"constructor": 3}}'],
  [
    "[1,-0,1.0,1.50,1e5,1E-7,1e16,1e15,-0.0,9007199254740993,0.1,5e-324]",
    "[1, 0, 1.0, 1.5, 100000.0, 1e-07, 1e+16, 1000000000000000.0, -0.0, 9007199254740993, 0.1, 5e-324]",
  ],
])("%s is written as Python writes it", (input, written) => {
  expect(referenceJson(parseJson(input))).toBe(written);
});

test("keys are ordered however many there are and however they stood", () => {
  const sizes = [2, 11, 12, 13, 30];
  for (const size of sizes) {
    const keys = Array.from({ length: size }, (_, i) => `k${(i * 7) % size}_${i}`);
    const expected = `{${keys
      .toSorted()
      .map((key) => `"${key}": 0`)
      .join(", ")}}`;
    expect(referenceJson(Object.fromEntries(keys.map((key) => [key, 0])))).toBe(expected);
  }
});

test("keys beyond the few thousand that are remembered are written all the same", () => {
  const many = Object.fromEntries(Array.from({ length: 5_000 }, (_, i) => [`key ${i} "`, i]));
  expect(JSON.parse(referenceJson([many, many]))).toEqual([many, many]);
});

test("objects without a prototype are objects", () => {
  expect(referenceJson(Object.assign(Object.create(null) as object, { b: 1, a: 2 }) as Json)).toBe('{"a": 2, "b": 1}');
});

test.each([
  ["NaN", Number.NaN, "NaN"],
  ["an infinity", Number.NEGATIVE_INFINITY, "-Infinity"],
  ["a number that overflows", rawNumber("1e999"), "1e999 (an infinite float)"],
  ["undefined", undefined, "undefined"],
  ["a function", () => 1, "a function"],
  ["a symbol", Symbol("s"), "a symbol"],
  ["a bigint", 1n, "a bigint"],
  ["a date", new Date(0), "an instance of Date"],
  ["a map", new Map(), "an instance of Map"],
])("%s is refused with its path", (_case, value, what) => {
  const refused = (): string =>
    referenceJson({ fine: [null, "x", rawNumber("1.5"), 2], "a/b": [{ ok: true }, { "": value as Json }] }, "SALES.Orders", "/metadata");
  expect(refused).toThrow(AssetError);
  expect(refused).toThrow(`SALES.Orders cannot be fingerprinted: the value at /metadata/a~1b/1/ is ${what}, which JSON cannot say.`);
});

test("a hole in a list is no value", () => {
  const holed: Json[] = [];
  holed[1] = 1;
  expect(() => referenceJson(holed)).toThrow("The document cannot be fingerprinted: the value at /0 is undefined");
});

test("a document that is nothing that JSON can say is named as its root", () => {
  expect(() => referenceJson(Number.NaN)).toThrow("the value at its root is NaN");
});

test("a refusal is a problem of the asset", () => {
  expect(() => referenceJson(Number.NaN)).toThrow(expect.objectContaining({ code: "value_unrepresentable" }));
});

test("what goes wrong otherwise is not taken for a value that JSON cannot say", () => {
  let looks = 0;
  const trap = new Proxy({ a: Number.NaN }, { ownKeys: (target) => (looks++ === 0 ? fail() : Reflect.ownKeys(target)) });
  expect(() => referenceJson(trap)).toThrow(new RangeError("trapped"));
});

function fail(): never {
  throw new RangeError("trapped");
}

test("64 levels are no depth", () => {
  let deep: Json = 1;
  for (let i = 0; i < 64; i++) deep = i % 2 === 0 ? [deep] : { a: deep };
  expect(referenceJson(deep)).toBe(JSON.stringify(deep).replaceAll(":", ": "));
});

test("a writer notices a key that is looked for, each time, and an object without keys", () => {
  const writer = new CanonicalWriter((key) => key === "seen" || key === "\ue000");
  const noticed = (value: Json) => {
    expect(writer.write(value)).toBe(referenceJson(value));
    return writer.noticed;
  };
  expect(noticed({ a: ["seen"], b: [] })).toBe(false);
  for (let time = 0; time < 2; time++) {
    expect(noticed({ a: [{ seen: 1 }] })).toBe(true);
    expect(noticed({ "\ue000": 1, "\u{1f389}": 2 })).toBe(true);
    expect(noticed([{}])).toBe(true);
    expect(noticed({ a: 1 })).toBe(false);
  }
});
