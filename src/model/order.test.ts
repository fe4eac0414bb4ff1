import fc from "fast-check";
import { expect, test } from "vitest";
import { compareCodePoints } from "./order.ts";
import { propertyRuns } from "../../test/helpers/property-runs.ts";

test("names order by code point, as UTF-8 bytes do, for every pair of well-formed strings", () => {
  const text = fc.string({ unit: "binary", maxLength: 6 });
  fc.assert(
    fc.property(text, text, (a, b) => {
      expect(Math.sign(compareCodePoints(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
    }),
    { numRuns: propertyRuns(2_000) },
  );
});

test("an astral character comes after the last of the basic plane, where UTF-16 order puts it before", () => {
  expect(compareCodePoints("\u{1F600}", "\uFFFD")).toBeGreaterThan(0);
  expect("\u{1F600}" < "\uFFFD").toBe(true);
});

test("a prefix comes before what it begins", () => {
  expect(compareCodePoints("A", "AB")).toBeLessThan(0);
  expect(compareCodePoints("AB", "AB")).toBe(0);
});

test("half of a surrogate pair counts as its own number, as Python counts it", () => {
  // In Python: sorted(["\ue000", "\ud800", "\U00010000", "\ud800\ue000", "\udc00", "\ud7ff", "\ud800\ud800", "\ud800\U00010000"])
  const ordered = ["\ud7ff", "\ud800", "\ud800\ud800", "\ud800\ue000", "\ud800\u{10000}", "\udc00", "\ue000", "\u{10000}"];
  for (const prefix of ["", "x", "xyz"]) {
    for (const [i, a] of ordered.entries()) {
      for (const [j, b] of ordered.entries())
        expect([prefix, a, b, Math.sign(compareCodePoints(prefix + a, prefix + b))]).toEqual([prefix, a, b, Math.sign(i - j)]);
    }
  }
});
