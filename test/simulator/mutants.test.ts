import { expect, test } from "vitest";
import { notice } from "../helpers/notice.ts";
import { live } from "./life.ts";
import { MUTANTS } from "./mutants.ts";

test("at least twenty protocol bugs are seeded", () => {
  expect(MUTANTS.length).toBeGreaterThanOrEqual(20);
});

test.each(MUTANTS)("the simulator finds within 5,000 lives: $name", { timeout: 600_000 }, async (mutant) => {
  let lives = 0;
  let broken: string | null = null;
  while (broken === null && lives < 5_000) broken = (await live(lives++, { mutant })).broken;
  notice(`${mutant.name}: found in life ${lives}: ${broken?.split("\n")[0]}`);
  expect(broken).not.toBeNull();
});

test("the same seed gives the same life", async () => {
  for (const seed of [1, 56, 995]) expect((await live(seed, { trace: true })).trace).toEqual((await live(seed, { trace: true })).trace);
});
