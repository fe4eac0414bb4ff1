import type { Clock } from "../ports/clock.ts";
import type { RateLimiter } from "../ports/rate-limiter.ts";

export interface RateLimiterOptions {
  readonly clock: Clock;
  /** The budget, where it is known. Without one the limiter holds nothing back until the endpoint complains. */
  readonly maxPerSecond?: number;
}

/**
 * Finds the rate that an endpoint allows. At a throttled answer it falls to a part of what the endpoint accepted within the last
 * second; then it grows along a cubic curve, fast up to the rate that failed, flat around it, fast again once that is passed: most
 * requests are sent just below the limit, and a limit that was lifted is soon found out.
 */
export function createRateLimiter(options: RateLimiterOptions): RateLimiter {
  const { clock, maxPerSecond = Number.POSITIVE_INFINITY } = options;
  const accepted = new AcceptedWindow();
  let decrease: { readonly at: number; readonly from: number } | null = null;
  let nextAt = Number.NEGATIVE_INFINITY;
  let queue: Promise<void> = Promise.resolve();

  const rate = (now: number): number =>
    Math.min(maxPerSecond, decrease === null ? Number.POSITIVE_INFINITY : regained(decrease.from, now - decrease.at));

  // One after the other, so that whoever waits goes by a rate that fell meanwhile.
  async function wait(before: Promise<void>, signal: AbortSignal): Promise<number> {
    await before;
    for (;;) {
      signal.throwIfAborted();
      const now = clock.monotonic();
      if (now >= nextAt) {
        nextAt = Math.max(nextAt, now - CATCH_UP_MS) + 1_000 / rate(now);
        return now;
      }
      await clock.sleep(nextAt - now, signal);
    }
  }

  return {
    async turn({ signal }) {
      const turn = wait(queue, signal);
      queue = turn.then(
        () => undefined,
        () => undefined,
      );
      const startedAt = await turn;
      return {
        accepted: () => accepted.add(clock.monotonic()),
        throttled() {
          // Requests that were under way when the rate fell say nothing about the new one.
          if (decrease !== null && startedAt <= decrease.at) return;
          const now = clock.monotonic();
          const from = Math.max(LOWEST_PER_SECOND, Math.min(rate(now), accepted.lastSecond(now)));
          decrease = { at: now, from };
          nextAt = now + 1_000 / rate(now);
        },
      };
    },
  };
}

const KEPT_SHARE = 0.8;
const GROWTH = 0.4;
// A throttled answer in quiet times says little about the limit.
const LOWEST_PER_SECOND = 5;
// Timers are late by a millisecond or two; this much of a delay may be made up for.
const CATCH_UP_MS = 20;

/** Requests a second, so long after the rate fell from `from`: CUBIC's curve, through `KEPT_SHARE` of it at once and all of it at the plateau. */
function regained(from: number, elapsedMs: number): number {
  const plateau = Math.cbrt((from * (1 - KEPT_SHARE)) / GROWTH);
  return GROWTH * (elapsedMs / 1_000 - plateau) ** 3 + from;
}

/** Counts accepted requests of the last second, in tenths. */
class AcceptedWindow {
  readonly #tenths: { tenth: number; count: number }[] = Array.from({ length: 10 }, () => ({ tenth: -1, count: 0 }));

  add(now: number): void {
    const tenth = Math.floor(now / 100);
    const slot = this.#tenths[tenth % 10];
    if (slot === undefined) return;
    if (slot.tenth !== tenth) Object.assign(slot, { tenth, count: 0 });
    slot.count++;
  }

  lastSecond(now: number): number {
    const oldest = Math.floor(now / 100) - 9;
    return this.#tenths.reduce((sum, slot) => (slot.tenth >= oldest ? sum + slot.count : sum), 0);
  }
}
