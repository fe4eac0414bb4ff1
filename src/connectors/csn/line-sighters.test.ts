import { rm, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { line } from "../../../test/helpers/csn-source.ts";
import { temporaryFolder } from "../../../test/helpers/temporary-folder.ts";
import type { Meter } from "../../ports/meter.ts";
import { createMeter } from "../../wrappers/meter.ts";
import { ThreadPool } from "../../threads/thread-pool.ts";
import { type Disk, openDisk } from "./disk.ts";
import { type Digested, LineSighters, type LineThreads, type Look, type Looked, sightHere, type Unread } from "./line-sighters.ts";
import type { Sighted } from "./lines-from-end.ts";

/** A folder with some megabytes of lines, of which a few are not what they seem at sight, and one is longer than a part. */
async function someLines(): Promise<{ readonly folder: string; readonly disk: Disk; readonly meter: Meter }> {
  const folder = await temporaryFolder();
  const meter = createMeter();
  const lines = Array.from({ length: 24_000 }, (_, i) => line(`T_${String(i).padStart(5, "0")}`).trimEnd());
  lines[7] = '{"name":"Foreign","definition":{"kind":"entity","@cds.persistence.exists":true}}';
  lines[8] = '{"name":"Esc","definition":{"kind":"entity","doc":"\\u0041"}}';
  lines[9] = "";
  lines[10] = `${lines[10]}\r`;
  lines[12_000] = `{"name":"Long","definition":{"kind":"entity","doc":"${"x".repeat(2_500_000)}"}}`;
  await writeFile(join(folder, "lines.ndjson"), lines.join("\n"));
  return { folder, disk: openDisk(folder, meter), meter };
}

function someThreads(threads: number): LineThreads & AsyncDisposable {
  const pool = new ThreadPool<Look, Looked | Digested | Unread>(new URL("../../config/export-thread.ts", import.meta.url), { threads });
  return { threads, look: (look) => pool.ask(look, []), [Symbol.asyncDispose]: () => pool[Symbol.asyncDispose]() };
}

/** By lines, whatever stretches they came in. */
const told = (all: readonly Sighted[]): readonly unknown[] =>
  all.flatMap(({ at, lines: { names, tokens, ats, lengths } }) =>
    names.map((name, i) => [name, tokens[i], at + (ats[i] as number), lengths[i]]),
  );

test.each([1, 2, 3])("%i threads see in the lines of a file what is seen here, in the same order", async (count) => {
  const { disk } = await someLines();
  await using threads = someThreads(count);
  const sighters = new LineSighters(threads);
  await using file = await disk.open("lines.ndjson");
  const here = told(await Array.fromAsync(sightHere(file)));
  expect(told(await Array.fromAsync(sighters.sight(file)))).toEqual(here);
  expect(here).toHaveLength(24_000);
  expect(here.filter((one) => (one as [string])[0] === "")).toHaveLength(3);
  expect((here[11_999] as [string])[0]).toBe("Long");
});

test.each([1, 2])("%i threads tell the digests of a file that a look at its lines tells, here or there", async (count) => {
  const { disk } = await someLines();
  await using threads = someThreads(count);
  const sighters = new LineSighters(threads);
  await using file = await disk.open("lines.ndjson");
  const digests = await Array.fromAsync(sighters.digests(file));
  const [there, here]: [string[], string[]] = [[], []];
  await Array.fromAsync(sighters.sight(file, (digest) => there.push(digest)));
  await Array.fromAsync(sightHere(file, (digest) => here.push(digest)));
  expect([there, here]).toEqual([digests, digests]);
  expect(new Set(digests).size).toBeGreaterThan(3);
});

test("what a thread reads counts as read", async () => {
  const { disk, meter } = await someLines();
  await using threads = someThreads(2);
  const sighters = new LineSighters(threads);
  let size = 0;
  {
    await using file = await disk.open("lines.ndjson");
    size = file.size;
    await Array.fromAsync(sighters.sight(file));
  }
  expect(meter.reading().bytes.received).toBe(size);
});

test("a file that became shorter ends its listing with a problem, and the threads go on with the next", async () => {
  const { folder, disk } = await someLines();
  const path = join(folder, "cut.ndjson");
  await writeFile(path, "x".repeat(3_000_000));
  await using threads = someThreads(2);
  const sighters = new LineSighters(threads);
  {
    await using file = await disk.open("cut.ndjson");
    await truncate(path, 1_500_000);
    await expect(Array.fromAsync(sighters.sight(file))).rejects.toThrow("it became shorter while it was read");
  }
  await rm(path);
  await using file = await disk.open("lines.ndjson");
  expect(told(await Array.fromAsync(sighters.sight(file)))).toHaveLength(24_000);
});

test("who stops early leaves no thread reading a file that is closed", async () => {
  const { disk } = await someLines();
  await using threads = someThreads(2);
  const sighters = new LineSighters(threads);
  const file = await disk.open("lines.ndjson");
  for await (const _ of sighters.sight(file)) break;
  await file[Symbol.asyncDispose]();
  await using again = await disk.open("lines.ndjson");
  expect(told(await Array.fromAsync(sighters.sight(again)))).toHaveLength(24_000);
});
