import { appendFileSync, readFileSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { aKeptState, put, putBack, rewrite, survive, tellAll, WAYS } from "../../../test/helpers/flipped-state.ts";
import { makeSmallState } from "../../../test/helpers/small-state.ts";
import { aStateFolder } from "../../../test/helpers/sqlite-harness.ts";

/** How many bytes are flipped; `npm run campaign:flips` flips every one, in each of two ways, and records what came of it. */
const FLIPS = process.env["FLIPS"] ?? "3000";
const TIMEOUT_MS = FLIPS === "all" ? 1_800_000 : 120_000;

test("a state with a flipped byte is found damaged, or tells exactly what it told before", { timeout: TIMEOUT_MS }, async () => {
  await using state = await aStateFolder({ on: "memory" });
  const told = JSON.stringify(await makeSmallState(state.folder));
  const found = { damaged: 0, harmless: 0 };
  const bytes = readFileSync(state.path);
  for (const [at, way] of flips(bytes)) {
    put(state.path, at, way(bytes[at] as number, at));
    const answer = await tellAll(state.folder);
    expect([`byte ${at}: damaged`, `byte ${at}: ${told}`]).toContain(`byte ${at}: ${answer}`);
    found[answer === "damaged" ? "damaged" : "harmless"]++;
    put(state.path, at, bytes[at] as number);
  }
  expect(found.damaged).toBeGreaterThan(found.harmless / 10);
});

test("a state that was cut is found damaged, and bytes behind its end change nothing", { timeout: TIMEOUT_MS }, async () => {
  await using state = await aStateFolder({ on: "memory" });
  const told = JSON.stringify(await makeSmallState(state.folder));
  const bytes = readFileSync(state.path);
  const step = FLIPS === "all" ? 1 : 97;
  for (let size = 0; size < bytes.length; size += step) {
    truncateSync(state.path, size);
    expect(`cut to ${size}: ${await tellAll(state.folder)}`).toBe(`cut to ${size}: damaged`);
    rewrite(state.path, bytes);
  }
  for (const tail of [1, 100, 4_096, 10_000]) {
    appendFileSync(state.path, Buffer.alloc(tail, 0xab));
    expect(["damaged", told]).toContain(await tellAll(state.folder));
    truncateSync(state.path, bytes.length);
  }
});

test.each(["at rest", "left by a killed run"] as const)(
  "of a state %s one file with a flipped byte or a cut costs nothing: a run finds all that was durable, falling back where it must",
  { timeout: TIMEOUT_MS },
  async (how) => {
    await using state = await aStateFolder({ on: "memory" });
    const { kept, whole } = await aKeptState(state.folder, how);
    expect([...kept.keys()].length).toBe(how === "at rest" ? 3 : 4);
    for (const [name, bytes] of kept) {
      const met = new Set<string>();
      for (const [at, way] of flips(bytes, 40)) {
        for (const damage of [
          () => put(join(state.folder, name), at, way(bytes[at] as number, at)),
          () => truncateSync(join(state.folder, name), at),
        ]) {
          putBack(state.folder, kept);
          damage();
          const survived = await survive(state.folder);
          expect({ name, at, ...survived }).toEqual({ name, at, how: expect.stringMatching(/harmless|recovered/) as unknown, told: whole });
          met.add(survived.how);
        }
      }
      // A state falls back; what it would fall back on is not needed while the state is whole.
      expect(met.has("recovered")).toBe(name.startsWith("state.db"));
    }
  },
);

test(
  "a copy or a journal with a flipped byte beside a damaged state is fallen back to whole, or not at all",
  { timeout: TIMEOUT_MS },
  async () => {
    await using state = await aStateFolder({ on: "memory" });
    const { kept, whole } = await aKeptState(state.folder, "at rest");
    const met = new Set<string>();
    for (const name of ["previous.db", "journal.ndjson"] as const) {
      const bytes = kept.get(name) as Buffer;
      for (const [at, way] of flips(bytes, 20)) {
        putBack(state.folder, new Map([...kept, ["state.db", Buffer.from("damaged")]]));
        put(join(state.folder, name), at, way(bytes[at] as number, at));
        const { how, told } = await survive(state.folder);
        expect({ name, at, told }).toEqual({ name, at, told: how === "rebuild" ? "" : whole });
        met.add(`${name} ${how}`);
      }
    }
    expect([...met].toSorted()).toEqual(["journal.ndjson rebuild", "previous.db rebuild", "previous.db recovered"]);
  },
);

/** Positions and ways: all of them, or as many as asked for, spread over the file and mostly where something is written. */
function* flips(bytes: Buffer, share = 1): Generator<[at: number, way: (byte: number, at: number) => number]> {
  const places = [...bytes.keys()].filter((at) => FLIPS === "all" || bytes[at] !== 0 || at % 64 === 0);
  const all = places.flatMap((at) => WAYS.map((way): [number, (typeof WAYS)[number]] => [at, way]));
  const wanted = (FLIPS === "all" ? all.length : Math.min(all.length, Number(FLIPS))) / share;
  for (let i = 0; i < wanted; i++) yield all[Math.floor((i * all.length) / wanted)] as [number, (typeof WAYS)[number]];
}
