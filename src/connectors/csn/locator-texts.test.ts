import fc from "fast-check";
import { expect, test } from "vitest";
import { locatorTexts } from "./locator-texts.ts";
import { toLocator } from "./place.ts";

const uint32 = fc.oneof(fc.nat({ max: 2 ** 32 - 1 }), fc.constantFrom(0, 9, 10, 99, 100, 2 ** 32 - 1));
const beginning = fc
  .oneof(fc.maxSafeNat(), fc.constantFrom(0, 2 ** 32, 10 ** 15))
  .map((start) => Math.min(start, Number.MAX_SAFE_INTEGER - 2 ** 32));

test("the locators of many places, as text, are those of each place", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "binary" }),
      beginning,
      fc.array(fc.record({ at: uint32, length: uint32 }), { minLength: 1 }),
      (file, start, places) => {
        const columns = { ats: Uint32Array.from(places, ({ at }) => at), lengths: Uint32Array.from(places, ({ length }) => length) };
        const one = places.map(({ at, length }) => JSON.stringify(toLocator({ file, at: start + at, length })));
        expect(locatorTexts(file, start, columns)).toBe(one.join("\n"));
      },
    ),
  );
});
