import { expect, test } from "vitest";
import { MetTexts } from "./met-texts.ts";

test("texts that were met are kept up to so many characters, the latest", () => {
  const met = new MetTexts(1_000);
  for (let seq = 0; seq < 150; seq++) met.add(seq, "ten chars.");
  expect([49, 50, 149].map((seq) => met.get(seq))).toEqual([undefined, "ten chars.", "ten chars."]);
});

test("a text longer than all that may be kept is not kept, and what is met twice counts once", () => {
  const met = new MetTexts(10);
  met.add(1, "longer than ten");
  expect(met.get(1)).toBeUndefined();
  for (let time = 0; time < 3; time++) met.add(2, "eight...");
  expect(met.get(2)).toBe("eight...");
});
