import { expect, onTestFinished, test } from "vitest";
import { giveBack } from "./give-back.ts";

test("what a buffer held is gone, and with it what its parts held", () => {
  for (const bytes of [100_000, 100]) {
    const whole = Buffer.allocUnsafeSlow(bytes).fill("x");
    const part = whole.subarray(10, 20);
    giveBack([part, whole]);
    expect([whole.length, part.length]).toEqual([0, 0]);
  }
});

test("a small buffer lies in a pool with others, and stays, also once somebody wants larger pools", () => {
  const size = Buffer.poolSize;
  onTestFinished(() => {
    Buffer.poolSize = size;
  });
  for (const wanted of [size, 16 * size]) {
    Buffer.poolSize = wanted;
    const [one, other] = [Buffer.from("one"), Buffer.from("other")];
    giveBack([one]);
    expect([one.toString(), other.toString()]).toEqual(["one", "other"]);
  }
});
