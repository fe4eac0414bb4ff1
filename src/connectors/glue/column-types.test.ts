import fc from "fast-check";
import { expect, test } from "vitest";
import { arbitraryAsset } from "../../../test/helpers/arbitrary-assets.ts";
import type { Column } from "../../model/asset.ts";
import { rawNumber, type Json } from "../../model/json.ts";
import { objectInOrder } from "../../model/key-order.ts";
import { glueType } from "./column-types.ts";
import { sourceType } from "./source-type.ts";

type Sizes = Partial<Pick<Column, "length" | "precision" | "scale" | "items" | "elements">>;

test.each<[type: string, sizes: Sizes, glue: string]>([
  ["cds.Boolean", {}, "boolean"],
  ["cds.UInt8", {}, "smallint"],
  ["cds.hana.TINYINT", {}, "smallint"],
  ["Edm.SByte", {}, "tinyint"],
  ["cds.Int16", {}, "smallint"],
  ["cds.Integer", {}, "int"],
  ["cds.Integer64", {}, "bigint"],
  ["cds.Decimal", { precision: 15, scale: 2 }, "decimal(15,2)"],
  ["cds.Decimal", { precision: 15 }, "decimal(15,0)"],
  ["cds.Decimal", { precision: rawNumber("15.0"), scale: "2" }, "decimal(15,2)"],
  ["cds.Decimal", {}, "double"],
  ["cds.Decimal", { precision: 39, scale: 2 }, "double"],
  ["cds.Decimal", { precision: 5, scale: 6 }, "double"],
  ["Edm.Decimal", { precision: 34, scale: "floating" }, "double"],
  ["cds.DecimalFloat", {}, "double"],
  ["cds.hana.REAL", {}, "float"],
  ["cds.Date", {}, "date"],
  ["cds.Time", {}, "string"],
  ["cds.DateTime", {}, "timestamp"],
  ["Edm.DateTimeOffset", { precision: 7 }, "timestamp"],
  ["cds.String", { length: 10 }, "varchar(10)"],
  ["cds.String", {}, "string"],
  ["cds.String", { length: 70_000 }, "string"],
  ["cds.hana.CHAR", { length: 3 }, "char(3)"],
  ["cds.hana.NCHAR", { length: 300 }, "varchar(300)"],
  ["cds.LargeString", { length: 10 }, "string"],
  ["cds.UUID", {}, "varchar(36)"],
  ["cds.Binary", { length: 16 }, "binary"],
  ["cds.hana.ST_GEOMETRY", {}, "string"],
  ["Edm.GeographyPoint", {}, "string"],
  ["Collection(Edm.String)", { length: 20 }, "array<varchar(20)>"],
  ["array", { items: { type: "cds.Decimal", precision: 5, scale: 1 } }, "array<decimal(5,1)>"],
  ["array", { items: { items: { type: "cds.Date" } } }, "array<array<date>>"],
  [
    "struct",
    { elements: { Street: { type: "cds.String", length: 40 }, "Zip Code": { type: "cds.Integer" } } },
    "struct<street:varchar(40),zip_code:int>",
  ],
])("%s %j is written as %s", (type, sizes, glue) => {
  expect(glueType({ type, ...sizes }, "varchar")).toEqual({ type: glue, known: true });
});

/** Reads a type by the grammar of Hive and Athena; answers with what is left behind it, or throws. */
function afterType(text: string): string {
  const primitive =
    /^(tinyint|smallint|int|bigint|boolean|float|double|string|binary|date|timestamp|decimal\(\d+,\d+\)|(?:var)?char\(\d+\))(?![a-z(])/.exec(
      text,
    );
  if (primitive !== null) return text.slice(primitive[0].length);
  if (text.startsWith("array<")) return afterClosing(afterType(text.slice(6)));
  if (!text.startsWith("struct<")) throw new Error(`no type: ${text}`);
  for (let rest = text.slice(7); ; rest = rest.slice(1)) {
    const name = /^[a-z0-9_]+:/.exec(rest)?.[0];
    if (name === undefined) throw new Error(`no field: ${rest}`);
    rest = afterType(rest.slice(name.length));
    if (!rest.startsWith(",")) return afterClosing(rest);
  }
}

function afterClosing(text: string): string {
  if (!text.startsWith(">")) throw new Error(`not closed: ${text}`);
  return text.slice(1);
}

test("every type of every asset parses in the grammar of Hive and Athena", () => {
  fc.assert(
    fc.property(arbitraryAsset(), fc.constantFrom("varchar" as const, "string" as const), ({ schema }, strings) => {
      for (const column of schema.columns) expect(afterType(glueType(column, strings).type)).toBe("");
    }),
    { seed: 5, numRuns: 200 },
  );
});

test("with strings as string, no length shows, at any depth", () => {
  expect(glueType({ type: "cds.String", length: 10 }, "string").type).toBe("string");
  expect(glueType({ type: "cds.hana.CHAR", length: 10 }, "string").type).toBe("string");
  expect(glueType({ type: "cds.UUID" }, "string").type).toBe("string");
  expect(glueType({ type: "array", items: { type: "cds.String", length: 10 } }, "string").type).toBe("array<string>");
});

test.each<[string, Sizes]>([
  ["my.Type", {}],
  ["cds.Association", {}],
  ["struct", { elements: {} }],
  ["untyped", {}],
])("%s %j is none that we know, and is written as string", (type, sizes) => {
  expect(glueType({ type, ...sizes }, "varchar")).toEqual({ type: "string", known: false });
});

test("an unknown type inside a structure makes the whole unknown, and the rest keeps its shape", () => {
  const elements = { A: { type: "my.Type" }, B: { type: "cds.Integer" }, C: "no element" };
  expect(glueType({ type: "struct", elements }, "varchar")).toEqual({ type: "struct<a:string,b:int,c:string>", known: false });
});

test("fields of a structure stay in their order, also those that look like numbers, and apart where they fold alike", () => {
  const int: Json = { type: "cds.Integer" };
  const elements = objectInOrder([
    ["b", int],
    ["2024", int],
    ["B", int],
    ["b_2", int],
    ["1", int],
  ]);
  expect(glueType({ type: "struct", elements }, "varchar").type).toBe("struct<b:int,2024:int,b_2:int,b_2_2:int,1:int>");
});

test("a type too long for Glue is written as string", () => {
  const elements = Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`FIELD_WITH_A_NAME_${i}`, { type: "cds.Integer" }]));
  expect(glueType({ type: "struct", elements }, "varchar")).toEqual({ type: "string", known: false });
});

test.each([
  ["boolean", { type: "cds.Boolean" }],
  ["tinyint", { type: "cds.hana.SMALLINT" }],
  ["smallint", { type: "cds.hana.SMALLINT" }],
  ["int", { type: "cds.Integer" }],
  ["bigint", { type: "cds.Integer64" }],
  ["float", { type: "cds.hana.REAL" }],
  ["double", { type: "cds.Double" }],
  ["decimal(10,2)", { type: "cds.Decimal", precision: 10, scale: 2 }],
  ["decimal(10)", { type: "cds.Decimal", precision: 10, scale: 0 }],
  ["decimal", { type: "cds.Decimal", precision: 10, scale: 0 }],
  ["date", { type: "cds.Date" }],
  ["timestamp", { type: "cds.Timestamp" }],
  ["VARCHAR( 20 )", { type: "cds.String", length: 20 }],
  ["char(3)", { type: "cds.String", length: 3 }],
  ["varchar(6000)", { type: "cds.LargeString" }],
  ["string", { type: "cds.String", length: 5_000 }],
  ["binary", { type: "cds.LargeBinary" }],
  ["array<int>", { type: "cds.LargeString" }],
  ["map<string,int>", { type: "cds.LargeString" }],
  ["", { type: "cds.LargeString" }],
])("somebody else's %s is read as %j", (glue, source) => {
  expect(sourceType(glue)).toEqual(source);
});
