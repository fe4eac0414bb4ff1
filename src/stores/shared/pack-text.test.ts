import { describe, expect, test } from "vitest";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { dictionaryContent, DICTIONARY_BYTES, dictionaryOf, NEXT_VERSION, pack, unpack } from "./pack-text.ts";

const text = JSON.stringify({
  name: "Orders",
  columns: Array.from({ length: 40 }, (_, i) => ({ name: `column_${i}`, type: "cds.String" })),
});
const edited = text.replace("column_7", "Spalte_sieben \u{1F600}");
const dictionary = { id: 7, content: Buffer.from(text) };

describe("a packed text", () => {
  test.each([
    ["without a dictionary", null, 0],
    ["with one", dictionary, 7],
    ["with the next version", { ...dictionary, id: NEXT_VERSION }, NEXT_VERSION],
  ])("%s comes back and names it", (_, given, id) => {
    const packed = pack(edited, given);
    expect(dictionaryOf(packed)).toBe(id);
    expect(unpack(packed, given?.content ?? null)).toBe(edited);
  });

  test("with a dictionary that says nearly the same is a small part of what it is with gzip", () => {
    expect(pack(edited, dictionary).length * 2).toBeLessThan(gzipSync(edited).length);
  });

  test("cut anywhere, or without its dictionary, is not taken for another text", () => {
    const packed = pack(edited, dictionary);
    for (let at = 0; at < packed.length; at++) expect(unpack(packed.subarray(0, at), dictionary.content)).toBeNull();
    expect(unpack(packed, null)).toBeNull();
  });

  test("with its sum is no text with any dictionary but its own, which without it another text may come of", () => {
    const other = Buffer.from(text.replace("column_3", "column_x"));
    expect(unpack(pack(edited, dictionary), other)).not.toBe(edited);
    expect(unpack(pack(edited, dictionary), other)).not.toBeNull();
    const summed = pack(edited, dictionary, { summed: true });
    expect(unpack(summed, other)).toBeNull();
    expect(unpack(summed, dictionary.content)).toBe(edited);
  });

  test("that would inflate without bounds is refused", () => {
    const bomb = Buffer.concat([Buffer.alloc(4), zstdCompressSync(Buffer.alloc((1 << 26) + 1))]);
    expect(bomb.length).toBeLessThan(10_000);
    expect(unpack(bomb, null)).toBeNull();
  });
});

test("a dictionary is made of texts that differ, and is bounded", () => {
  const others = Array.from({ length: 400 }, (_, i) => JSON.stringify({ [`only here ${i}`]: `${Math.imul(i, 2_654_435_761)}`.repeat(20) }));
  const content = dictionaryContent([text, edited, text, ...others]).toString();
  expect(content.startsWith(text)).toBe(true);
  expect(content.split("columns")).toHaveLength(2);
  expect(content.length).toBeGreaterThan(DICTIONARY_BYTES / 2);
  expect(content.length).toBeLessThanOrEqual(DICTIONARY_BYTES);
  expect(dictionaryContent([]).length).toBe(0);
});
