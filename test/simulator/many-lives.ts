import { expect, test } from "vitest";
import { notice } from "../helpers/notice.ts";
import { live, type StoreName } from "./life.ts";

/** Claims that every promise holds in each of the lives of a range of seeds, and says what they went through. */
export function everyPromiseHoldsIn(from: number, lives: number, store: StoreName = "memory"): void {
  test(`every promise holds in ${lives} simulated lives from seed ${from}, with the ${store} store`, { timeout: 1_200_000 }, async () => {
    const broken: string[] = [];
    let crashes = 0;
    let steps = 0;
    for (let seed = from; seed < from + lives; seed++) {
      const life = await live(seed, { store });
      crashes += life.crashes;
      steps += life.steps;
      if (life.broken !== null) broken.push(`seed ${seed}: ${life.broken}`);
    }
    notice(`${lives} lives, ${crashes} crashes, ${steps} steps, each checked`);
    expect(broken).toEqual([]);
    // A simulation in which nothing happens would prove nothing.
    expect(crashes).toBeGreaterThan(lives / 4);
  });
}
