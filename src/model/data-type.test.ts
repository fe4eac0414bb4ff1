import { expect, test } from "vitest";
import type { Column } from "./asset.ts";
import { dataTypeOf, saysAll } from "./data-type.ts";
import { rawNumber } from "./json.ts";

const column = (type: string, more: Partial<Column> = {}): Column => ({ name: "C", type, ...more });

test.each([
  [column("cds.Date"), "cds.Date"],
  [column("cds.String", { length: 10 }), "cds.String(10)"],
  [column("cds.Decimal", { precision: 15, scale: 2 }), "cds.Decimal(15,2)"],
  [column("cds.Decimal", { precision: 15 }), "cds.Decimal(15)"],
  [column("cds.hana.ST_GEOMETRY", { srid: 4326 }), "cds.hana.ST_GEOMETRY(4326)"],
  [column("cds.String", { length: rawNumber("1e1") }), "cds.String(10.0)"],
  [column("cds.String", { length: "max" }), 'cds.String("max")'],
])("the type of %j is %s, which says it all", (given, type) => {
  expect(dataTypeOf(given)).toBe(type);
  expect(saysAll(type, given)).toBe(true);
});

test.each([
  ["a precision that looks like a length", column("cds.String", { precision: 10 })],
  ["a length beside precision and scale", column("cds.Decimal", { length: 1, precision: 15, scale: 2 })],
  ["a scale without a precision", column("cds.Decimal", { scale: 2 })],
  ["an srid of what is no geometry", column("cds.String", { srid: 1 })],
  ["a name with brackets", column("my(10)")],
])("a type does not say all of %s", (_case, given) => {
  expect(saysAll(dataTypeOf(given), given)).toBe(false);
});

test("a type that says something else than its column does not say all of it", () => {
  expect(saysAll("VARCHAR", column("cds.String"))).toBe(false);
  expect(saysAll("cds.String", column("cds.String", { length: 10 }))).toBe(false);
});

test("the forms that hold the whole type say all of an anonymous one, and the plain forms do not", () => {
  const array = column("array", { items: { type: "cds.String", length: 10 } });
  const struct = column("struct", { elements: { CITY: { type: "cds.String" } } });
  expect([saysAll("array of cds.String(10)", array), saysAll('struct {"CITY":{"type":"cds.String"}}', struct)]).toEqual([true, true]);
  expect([saysAll("array", array), saysAll("struct", struct), saysAll("no array of it", array)]).toEqual([false, false, false]);
  expect(saysAll('json {"length":5,"scale":2,"type":"odd"}', column("odd", { length: 5, scale: 2 }))).toBe(true);
});
