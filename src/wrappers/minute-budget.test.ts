import { describe, expect, test } from "vitest";
import { ForwardClock } from "../../test/helpers/forward-clock.ts";
import type { Clock } from "../ports/clock.ts";
import { createMinuteBudget } from "./minute-budget.ts";

const signal = new AbortController().signal;

/** A clock that stands still but for pauses. */
function stillClock(): Clock & { readonly time: () => number; pass(ms: number): void } {
  let now = 0;
  return {
    now: () => now,
    monotonic: () => now,
    sleep: async (ms) => void (now += ms),
    time: () => now,
    pass: (ms) => void (now += ms),
  };
}

describe("a budget of requests a minute", () => {
  test("is spent at once by whoever needs less", async () => {
    const clock = stillClock();
    const budget = createMinuteBudget({ clock, perMinute: 300 });
    for (let n = 0; n < 300; n++) (await budget.turn({ signal })).accepted();
    expect(clock.time()).toBe(0);
    (await budget.turn({ signal })).accepted();
    expect(clock.time()).toBe(60_000);
  });

  test("tells what is left of it: less each request that is under way or was answered within the minute, nothing while it is held", async () => {
    const clock = stillClock();
    const budget = createMinuteBudget({ clock, perMinute: 3 });
    expect(budget.left()).toBe(3);
    const [first, second] = [await budget.turn({ signal }), await budget.turn({ signal })];
    expect(budget.left()).toBe(1);
    first.accepted();
    expect(budget.left()).toBe(1);
    clock.pass(60_000);
    expect(budget.left()).toBe(2);
    second.throttled(5_000);
    expect(budget.left()).toBe(0);
    clock.pass(5_000);
    expect(budget.left()).toBe(3);
  });

  test("counts a minute from the answer, which is never sooner than the endpoint counts it", async () => {
    const clock = stillClock();
    const budget = createMinuteBudget({ clock, perMinute: 1 });
    const turn = await budget.turn({ signal });
    clock.pass(2_000);
    turn.accepted();
    (await budget.turn({ signal })).accepted();
    expect(clock.time()).toBe(62_000);
  });

  test("lets nobody in while as many are under way, whoever asks", async () => {
    const budget = createMinuteBudget({ clock: stillClock(), perMinute: 2 });
    const [first] = [await budget.turn({ signal }), await budget.turn({ signal })];
    let isIn = false;
    const third = budget.turn({ signal }).then((turn) => ((isIn = true), turn));
    await new Promise(setImmediate);
    expect(isIn).toBe(false);
    first?.accepted();
    await third;
    expect(isIn).toBe(true);
  });

  test("never sends more than a fixed window of the endpoint allows, wherever that begins", async () => {
    const clock = stillClock();
    const budget = createMinuteBudget({ clock, perMinute: 10 });
    const sent: number[] = [];
    for (let n = 0; n < 55; n++) {
      const turn = await budget.turn({ signal });
      sent.push(clock.time());
      clock.pass((n * 7919) % 4_000);
      turn.accepted();
    }
    for (const from of sent) expect(sent.filter((at) => at >= from && at < from + 60_000).length).toBeLessThanOrEqual(10);
  });

  test("waits as long as the endpoint says, all callers together", async () => {
    const clock = stillClock();
    const budget = createMinuteBudget({ clock, perMinute: 300 });
    (await budget.turn({ signal })).throttled(45_000);
    (await budget.turn({ signal })).accepted();
    expect(clock.time()).toBe(45_000);
  });

  test("waits twice as long each time where the endpoint does not say", async () => {
    const clock = stillClock();
    const budget = createMinuteBudget({ clock, perMinute: 300 });
    const waits: number[] = [];
    for (let n = 0; n < 8; n++) {
      const before = clock.time();
      (await budget.turn({ signal })).throttled();
      waits.push(clock.time() - before);
    }
    expect(waits.slice(1)).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000]);
  });

  test("learns that others spend of it, and grows back", async () => {
    const clock = stillClock();
    const budget = createMinuteBudget({ clock, perMinute: 300 });
    // The endpoint lets 100 a minute through, whatever it is said to allow.
    let window = { from: 0, count: 0 };
    let complaints = 0;
    for (let n = 0; n < 1_000; n++) {
      const turn = await budget.turn({ signal });
      if (clock.time() - window.from >= 60_000) window = { from: clock.time(), count: 0 };
      if (window.count < 100) {
        window.count++;
        turn.accepted();
      } else {
        complaints++;
        turn.throttled(60_000 - (clock.time() - window.from));
      }
    }
    expect(complaints).toBeLessThan(12);
    expect(clock.time()).toBeLessThan(14 * 60_000);
  });

  test("goes on for the others when one stops waiting", async () => {
    const clock = new ForwardClock();
    const budget = createMinuteBudget({ clock, perMinute: 1 });
    (await budget.turn({ signal })).accepted();
    const stopping = new AbortController();
    const stopped = budget.turn({ signal: stopping.signal });
    const other = budget.turn({ signal });
    stopping.abort(new Error("stopped"));
    await expect(stopped).rejects.toThrow("stopped");
    (await other).accepted();
  });
});
