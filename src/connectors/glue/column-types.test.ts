import fc from "fast-check";
import { expect, test } from "vitest";
import { arbitraryAsset } from "../../../test/helpers/arbitrary-assets.ts";
import { assertHiveType } from "../../../test/helpers/hive-grammar.ts";
import type { Column } from "../../model/asset.ts";
import { rawNumber, type Json } from "../../model/json.ts";
import { objectInOrder } from "../../model/key-order.ts";
import { glueType } from "./column-types.ts";
import { typeRules } from "./type-rules.ts";

const VARCHAR = typeRules("varchar", {});
const STRING = typeRules("string", {});

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
  expect(glueType({ type, ...sizes }, VARCHAR)).toEqual({ type: glue, known: true });
});

test("every type of every asset parses in the grammar of Hive and Athena", () => {
  fc.assert(
    fc.property(arbitraryAsset(), fc.constantFrom(VARCHAR, STRING), ({ schema }, rules) => {
      for (const column of schema.columns) expect(() => assertHiveType(glueType(column, rules).type)).not.toThrow();
    }),
    { seed: 5, numRuns: 200 },
  );
});

test("with strings as string, no length shows, at any depth", () => {
  expect(glueType({ type: "cds.String", length: 10 }, STRING).type).toBe("string");
  expect(glueType({ type: "cds.hana.CHAR", length: 10 }, STRING).type).toBe("string");
  expect(glueType({ type: "cds.UUID" }, STRING).type).toBe("string");
  expect(glueType({ type: "array", items: { type: "cds.String", length: 10 } }, STRING).type).toBe("array<string>");
});

test("an override types the source type that it names, at any depth, and no other", () => {
  const rules = typeRules("varchar", { "cds.UUID": "char(36)", "my.Type": "bigint" });
  expect(glueType({ type: "cds.UUID" }, rules)).toEqual({ type: "char(36)", known: true });
  expect(glueType({ type: "my.Type" }, rules)).toEqual({ type: "bigint", known: true });
  expect(glueType({ type: "cds.String", length: 5 }, rules).type).toBe("varchar(5)");
  const elements = { A: { type: "cds.UUID" }, B: { items: { type: "my.Type" } } };
  expect(glueType({ type: "struct", elements }, rules)).toEqual({ type: "struct<a:char(36),b:array<bigint>>", known: true });
});

test.each<[string, Sizes]>([
  ["my.Type", {}],
  ["cds.Association", {}],
  ["struct", { elements: {} }],
  ["untyped", {}],
])("%s %j is none that we know, and is written as string", (type, sizes) => {
  expect(glueType({ type, ...sizes }, VARCHAR)).toEqual({ type: "string", known: false });
});

test("an unknown type inside a structure makes the whole unknown, and the rest keeps its shape", () => {
  const elements = { A: { type: "my.Type" }, B: { type: "cds.Integer" }, C: "no element" };
  expect(glueType({ type: "struct", elements }, VARCHAR)).toEqual({ type: "struct<a:string,b:int,c:string>", known: false });
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
  expect(glueType({ type: "struct", elements }, VARCHAR).type).toBe("struct<b:int,2024:int,b_2:int,b_2_2:int,1:int>");
});

test("a type too long for Glue is written as string", () => {
  const elements = Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`FIELD_WITH_A_NAME_${i}`, { type: "cds.Integer" }]));
  expect(glueType({ type: "struct", elements }, VARCHAR)).toEqual({ type: "string", known: false });
});
