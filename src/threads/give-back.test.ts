import { expect, test } from "vitest";
import { giveBack } from "./give-back.ts";

test("what a buffer held is gone, and with it what its parts held", () => {
  const whole = Buffer.allocUnsafeSlow(100_000).fill("x");
  const part = whole.subarray(10, 20);
  giveBack([part, whole]);
  expect([whole.length, part.length]).toEqual([0, 0]);
});

test("a small buffer lies in a pool with others, and stays", () => {
  const [one, other] = [Buffer.from("one"), Buffer.from("other")];
  giveBack([one]);
  expect([one.toString(), other.toString()]).toEqual(["one", "other"]);
});
