import fc from "fast-check";
import { expect, test } from "vitest";
import { AssetError } from "./errors.ts";
import { isRawNumber, type Json, type JsonObject, rawNumber } from "./json.ts";
import { endOfString, JsonSyntaxError } from "./json-reader.ts";
import { keysInOrder } from "./key-order.ts";
import { floatRepr, parseJson, stringifyJson } from "./parse-json.ts";
import { propertyRuns } from "../../test/helpers/property-runs.ts";

const thrownBy = (act: () => unknown): unknown => {
  try {
    act();
  } catch (error) {
    return error;
  }
  return undefined;
};

/** Numbers as text, so that a comparison sees -0, RawNumber and number apart. */
function spelled(value: Json): unknown {
  if (isRawNumber(value)) return `raw ${value.rawJSON}`;
  if (typeof value === "number") return Object.is(value, -0) ? "number -0" : `number ${value}`;
  return value;
}

test.each([
  ["0", "number 0"],
  ["-0", "number 0"],
  ["7", "number 7"],
  ["-7", "number -7"],
  ["999999999999999", "number 999999999999999"],
  ["9007199254740991", "number 9007199254740991"],
  ["-9007199254740991", "number -9007199254740991"],
  ["9007199254740992", "raw 9007199254740992"],
  ["9007199254740993", "raw 9007199254740993"],
  ["-9007199254740993", "raw -9007199254740993"],
  ["123456789012345678901234567890", "raw 123456789012345678901234567890"],
  ["0.0", "raw 0.0"],
  ["0.5", "raw 0.5"],
  ["1.0", "raw 1.0"],
  ["1.50", "raw 1.5"],
  ["-0.0", "raw -0.0"],
  ["-0e0", "raw -0.0"],
  ["1e0", "raw 1.0"],
  ["1E+2", "raw 100.0"],
  ["1e16", "raw 1e+16"],
  ["1e-7", "raw 1e-07"],
  ["1e-400", "raw 0.0"],
  ["0.1e1", "raw 1.0"],
])("the number %s is kept as %s", (text, expected) => {
  expect(spelled(parseJson(text))).toBe(expected);
  expect(spelled((parseJson(`{"a":[1,${text}]}`) as { a: Json[] }).a[1] as Json)).toBe(expected);
});

test("numbers are JavaScript's own where exactness is not asked for", () => {
  expect(parseJson("[1.0, 1e2, 9007199254740993, 1e999]", { exact: false })).toEqual([1, 100, 9007199254740992, Infinity]);
  expect(parseJson('{"2019": 1.5}', { exact: false })).toEqual({ "2019": 1.5 });
});

test("equal floats are equal text, however they were written", () => {
  const double = fc.double({ noNaN: true, noDefaultInfinity: true }).filter((value) => !Object.is(value, -0)); // toExponential drops its sign
  fc.assert(
    fc.property(double, fc.integer({ min: 17, max: 40 }), (value, digits) => {
      const parsed = parseJson(value.toExponential(digits));
      expect(isRawNumber(parsed) && parsed.rawJSON).toBe(floatRepr(value));
      expect(Object.is(Number(floatRepr(value)), value)).toBe(true);
      expect(parseJson(floatRepr(value))).toEqual(rawNumber(floatRepr(value)));
    }),
    { seed: 1, numRuns: propertyRuns(1_000) },
  );
});

// What `python3 -c 'print(repr(x))'` prints.
test.each([
  [0, "0.0"],
  [-0, "-0.0"],
  [1, "1.0"],
  [-2.5, "-2.5"],
  [0.1, "0.1"],
  [0.0001, "0.0001"],
  [0.00012345, "0.00012345"],
  [0.00001, "1e-05"],
  [0.000012345, "1.2345e-05"],
  [1e-10, "1e-10"],
  [1e-100, "1e-100"],
  [5e-324, "5e-324"],
  [1e15, "1000000000000000.0"],
  [9999999999999998, "9999999999999998.0"],
  [1e16, "1e+16"],
  [12345678901234567000, "1.2345678901234567e+19"],
  [1e22, "1e+22"],
  [-1e300, "-1e+300"],
  [1.7976931348623157e308, "1.7976931348623157e+308"],
  [123456.789, "123456.789"],
])("the repr of %s is %s", (value, expected) => {
  expect(floatRepr(value)).toBe(expected);
});

test("a document without floats, long integers and keys of digits parses as JSON.parse does", () => {
  const value = fc.jsonValue({ maxDepth: 5 }).filter((json) => !/\d[.eE]|-0|"\d|\d{16}/.test(JSON.stringify(json)));
  fc.assert(
    fc.property(value, fc.constantFrom(undefined, 1, "\t"), (json, space) => {
      const text = JSON.stringify(json, null, space);
      expect(parseJson(text)).toEqual(JSON.parse(text));
    }),
    { seed: 1, numRuns: propertyRuns(500) },
  );
});

test("a number or a key to keep is kept wherever it stands, whatever strings look like one", () => {
  const blank = fc.constantFrom("", " ", "\n\t ", "\r\n");
  const token = fc.constantFrom("-0", "0.5", "-1e2", "12E1", "1234567890123456", "-1234567890123456789", "7", "-12", "123456789012345");
  const text = fc.constantFrom('"a"', '": 1.5"', '", -0"', '"[1e2"', '"2019"', '"\\"2019\\": 0"', '"\\\\"', '""');
  const key = fc.constantFrom('"k"', '"2019"', '"0"', '"12345678901"', '"\\u0031"', '"a2019"', '"1:"');
  const { value } = fc.letrec<{ value: string }>((tie) => ({
    value: fc.oneof(
      { depthSize: "small" },
      token,
      text,
      fc.tuple(blank, fc.array(tie("value"), { maxLength: 3 })).map(([b, items]) => `[${b}${items.join(`${b},${b}`)}${b}]`),
      fc
        .tuple(blank, fc.uniqueArray(fc.tuple(key, tie("value")), { maxLength: 3, selector: ([name]) => JSON.parse(name) as string }))
        .map(([b, members]) => `{${b}${members.map(([name, held]) => `${name}${b}:${b}${held}`).join(`,${b}`)}${b}}`),
    ),
  }));
  fc.assert(
    fc.property(value, (json) => {
      // The lone float sends the whole document through the exact reader.
      expect(written(parseJson(json))).toBe(written((parseJson(`[${json},0.5]`) as readonly Json[])[0] as Json));
    }),
    { seed: 1, numRuns: propertyRuns(2_000) },
  );
});

/** A value as text, with its numbers as they are kept and its keys in their order. */
function written(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(written).join()}]`;
  if (typeof value !== "object" || value === null || isRawNumber(value)) return String(spelled(value));
  return `{${keysInOrder(value as JsonObject)
    .map((key) => `${JSON.stringify(key)}:${written((value as JsonObject)[key] as Json)}`)
    .join()}}`;
}

test("the reader that keeps numbers reads strings, words and structure as JSON.parse does", () => {
  const value = fc.jsonValue({ maxDepth: 5, noUnicodeString: false });
  fc.assert(
    fc.property(value, fc.constantFrom(undefined, 1, "\t"), (json, space) => {
      // The lone float sends the whole document through the exact reader.
      const text = JSON.stringify([json, '\\"\u2028'], null, space).replace(/\]$/, ",0.5]");
      const [parsed, marker] = parseJson(text) as Json[];
      expect(JSON.parse(stringifyJson(parsed as Json))).toEqual(JSON.parse(JSON.stringify(json)));
      expect(marker).toBe('\\"\u2028');
    }),
    { seed: 1, numRuns: propertyRuns(500) },
  );
});

test("what JSON.parse refuses is refused, what it takes is taken", () => {
  const pieces = [
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    '"',
    '"a"',
    '"1"',
    "1",
    "-",
    "0",
    ".5",
    "e3",
    "true",
    "nul",
    "null",
    " ",
    "\n",
    "\\",
    "\\u00e9",
    "\u0001",
    "x",
    "\u00a0",
  ];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 8 }), (parts) => {
      const text = parts.join("");
      const native = thrownBy(() => JSON.parse(text));
      const ours = thrownBy(() => parseJson(text));
      expect(ours instanceof JsonSyntaxError ? "refused" : ours).toBe(native === undefined ? undefined : "refused");
    }),
    { seed: 1, numRuns: propertyRuns(5_000) },
  );
});

test.each([
  ["", 1, 1, "a value", "the end"],
  ["  ", 1, 3, "a value", "the end"],
  ['{"a": 1,}', 1, 9, "a key in quotes", '"}"'],
  ['{"a" 1}', 1, 6, '":"', '"1"'],
  ['{\n  "a": 1\n  "b": 2}', 3, 3, '"," or "}"', '"\\""'],
  ["[1 2]", 1, 4, '"," or "]"', '"2"'],
  ["[1,]", 1, 4, "a value", '"]"'],
  ["[1]]", 1, 4, "nothing more", '"]"'],
  ["01", 1, 2, "nothing more", '"1"'],
  ["[1.]", 1, 3, '"," or "]"', '"."'],
  ["[.5]", 1, 2, "a value", '"."'],
  ["[+1]", 1, 2, "a value", '"+"'],
  ['["a', 1, 4, "a closing quote", "the end"],
  ['["a\nb"]', 1, 2, "a string without control characters and with known escapes", '"\\""'],
  ['["\\x"]', 1, 2, "a string without control characters and with known escapes", '"\\""'],
  ["[tru]", 1, 2, "a value", '"t"'],
  ["\u{1F600}", 1, 1, "a value", '"\u{1F600}"'],
  ["{", 1, 2, "a key in quotes", "the end"],
  ["[", 1, 2, "a value", "the end"],
])("the error in %j is told with its line, its column and what was expected", (text, line, column, expected, found) => {
  const error = thrownBy(() => parseJson(text)) as JsonSyntaxError;
  expect(error).toBeInstanceOf(JsonSyntaxError);
  expect(error.message).toBe(`line ${line}, column ${column} of the JSON should have ${expected} and has ${found}`);
  expect({ code: error.code, name: error.name, expected: error.expected }).toEqual({
    code: "asset_unreadable",
    name: "JsonSyntaxError",
    expected,
  });
});

test("white space may stand wherever JSON allows it, control characters nowhere in a string", () => {
  expect(stringifyJson(parseJson(' \t\r\n[ 0.5 , [ ] , { } ,\r{ "a" : [ \n] } ] \r\n'))).toBe('[0.5,[],{},{"a":[]}]');
  expect(thrownBy(() => parseJson('[0.5,"\n"]'))).toBeInstanceOf(JsonSyntaxError);
  expect(thrownBy(() => parseJson('[0.5,"\r"]'))).toBeInstanceOf(JsonSyntaxError);
});

test("the offset of an error counts from the start of the text", () => {
  expect(thrownBy(() => parseJson("[1,\n x]"))).toMatchObject({ offset: 5 });
});

const nested = (levels: number): string => "[".repeat(levels) + "]".repeat(levels);

test("the reader that keeps numbers knows all white space, and strings of nothing but escapes", () => {
  expect(parseJson('\r[\r\n\t 1.5\r,\r"\\\\"\r]\r')).toEqual([rawNumber("1.5"), "\\"]);
  expect(() => parseJson('[1.5, "\u0001"]')).toThrow("a string without control characters and with known escapes");
});

test("what some programs write for a number that JSON does not have is refused with its path", () => {
  for (const word of ["NaN", "Infinity", "-Infinity"])
    expect(thrownBy(() => parseJson(`{"a": [1, ${word}]}`))).toMatchObject({
      code: "value_unrepresentable",
      message: expect.stringContaining(`${word} at /a/1`) as unknown,
    });
});

test("objects count towards the depth as arrays do", () => {
  const inObjects = (levels: number): string => '{"a":'.repeat(levels) + "1" + "}".repeat(levels);
  expect(() => parseJson(inObjects(64))).not.toThrow();
  expect(thrownBy(() => parseJson(inObjects(65)))).toMatchObject({ code: "asset_too_deep" });
});

test("64 levels are read, 65 are refused with their path", () => {
  expect(parseJson(nested(64))).toEqual(JSON.parse(nested(64)));
  expect(thrownBy(() => parseJson(nested(65)))).toMatchObject({
    code: "asset_too_deep",
    message: `it is nested deeper than 64 levels at ${"/0".repeat(64)}`,
  });
});

test("the path of what is too deep is a JSON Pointer", () => {
  const error = thrownBy(() => parseJson('{"x": [], "a/b": [1, {"c~d": 2.5, "e": []}]}', { maxDepth: 3 }));
  expect(error).toMatchObject({ code: "asset_too_deep", message: "it is nested deeper than 3 levels at /a~1b/1/e" });
  expect(thrownBy(() => parseJson("[]", { maxDepth: 0 }))).toMatchObject({ message: "it is nested deeper than 0 levels at its top" });
});

test("depth is counted in what is open, not in all that is there, and not within strings", () => {
  const wide = `[${"[{}],".repeat(200)}"${"[{".repeat(200)}\\"${"[".repeat(200)}"]`;
  expect(parseJson(wide, { maxDepth: 3 })).toEqual(JSON.parse(wide));
  expect(parseJson(wide.replace(/\]$/, ",0.5]"), { maxDepth: 3 })).toHaveLength(202);
});

test("five million levels are refused without running out of stack", () => {
  expect(thrownBy(() => parseJson("[".repeat(5_000_000)))).toMatchObject({ code: "asset_too_deep" });
  expect(thrownBy(() => parseJson('{"a":'.repeat(1_000_000)))).toMatchObject({ code: "asset_too_deep" });
});

test("a number beyond all doubles is refused with its path", () => {
  const error = thrownBy(() => parseJson('{"elements": {"A": {"default": -1e999}}}'));
  expect(error).toBeInstanceOf(AssetError);
  expect(error).toMatchObject({
    code: "value_unrepresentable",
    message: "the number -1e999 at /elements/A/default is beyond what a double can hold",
  });
});

test("a key named __proto__ is plain data", () => {
  for (const text of ['{"__proto__": {"a": 1}}', '{"__proto__": {"a": 1.5}}']) {
    const object = parseJson(text) as object;
    expect(Object.keys(object)).toEqual(["__proto__"]);
    expect(Object.getPrototypeOf(object)).toBe(Object.prototype);
  }
});

test("of a key that stands twice the last value counts", () => {
  expect(parseJson('{"a": 1, "b": 2, "a": 3}')).toEqual({ a: 3, b: 2 });
  expect(stringifyJson(parseJson('{"a": 1.5, "b": 2, "a": 3.50}'))).toBe('{"a":3.5,"b":2}');
});

test("keys that look like indices keep their place, which JSON.parse would change", () => {
  const object = parseJson('{"Country": 1, "2019": 2, "2018": 3}') as { [key: string]: Json };
  expect(keysInOrder(object)).toEqual(["Country", "2019", "2018"]);
  expect(keysInOrder(parseJson('{"b": 1, "0": 2, "a": 3}') as { [key: string]: Json })).toEqual(["b", "0", "a"]);
  expect(keysInOrder(parseJson('{"b": 1, "1a": 2, "a": "2019"}') as { [key: string]: Json })).toEqual(["b", "1a", "a"]);
  expect(keysInOrder(parseJson('{"b": ["7", "8"], "2019" \n\t: "9"}') as { [key: string]: Json })).toEqual(["b", "2019"]);
});

test("numbers that were kept are written verbatim", () => {
  expect(stringifyJson(parseJson('{"a": [1.0, 1e22, 12345678901234567890, -0]}'))).toBe('{"a":[1.0,1e+22,12345678901234567890,0]}');
});

test.each([
  ['"a"', 2],
  ['"a\\"b"', 5],
  ['"a\\\\"b"', 4],
  ['"a\\\\\\"b"', 7],
  ['""', 1],
  ['"a', -1],
  ['"a\\"', -1],
])("the string that begins %s ends at %d", (text, end) => {
  expect(endOfString(text, 0)).toBe(end);
});

test("a key of digits that were written as escapes was listed before all others", () => {
  const object = parseJson(String.raw`{"b": 1, "\u0032019": 2, "20\u00318": 3}`) as { [key: string]: Json };
  expect(keysInOrder(object)).toEqual(["b", "2019", "2018"]);
});
