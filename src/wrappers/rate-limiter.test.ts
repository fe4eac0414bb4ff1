import { expect, test } from "vitest";
import type { Clock } from "../ports/clock.ts";
import { createRateLimiter } from "./rate-limiter.ts";

const { signal } = new AbortController();

/** A clock whose sleepers wake in order when nothing else is left to do. */
function simulatedClock(): Clock & { run<T>(work: Promise<T>): Promise<T> } {
  let now = 1_000;
  const sleepers: { at: number; wake: () => void }[] = [];
  return {
    now: () => now,
    monotonic: () => now,
    sleep: (ms, abort) =>
      new Promise((resolve, reject) => {
        sleepers.push({ at: now + ms, wake: () => (abort.aborted ? reject(abort.reason as Error) : resolve()) });
      }),
    async run(work) {
      let done = false;
      const settled = work.finally(() => (done = true));
      settled.catch(() => undefined);
      for (;;) {
        await new Promise((resolve) => setImmediate(resolve));
        if (done) return settled;
        sleepers.sort((a, b) => a.at - b.at);
        const next = sleepers.shift();
        if (next === undefined) continue;
        now = Math.max(now, next.at);
        next.wake();
      }
    },
  };
}

/** An endpoint that allows `perSecond` on average and that many at once, and takes 20 ms an answer. */
function endpoint(clock: Clock, perSecond: number) {
  let tokens = perSecond;
  let last = clock.monotonic();
  const seen = { requests: 0, throttled: 0 };
  return {
    seen,
    async ask(): Promise<boolean> {
      seen.requests++;
      const now = clock.monotonic();
      tokens = Math.min(perSecond, tokens + ((now - last) / 1_000) * perSecond);
      last = now;
      const allowed = tokens >= 1;
      if (allowed) tokens--;
      else seen.throttled++;
      await clock.sleep(20, signal);
      return allowed;
    },
  };
}

test("three hundred requests by sixteen workers against twenty a second need at most a tenth more", async () => {
  const clock = simulatedClock();
  const limiter = createRateLimiter({ clock });
  const { ask, seen } = endpoint(clock, 20);
  let left = 300;
  const worker = async () => {
    while (left-- > 0) {
      for (;;) {
        const turn = await limiter.turn({ signal });
        if (await ask()) {
          turn.accepted();
          break;
        }
        turn.throttled();
      }
    }
  };
  const started = clock.monotonic();
  await clock.run(Promise.all(Array.from({ length: 16 }, worker)));
  expect(seen.requests).toBeLessThanOrEqual(330);
  expect((clock.monotonic() - started) / 1_000).toBeLessThan(18);
});

test("nothing is held back before the endpoint complains", async () => {
  const clock = simulatedClock();
  const limiter = createRateLimiter({ clock });
  const before = clock.monotonic();
  for (let i = 0; i < 1_000; i++) (await limiter.turn({ signal })).accepted();
  expect(clock.monotonic()).toBe(before);
});

test("a known budget is kept from the first request", async () => {
  const clock = simulatedClock();
  const limiter = createRateLimiter({ clock, maxPerSecond: 10 });
  const before = clock.monotonic();
  await clock.run(Promise.all(Array.from({ length: 31 }, () => limiter.turn({ signal }))));
  expect(clock.monotonic() - before).toBeGreaterThanOrEqual(2_900);
  expect(clock.monotonic() - before).toBeLessThanOrEqual(3_000);
});

test("a limit that was lifted is found out within seconds", async () => {
  const clock = simulatedClock();
  const limiter = createRateLimiter({ clock });
  for (let i = 0; i < 20; i++) (await limiter.turn({ signal })).accepted();
  (await limiter.turn({ signal })).throttled();
  const before = clock.monotonic();
  const sequence = async () => {
    for (let i = 0; i < 2_000; i++) (await limiter.turn({ signal })).accepted();
  };
  await clock.run(sequence());
  expect((clock.monotonic() - before) / 1_000).toBeLessThan(15);
});

test("the throttled answers of one burst slow down once", async () => {
  const clock = simulatedClock();
  const limiter = createRateLimiter({ clock });
  const turns = await Promise.all(Array.from({ length: 40 }, () => limiter.turn({ signal })));
  turns.slice(0, 20).forEach((turn) => turn.accepted());
  turns.slice(20).forEach((turn) => turn.throttled());
  const before = clock.monotonic();
  await clock.run(limiter.turn({ signal }));
  expect(clock.monotonic() - before).toBeCloseTo(1_000 / 16, 0);
});

test("whoever waits for a turn is freed by an abort, and the next in line still gets one", async () => {
  const clock = simulatedClock();
  const limiter = createRateLimiter({ clock, maxPerSecond: 1 });
  await limiter.turn({ signal });
  const abort = new AbortController();
  const aborted = limiter.turn({ signal: abort.signal });
  const next = limiter.turn({ signal });
  abort.abort(new Error("stopped"));
  await clock.run(Promise.allSettled([aborted, next]));
  await expect(aborted).rejects.toThrow("stopped");
  await expect(next).resolves.toBeDefined();
});
