import { expect, test } from "vitest";
import { jsonPointer, keysOf } from "./json-pointer.ts";

test.each([
  [[], ""],
  [["schema", "columns", "NETWR"], "/schema/columns/NETWR"],
  [["a/b", "c~d", "~1", ""], "/a~1b/c~0d/~01/"],
  [["items", "0"], "/items/0"],
])("the pointer of %j is %s, and leads back to it", (keys, pointer) => {
  expect(jsonPointer(...keys)).toBe(pointer);
  expect(keysOf(pointer)).toEqual(keys);
});

test("an index is a key", () => {
  expect(jsonPointer("items", 0)).toBe("/items/0");
});
