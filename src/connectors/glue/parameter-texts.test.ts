import fc from "fast-check";
import { expect, test } from "vitest";
import { textOf, toParameters } from "./parameter-texts.ts";

test("an ordinary text stands under its name, and what is absent leaves nothing", () => {
  expect(toParameters({ a: "text", b: null, c: undefined })).toEqual({ a: "text" });
  expect(textOf({ a: "text" }, "a")).toBe("text");
  expect(textOf({ a: "text" }, "b")).toBeNull();
});

test("a text of a million characters is split within the limit, never inside a character, and read back whole", () => {
  const text = "x" + "😀ä".repeat(200_000);
  const parameters = toParameters({ sql: text });
  expect(Object.keys(parameters)).toEqual(["sql.0", "sql.1", "sql.2"]);
  for (const value of Object.values(parameters)) {
    expect(Buffer.byteLength(value)).toBeLessThanOrEqual(512_000);
    expect(value.isWellFormed()).toBe(true);
  }
  expect(textOf(parameters, "sql")).toBe(text);
});

test("texts that the wire might alter are kept as JSON", () => {
  expect(toParameters({ a: "", b: "half \ud800" })).toEqual({ "a.json": '""', "b.json": String.raw`"half \ud800"` });
});

test("a text that somebody broke is none", () => {
  expect(textOf({ "a.json": "{" }, "a")).toBeNull();
  expect(textOf({ "a.json": "12" }, "a")).toBeNull();
});

test("a name of Object's prototype is no parameter", () => {
  expect(textOf({}, "constructor")).toBeNull();
});

test("any text is read back as it was", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
      (text) => {
        expect(textOf(toParameters({ tidemark: text, other: "x" }), "tidemark")).toBe(text);
      },
    ),
    { seed: 1, numRuns: 200 },
  );
});
