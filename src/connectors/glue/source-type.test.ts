import { expect, test } from "vitest";
import { parseHiveType } from "./hive-type.ts";
import { sourceType } from "./source-type.ts";

test.each([
  ["boolean", { type: "cds.Boolean" }],
  ["tinyint", { type: "cds.hana.SMALLINT" }],
  ["smallint", { type: "cds.hana.SMALLINT" }],
  ["int", { type: "cds.Integer" }],
  ["INTEGER", { type: "cds.Integer" }],
  ["bigint", { type: "cds.Integer64" }],
  ["float", { type: "cds.hana.REAL" }],
  ["double", { type: "cds.Double" }],
  ["double precision", { type: "cds.Double" }],
  ["decimal(10,2)", { type: "cds.Decimal", precision: 10, scale: 2 }],
  ["decimal(10)", { type: "cds.Decimal", precision: 10, scale: 0 }],
  ["decimal", { type: "cds.Decimal", precision: 10, scale: 0 }],
  ["date", { type: "cds.Date" }],
  ["timestamp", { type: "cds.Timestamp" }],
  ["timestamp(6) with time zone", { type: "cds.Timestamp" }],
  ["VARCHAR( 20 )", { type: "cds.String", length: 20 }],
  ["char(3)", { type: "cds.String", length: 3 }],
  ["varchar(6000)", { type: "cds.LargeString" }],
  ["string", { type: "cds.String", length: 5_000 }],
  ["binary", { type: "cds.LargeBinary" }],
  ["array<int>", { type: "cds.LargeString" }],
  ["map<string, array<decimal(10, 2)>>", { type: "cds.LargeString" }],
  ["struct<Street:string,`zip code`:int,geo:struct<lat:double,lon:double>>", { type: "cds.LargeString" }],
  ["uniontype<int,string>", { type: "cds.LargeString" }],
])("somebody else's %s is read as %j", (glue, type) => {
  expect(sourceType(glue)).toEqual({ type, known: true });
});

test.each([
  "",
  "array<",
  "array<int>>",
  "array<int,int>",
  "map<string>",
  "struct<a>",
  "struct<>",
  "int(",
  "my_type",
  "interval",
  "list<int>",
  "(3)",
])("%j is in no type map, and is read as a text", (glue) => {
  expect(sourceType(glue)).toEqual({ type: { type: "cds.LargeString" }, known: false });
});

test("a nested type is read with its parts, the spelling of its fields kept", () => {
  expect(parseHiveType("struct<Ids:array<bigint>,`a b`:map<string,varchar(3)>>")).toEqual({
    kind: "struct",
    fields: [
      ["Ids", { kind: "array", item: { kind: "primitive", name: "bigint", sizes: [] } }],
      [
        "a b",
        {
          kind: "map",
          key: { kind: "primitive", name: "string", sizes: [] },
          value: { kind: "primitive", name: "varchar", sizes: [3] },
        },
      ],
    ],
  });
});

test("a type nested without end is none, whatever its length", () => {
  expect(parseHiveType("array<".repeat(60) + "int" + ">".repeat(60))).not.toBeNull();
  expect(parseHiveType("array<".repeat(20_000) + "int" + ">".repeat(20_000))).toBeNull();
});
