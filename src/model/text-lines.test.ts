import { expect, test } from "vitest";
import { firstLine, lastLine } from "./text-lines.ts";

test.each([
  ["", "", ""],
  ["one", "one", "one"],
  ["one\ntwo", "one", "two"],
  ["ü\n\n\u{1F600}", "ü", "\u{1F600}"],
  ["one\n", "one", ""],
])("%j begins with %j and ends with %j", (text, first, last) => {
  expect([firstLine(text), lastLine(text)]).toEqual([first, last]);
});

test("the first and last ids of pages held 60 MB of a million assets: each kept the whole text that it was cut from", () => {
  const kept: string[] = [];
  const before = process.memoryUsage().heapUsed;
  for (let i = 0; i < 2_000; i++) {
    const text = `${String(i).padStart(20, "0")}\n${"x".repeat(100_000)}\n${String(i).padStart(20, "0")}`;
    kept.push(firstLine(text), lastLine(text));
  }
  expect(kept).toHaveLength(4_000);
  // Else they would hold 200 MB, whatever was collected.
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(100_000_000);
});
