import fc from "fast-check";
import { expect, test } from "vitest";
import type { OpenFile } from "./disk.ts";
import { readSpans } from "./read-spans.ts";

function recordingFile(size: number): { readonly file: OpenFile; readonly reads: [number, number][] } {
  const reads: [number, number][] = [];
  const file: OpenFile = {
    size,
    read(at, length) {
      reads.push([at, length]);
      const bytes = Buffer.alloc(length);
      for (let i = 0; i < length; i++) bytes[i] = (at + i) % 251;
      return Promise.resolve(bytes);
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
  return { file, reads };
}

test("spans come in the order asked for, whatever their order in the file", async () => {
  const { file, reads } = recordingFile(100);
  expect(
    (
      await readSpans(file, [
        { at: 50, length: 2 },
        { at: 10, length: 3 },
        { at: 12, length: 1 },
      ])
    ).map((bytes) => [...bytes]),
  ).toEqual([[50, 51], [10, 11, 12], [12]]);
  expect(reads).toEqual([[10, 42]]);
});

test("spans far apart are read apart, near ones together", async () => {
  const { file, reads } = recordingFile(1_000_000);
  const near = 64 * 1024;
  await readSpans(file, [
    { at: 0, length: 10 },
    { at: 10 + near, length: 10 },
    { at: 21 + 2 * near, length: 10 },
  ]);
  expect(reads).toEqual([
    [0, 20 + near],
    [21 + 2 * near, 10],
  ]);
});

test("no read is larger than a stretch unless one span is", async () => {
  const { file, reads } = recordingFile(20_000_000);
  const stretch = 1024 * 1024;
  await readSpans(file, [
    { at: 0, length: stretch - 1 },
    { at: stretch - 1, length: 1 },
    { at: stretch, length: 1 },
    { at: stretch + 1, length: stretch + 5 },
  ]);
  expect(reads).toEqual([
    [0, stretch],
    [stretch, 1],
    [stretch + 1, stretch + 5],
  ]);
});

test("every span has its own bytes", async () => {
  const span = fc.record({ at: fc.nat(300_000), length: fc.integer({ min: 1, max: 100 }) });
  await fc.assert(
    fc.asyncProperty(fc.array(span, { maxLength: 10 }), async (spans) => {
      const bytes = await readSpans(recordingFile(400_000).file, spans);
      expect(bytes.map((found) => [found[0], found.length])).toEqual(spans.map(({ at, length }) => [at % 251, length]));
    }),
    { seed: 1, numRuns: 50 },
  );
});
