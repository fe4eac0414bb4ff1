import { hash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from "vitest";
import { makeHeavy } from "../../../test/helpers/a-heavy-state.ts";
import { aStateFolder, type StateFolder, sqliteStore } from "../../../test/helpers/sqlite-harness.ts";
import { aHead } from "../../testing/checkpoint-builders.ts";
import { inTurns } from "./in-turns.ts";
import { renewFallback } from "./renew-fallback.ts";
import { StateDatabase } from "./state-database.ts";

let state: StateFolder;
beforeAll(async () => {
  state = await aStateFolder({ on: "memory" });
  await using lease = await sqliteStore(state.folder).acquire();
  await lease.begin(aHead());
  await makeHeavy(lease, 15_000);
});
afterAll(() => state[Symbol.asyncDispose]());

const bytesOf = (name: string): Buffer => readFileSync(join(state.folder, name));
const fallback = (): readonly string[] => ["previous.db", "journal.ndjson"].map((name) => hash("sha256", bytesOf(name)));
const workshops = (): readonly string[] => readdirSync(state.folder).filter((name) => name.startsWith("begin-"));

/** A signal that fires once the work has let the event loop turn so often; `turned` tells how often it did by then. */
function afterTurns(turns: number): { readonly signal: AbortSignal; readonly turned: () => number; readonly stop: () => void } {
  const [controller, ended] = [new AbortController(), new AbortController()];
  let turned = 0;
  void (async () => {
    while (!ended.signal.aborted) {
      await nextTurn();
      if (++turned === turns) controller.abort(new Error("enough"));
    }
  })();
  return { signal: controller.signal, turned: () => turned, stop: () => ended.abort() };
}

test("the event loop turns after every slice of the proof of a whole state", async () => {
  // On a clock that a slice's time passes on at every look, each step of the work is a slice, on however fast a machine.
  let now = 0;
  const clock = vi.spyOn(performance, "now").mockImplementation(() => (now += 1_000));
  onTestFinished(() => clock.mockRestore());
  const loop = afterTurns(Number.POSITIVE_INFINITY);
  const found = await sqliteStore(state.folder).verify();
  loop.stop();
  expect(found).toEqual({ checkpoints: 0, problems: [] });
  // The 15,000 rows of the state, a hundred at a time; its copy was made before they came.
  expect(loop.turned()).toBeGreaterThanOrEqual(150);
});

test("work in turns ends where its signal says so, and tells the reason", async () => {
  let steps = 0;
  const endless = (function* (): Generator<undefined, never> {
    for (;;) yield void steps++;
  })();
  await expect(inTurns(endless, AbortSignal.timeout(50))).rejects.toMatchObject({ name: "TimeoutError" });
  expect(steps).toBeGreaterThan(0);
});

// The copy is made within few turns, proving it takes the more the slower the machine is: both are met.
test.each([1, 2, 4, 8])(
  "a renewal that is interrupted after %d turns leaves the copy and the journal that were there, and nothing else",
  async (turns) => {
    const before = fallback();
    const database = new StateDatabase(state.path, "write");
    const loop = afterTurns(turns);
    await expect(renewFallback(database, state.folder, loop.signal)).rejects.toThrow("enough");
    loop.stop();
    database.close();
    expect(fallback()).toEqual(before);
    expect(workshops()).toEqual([]);
  },
);

test("a commit stands whose renewal was interrupted, and the next one makes up for it", async () => {
  const journal = bytesOf("journal.ndjson");
  await (async () => {
    await using lease = await sqliteStore(state.folder).acquire({ signal: AbortSignal.abort(new Error("interrupted")) });
    expect(await lease.commit({ head: aHead({ clean: true }), memory: new Map([["a", 1]]), report: null })).toMatchObject({
      generation: 1,
    });
  })();
  expect(bytesOf("journal.ndjson").subarray(0, journal.length).equals(journal)).toBe(true);
  await using lease = await sqliteStore(state.folder).acquire();
  expect([await lease.head(), await lease.memory("a")]).toMatchObject([{ generation: 1, clean: true, recovered: false }, 1]);
  await lease.commit({ head: aHead({ clean: true }), memory: new Map(), report: null });
  expect(bytesOf("journal.ndjson").length).toBeLessThan(1_000);
});
