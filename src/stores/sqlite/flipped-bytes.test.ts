import { appendFileSync, readFileSync, truncateSync } from "node:fs";
import { expect, test } from "vitest";
import { orDamaged, put, rewrite, tellAll, WAYS } from "../../../test/helpers/flipped-state.ts";
import { makeSmallState, MEMORY_KEYS } from "../../../test/helpers/small-state.ts";
import { aStateFolder, sqliteStore } from "../../../test/helpers/sqlite-harness.ts";
import { aCheckpoint, aHead, anOutcome } from "../../testing/checkpoint-builders.ts";
import { wholeState } from "../../testing/whole-state.ts";

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

test("a run on a state with a flipped byte stops, or ends with what it would have ended with", { timeout: TIMEOUT_MS }, async () => {
  await using state = await aStateFolder({ on: "memory" });
  await makeSmallState(state.folder);
  const bytes = readFileSync(state.path);
  const expected = await changeAndTell(state.folder);
  let damaged = 0;
  for (const [at, way] of flips(bytes, FLIPS === "all" ? 20 : 10)) {
    rewrite(state.path, bytes);
    put(state.path, at, way(bytes[at] as number, at));
    const answer = await changeAndTell(state.folder);
    expect([`byte ${at}: damaged`, `byte ${at}: ${expected}`]).toContain(`byte ${at}: ${answer}`);
    if (answer === "damaged") damaged++;
  }
  expect(damaged).toBeGreaterThan(0);
});

/** Positions and ways: all of them, or as many as asked for, spread over the file and mostly where something is written. */
function* flips(bytes: Buffer, share = 1): Generator<[at: number, way: (byte: number, at: number) => number]> {
  const places = [...bytes.keys()].filter((at) => FLIPS === "all" || bytes[at] !== 0 || at % 64 === 0);
  const all = places.flatMap((at) => WAYS.map((way): [number, (typeof WAYS)[number]] => [at, way]));
  const wanted = (FLIPS === "all" ? all.length : Math.min(all.length, Number(FLIPS))) / share;
  for (let i = 0; i < wanted; i++) yield all[Math.floor((i * all.length) / wanted)] as [number, (typeof WAYS)[number]];
}

async function changeAndTell(folder: string): Promise<string> {
  return orDamaged(async () => {
    await using lease = await sqliteStore(folder).acquire();
    await lease.begin(aHead());
    const [open] = await lease.intents();
    await lease.record([
      anOutcome(open?.seq ?? 0, aCheckpoint("SALES.Items", { version: 5 })),
      anOutcome(null, aCheckpoint("SALES.Added")),
    ]);
    await lease.commit({ head: aHead({ clean: true }), memory: new Map([["a", null]]), report: null });
    return JSON.stringify(await wholeState(lease, MEMORY_KEYS));
  });
}
