import { expect, test } from "vitest";
import type { Json } from "../model/json.ts";
import { readName, spellName } from "./spelled-name.ts";

test.each<[Json, string]>([
  ["cds.String", "cds.String"],
  ["3VF_SALARY", "3VF_SALARY"],
  ["2019", '"2019"'],
  ["-1.5e+7", '"-1.5e+7"'],
  ["Ünicode name", "Ünicode name"],
  ["", '""'],
  ["array", '"array"'],
  ["struct", '"struct"'],
  ["untyped", '"untyped"'],
  ["true", '"true"'],
  ["false", '"false"'],
  ["null", '"null"'],
  ["arrays", "arrays"],
  ["-x", "-x"],
  ["x1", "x1"],
  ['x"y{z[', 'x"y{z['],
  ["[x", '"[x"'],
  ["{x", '"{x"'],
  ['"x', '"\\"x"'],
  [null, "null"],
  [true, "true"],
  [-1, "-1"],
  [{ ref: ["A", "b"], id: 1 }, '{"id":1,"ref":["A","b"]}'],
  [["a"], '["a"]'],
])("%j is spelled %s, and read back", (value, text) => {
  expect(spellName(value)).toBe(text);
  expect(readName(text)).toEqual(value);
});
