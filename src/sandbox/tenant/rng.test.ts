import { expect, test } from "vitest";
import { Rng } from "./rng.ts";

const draws = (...keys: readonly number[]): readonly number[] => {
  const rng = new Rng(...keys);
  return Array.from({ length: 5 }, () => rng.next());
};

test("the same keys give the same draws", () => {
  expect(draws(7, 1)).toEqual(draws(7, 1));
});

test("keys that differ in their last bit, in their order or beyond 32 bits give other draws", () => {
  const all = [draws(7, 1), draws(7, 0), draws(1, 7), draws(7), draws(7, 1, 0), draws(7 + 2 ** 32, 1)];
  expect(new Set(all.map(String)).size).toBe(all.length);
});

test("draws spread evenly over the unit interval", () => {
  const rng = new Rng(3);
  const tenths = Array.from({ length: 10 }, () => 0);
  for (let n = 0; n < 10_000; n++) {
    const tenth = Math.floor(rng.next() * 10);
    tenths[tenth] = (tenths[tenth] ?? 0) + 1;
  }
  expect(Math.min(...tenths)).toBeGreaterThan(900);
  expect(Math.max(...tenths)).toBeLessThan(1100);
});

test("an integer between two bounds takes every value of them and none beside", () => {
  const rng = new Rng(4);
  expect([...new Set(Array.from({ length: 200 }, () => rng.between(2, 5)))].toSorted()).toEqual([2, 3, 4, 5]);
});

test("a key of no weight is never drawn, and the heavier of two is drawn more often", () => {
  const rng = new Rng(5);
  const drawn = Array.from({ length: 1000 }, () => rng.likely({ never: 0, seldom: 1, often: 9 }));
  expect(drawn).not.toContain("never");
  expect(drawn.filter((item) => item === "often").length).toBeGreaterThan(850);
});

test("a shuffle keeps every item and leaves its argument as it is", () => {
  const items = [1, 2, 3, 4, 5, 6, 7, 8];
  const shuffled = new Rng(6).shuffle(items);
  expect(shuffled.toSorted()).toEqual(items);
  expect(shuffled).not.toEqual(items);
  expect(items).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
});

test("to pick from nothing is an error, not undefined", () => {
  expect(() => new Rng(1).pick([])).toThrow("nothing to pick from");
});
