import { expect, test } from "vitest";
import { namePattern } from "./name-pattern.ts";

test.each([
  ["SALES.Orders", "SALES.Orders", true],
  ["SALES.Orders", "SALESxOrders", false],
  ["SALES.Orders", "sales.orders", false],
  ["SALES.*", "SALES.Orders", true],
  ["SALES.*", "SALES.", true],
  ["SALES.*", "xSALES.Orders", false],
  ["*_V", "Orders_V", true],
  ["*_V", "Orders_VX", false],
  ["A**B", "A.x.B", true],
  ["A?", "A\u{1F600}", true],
  ["A?", "A", false],
  ["A?", "A12", false],
  ["*", "a\nb", true],
  ["(a|b)*", "a", false],
])("%j matches %j: %s", (pattern, text, expected) => {
  expect(namePattern(pattern)(text)).toBe(expected);
});
