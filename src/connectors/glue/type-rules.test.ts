import { expect, test } from "vitest";
import { isWritableType, spellRules, typeRules } from "./type-rules.ts";

test.each([
  "string",
  "char(36)",
  "varchar(65535)",
  "decimal(38,0)",
  "array<struct<a:int,b_2:array<date>>>",
  "map<string,decimal(10,2)>",
  "uniontype<int,string>",
])("%s may be written", (type) => {
  expect(isWritableType(type)).toBe(true);
});

test.each([
  ["a type of nobody's", "text"],
  ["upper case", "STRING"],
  ["a blank", "decimal(10, 2)"],
  ["a length that is missing", "varchar"],
  ["a length beyond the bound", "char(256)"],
  ["a size too many", "int(4)"],
  ["more digits than there are", "decimal(39,2)"],
  ["more fraction than digits", "decimal(5,6)"],
  ["a fraction that is missing", "decimal(5)"],
  ["a nested key", "map<array<int>,int>"],
  ["a field of a strange name", "struct<a-b:int>"],
  ["something behind it", "int>"],
  ["nothing", ""],
  ["a type that crawlers invent", "timestamp with time zone"],
])("%s is refused: %s", (_why, type) => {
  expect(isWritableType(type)).toBe(false);
});

test("rules are spelled by what they say, not by their order", () => {
  const one = typeRules("varchar", { "cds.UUID": "char(36)", "cds.String": "string" });
  const other = typeRules("varchar", { "cds.String": "string", "cds.UUID": "char(36)" });
  expect(spellRules(one)).toBe(spellRules(other));
  expect(spellRules(one)).not.toBe(spellRules(typeRules("varchar", { "cds.UUID": "char(36)" })));
  expect(spellRules(typeRules("string", {}))).toBe("strings=string");
});
