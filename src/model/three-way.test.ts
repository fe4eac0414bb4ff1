import { expect, test } from "vitest";
import { mergeValue } from "./three-way.ts";

test.each<[what: string, base: string | undefined, ours: string | undefined, theirs: string | undefined, merged: string | undefined]>([
  ["nobody changed it", "b", "b", "b", "b"],
  ["only we changed it", "b", "o", "b", "o"],
  ["only they changed it", "b", "b", "t", "t"],
  ["both changed it alike", "b", "x", "x", "x"],
  ["they deleted it", "b", "b", undefined, undefined],
  ["we deleted it", "b", undefined, "b", undefined],
  ["we added it", undefined, "o", undefined, "o"],
])("%s", (_what, base, ours, theirs, value) => {
  expect(mergeValue(base, ours, theirs)).toEqual({ conflict: false, value });
});

test.each<[what: string, base: string | undefined, ours: string | undefined, theirs: string | undefined]>([
  ["both changed it", "b", "o", "t"],
  ["we deleted what they changed", "b", undefined, "t"],
  ["both added it", undefined, "o", "t"],
])("%s: a conflict", (_what, base, ours, theirs) => {
  expect(mergeValue(base, ours, theirs)).toEqual({ conflict: true });
});
