import fc from "fast-check";
import { expect, test } from "vitest";
import type { OpenFile } from "./disk.ts";
import { sightHere } from "./line-sighters.ts";
import { cutPart, MAX_LINE } from "./lines-from-end.ts";

function fileOf(bytes: Buffer): OpenFile {
  return {
    size: bytes.length,
    read: (at, length) => Promise.resolve(Buffer.from(bytes.subarray(at, at + length))),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

async function linesOf(text: string, chunk?: number) {
  const bytes = Buffer.from(text);
  const sighted = await Array.fromAsync(sightHere(fileOf(bytes), undefined, chunk));
  return sighted.flatMap(({ at: start, lines: { ats, lengths } }) =>
    Array.from(ats, (at, i) => [start + at, bytes.toString("utf8", start + at, start + at + (lengths[i] as number))]),
  );
}

test("lines come from the last to the first, each with its place", async () => {
  expect(await linesOf("one\n\nthree\n")).toEqual([
    [11, ""],
    [5, "three"],
    [4, ""],
    [0, "one"],
  ]);
});

test("an empty file has no lines, one without an end of line has one", async () => {
  expect(await linesOf("")).toEqual([]);
  expect(await linesOf("one")).toEqual([[0, "one"]]);
});

test("lines are the same however the file is cut into chunks", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom("", "a", "bc", "ü\r", "defgh"), { maxLength: 8 }),
      fc.integer({ min: 1, max: 9 }),
      async (lines, chunk) => {
        const text = lines.join("\n");
        const found = await linesOf(text, chunk);
        expect(found.map(([, line]) => line)).toEqual(text === "" ? [] : lines.toReversed().map((line) => line.replace("\r", "")));
        for (const [at, line] of found)
          expect(Buffer.from(text).toString("utf8", at as number)).toMatch(new RegExp(`^${line}(\r?\n|\r?$)`));
      },
    ),
    { seed: 1, numRuns: 500 },
  );
});

test("a line beyond the limit ends the reading before it fills the memory", async () => {
  let read = 0;
  const endless: OpenFile = {
    size: 10 * MAX_LINE,
    read: (_at, length) => {
      read += length;
      return Promise.resolve(Buffer.alloc(length));
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
  await expect(Array.fromAsync(sightHere(endless))).rejects.toThrow("it has a line longer than 64 MiB");
  expect(read).toBeLessThan(MAX_LINE + 2 * 1024 * 1024);
});

test("a line at the limit is a line", async () => {
  const text = `${"x".repeat(20)}\n${"y".repeat(20)}`;
  expect(await linesOf(text, 7)).toEqual([
    [21, "y".repeat(20)],
    [0, "x".repeat(20)],
  ]);
});

test("bytes of each part that was handed over stayed with its thread until a collection that hardly came: they own their memory and are moved", () => {
  const { head, tail } = cutPart(7, Buffer.from("end of one\nwhole\nbegin"));
  expect([head, tail?.bytes].map((bytes) => [bytes?.byteOffset, bytes?.buffer.byteLength])).toEqual([
    [0, 10],
    [0, 5],
  ]);
  expect(cutPart(0, Buffer.from("no end")).head.buffer.byteLength).toBe(6);
});
