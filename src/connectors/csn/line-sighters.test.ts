import { expect, test } from "vitest";
import { line } from "../../../test/helpers/csn-source.ts";
import { type Sighted, LineSighters, sightHere } from "./line-sighters.ts";
import type { Stretch } from "./lines-from-end.ts";

/** Stretches of thousands of lines, each in a buffer of its own, of which some are not what they seem at sight. */
async function* stretches(): AsyncIterable<Stretch> {
  for (let number = 5; number >= 0; number--) {
    const lines = Array.from({ length: 4_000 }, (_, i) => line(`T_${number}_${String(i).padStart(5, "0")}`).trimEnd());
    lines[7] = '{"name":"Foreign","definition":{"kind":"entity","@cds.persistence.exists":true}}';
    lines[8] = '{"name":"Esc","definition":{"kind":"entity","doc":"\\u0041"}}';
    lines[9] = "";
    lines[10] = `${lines[10]}\r`;
    const text = Buffer.from(lines.join("\n"));
    const bytes = Buffer.from(text.buffer.slice(text.byteOffset, text.byteOffset + text.length));
    yield { at: number * 10_000_000, bytes };
  }
}

const told = ({ stretch, lines }: Sighted) => ({
  at: stretch.at,
  text: stretch.bytes.toString(),
  names: lines.names,
  tokens: lines.tokens,
  places: Array.from(lines.ats, (at, i) => [at, lines.lengths[i]]),
});

test.each([1, 2, 3])("%i threads see in the lines what is seen here, in the same order, and give the bytes back", async (threads) => {
  await using sighters = new LineSighters(threads);
  const here = (await Array.fromAsync(sightHere(stretches()))).map(told);
  expect((await Array.fromAsync(sighters.sight(stretches()))).map(told)).toEqual(here);
  expect(here[0]?.names.filter((name) => name === "")).toHaveLength(3);
  expect(here[0]?.places.at(-11)?.[1]).toBe(line("T_5_00010").trimEnd().length);
});

test("a failure while stretches are read ends the listing with it, and the threads with the sighters", async () => {
  const failing = async function* (): AsyncIterable<Stretch> {
    yield* stretches();
    throw new Error("the disk is gone");
  };
  await using sighters = new LineSighters(2);
  await expect(Array.fromAsync(sighters.sight(failing()))).rejects.toThrow("the disk is gone");
});

test("a piece of a larger buffer is not given away", async () => {
  const shared = Buffer.concat([Buffer.from(`${line("A").trimEnd()}\n`.repeat(10_000)), Buffer.alloc(2_000_000)]);
  const bytes = shared.subarray(0, `${line("A").trimEnd()}\n`.length * 10_000 - 1);
  await using sighters = new LineSighters(2);
  const [sighted] = await Array.fromAsync(
    sighters.sight(
      (async function* () {
        yield { at: 0, bytes };
      })(),
    ),
  );
  expect(sighted?.lines.names).toHaveLength(10_000);
  expect(bytes.length).toBeGreaterThan(0);
});
