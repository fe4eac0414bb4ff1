import { expect, test } from "vitest";
import { keysInOrder, looksLikeIndex, objectInOrder } from "./key-order.ts";

test("keys that look like array indices keep the place they were given", () => {
  const object = objectInOrder([
    ["Country", 1],
    ["2019", 2],
    ["2018", 3],
  ]);
  expect(Object.keys(object)).toEqual(["2018", "2019", "Country"]);
  expect(keysInOrder(object)).toEqual(["Country", "2019", "2018"]);
});

test("any other object lists its keys as JavaScript does", () => {
  expect(keysInOrder({ b: 1, a: 2 })).toEqual(["b", "a"]);
  expect(
    keysInOrder(
      objectInOrder([
        ["b", 1],
        ["a", 2],
      ]),
    ),
  ).toEqual(["b", "a"]);
});

test("a key named __proto__ is a key", () => {
  const object = objectInOrder([
    ["__proto__", 1],
    ["0", 2],
  ]);
  expect(Object.hasOwn(object, "__proto__")).toBe(true);
  expect(Object.getPrototypeOf(object)).toBe(Object.prototype);
  expect(keysInOrder(object)).toEqual(["__proto__", "0"]);
});

test.each([
  ["0", true],
  ["4294967294", true],
  ["12345678901", false],
  ["a1", false],
  ["1a", false],
  ["", false],
])("looksLikeIndex(%j) is %s", (key, expected) => {
  expect(looksLikeIndex(key)).toBe(expected);
});
