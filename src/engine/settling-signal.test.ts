import { expect, test } from "vitest";
import type { Clock } from "../ports/clock.ts";
import { settlingSignal } from "./settling-signal.ts";

/** A clock whose pauses end when the test says so, and whose waits are counted. */
function aClock(): Clock & { readonly waits: number[]; elapse(): Promise<void> } {
  const waits: number[] = [];
  const endings: (() => void)[] = [];
  return {
    waits,
    now: () => 0,
    monotonic: () => 0,
    sleep: (ms, signal) => {
      waits.push(ms);
      return new Promise((resolve, reject) => {
        endings.push(resolve);
        signal.addEventListener("abort", () => reject(new Error("stopped")));
      });
    },
    async elapse() {
      for (const end of endings.splice(0)) end();
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

test("requests in flight are given less than ten seconds after an interruption, then end with its reason", async () => {
  const [clock, interruption, reason] = [aClock(), new AbortController(), new Error("SIGTERM")];
  using settling = settlingSignal(interruption.signal, clock);

  expect(clock.waits).toEqual([]);
  interruption.abort(reason);
  expect(settling.signal.aborted).toBe(false);
  expect(clock.waits.every((ms) => ms > 0 && ms < 10_000)).toBe(true);

  await clock.elapse();
  expect([settling.signal.aborted, settling.signal.reason]).toEqual([true, reason]);
});

test("a run that was interrupted before it applies anything settles too", async () => {
  const clock = aClock();
  using settling = settlingSignal(AbortSignal.abort(), clock);

  await clock.elapse();
  expect(settling.signal.aborted).toBe(true);
});

test("a run that ended waits no longer, and what it left behind is not aborted", async () => {
  const [clock, interruption] = [aClock(), new AbortController()];
  const settling = settlingSignal(interruption.signal, clock);
  interruption.abort();
  settling[Symbol.dispose]();

  await new Promise((resolve) => setImmediate(resolve));
  expect([clock.waits.length, settling.signal.aborted]).toEqual([1, false]);

  const over = settlingSignal(new AbortController().signal, clock);
  over[Symbol.dispose]();
  expect(clock.waits).toHaveLength(1);
});
