import { expect, test } from "vitest";
import { notice } from "../helpers/notice.ts";
import { JSON_MUTANTS } from "./json-mutants.ts";
import { live } from "./life.ts";
import type { Mutant } from "./mutants.ts";
import { everyPromiseHoldsIn } from "./many-lives.ts";

/** Lives of the json store on its simulated disk; each takes some four hundred steps. */
const LIVES = Number(process.env["JSON_LIVES"] ?? 200);
const isTried = ({ isRare }: Mutant): boolean => isRare !== true || process.env["EVERY_MUTANT"] === "1";

everyPromiseHoldsIn(0, LIVES, "json");

test.each(JSON_MUTANTS.filter(isTried))(
  "the simulator finds within 5,000 lives of the json store: $name",
  { timeout: 600_000 },
  async (mutant) => {
    let lives = 0;
    let broken: string | null = null;
    while (broken === null && lives < 5_000) broken = (await live(lives++, { mutant, store: "json" })).broken;
    notice(`${mutant.name}: found in life ${lives}: ${broken?.split("\n")[0]}`);
    expect(broken).not.toBeNull();
  },
);

test("the same seed gives the same life of the json store", async () => {
  for (const seed of [1, 56]) {
    const lives = [await live(seed, { trace: true, store: "json" }), await live(seed, { trace: true, store: "json" })];
    expect(lives[0]).toEqual(lives[1]);
  }
});
