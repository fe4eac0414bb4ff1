import type { Clock } from "../ports/clock.ts";
import type { RateLimiter } from "../ports/rate-limiter.ts";

export interface MinuteBudgetOptions {
  readonly clock: Clock;
  /** How many requests the endpoint lets through in any minute. */
  readonly perMinute: number;
}

/** A budget that tells what is left of it. */
export interface MinuteBudget extends RateLimiter {
  /** Requests that may go out at once. */
  left(): number;
}

/**
 * A budget of so many requests in any minute, spent as fast as they come: a run that needs fewer waits for nothing.
 *
 * A place becomes free a minute after its request was *answered*, which is never sooner than a minute after the endpoint counted it:
 * whether that counts in fixed windows or in sliding ones, it never sees more than the budget.
 *
 * Others may spend of the same budget. After a throttled answer nobody is let through until the time that the endpoint named, or for a
 * while that doubles from one to the next. What is accepted between two complaints is taken for the budget from then on, which grows
 * back minute by minute.
 */
export function createMinuteBudget({ clock, perMinute }: MinuteBudgetOptions): MinuteBudget {
  /** When the requests of the last minute were answered, oldest first. */
  let spent: number[] = [];
  let underWay = 0;
  let allowed = perMinute;
  let heldUntil = Number.NEGATIVE_INFINITY;
  let complaint: { readonly at: number; readonly inARow: number } | null = null;
  let acceptedSince = 0;
  let queue: Promise<void> = Promise.resolve();
  let answered = Promise.withResolvers<void>();

  // One after the other, so that whoever waits goes by what was learned meanwhile.
  async function wait(before: Promise<void>, signal: AbortSignal): Promise<number> {
    await before;
    for (;;) {
      signal.throwIfAborted();
      const now = clock.monotonic();
      spent = recent(spent, now);
      const [oldest] = spent;
      if (now < heldUntil) await clock.sleep(heldUntil - now, signal);
      else if (spent.length + underWay < allowed) {
        underWay++;
        return now;
      } else if (oldest === undefined) await answered.promise;
      else await clock.sleep(oldest + MINUTE_MS - now, signal);
    }
  }

  function end(): number {
    const now = clock.monotonic();
    underWay--;
    spent.push(now);
    answered.resolve();
    answered = Promise.withResolvers();
    return now;
  }

  return {
    left() {
      const now = clock.monotonic();
      spent = recent(spent, now);
      return now < heldUntil ? 0 : Math.max(0, allowed - spent.length - underWay);
    },
    async turn({ signal }) {
      const turn = wait(queue, signal);
      queue = turn.then(
        () => undefined,
        () => undefined,
      );
      const startedAt = await turn;
      const isAnswerToComplaint = (): boolean => complaint === null || startedAt > complaint.at;
      return {
        accepted() {
          const now = end();
          if (complaint === null || !isAnswerToComplaint()) return;
          acceptedSince++;
          const isQuiet = now - complaint.at >= MINUTE_MS;
          if (isQuiet && allowed < perMinute) allowed = Math.min(perMinute, Math.ceil(allowed * REGROWTH));
          complaint = { at: isQuiet ? now : complaint.at, inARow: 0 };
        },
        throttled(retryAfterMs) {
          const now = end();
          const inARow = complaint?.inARow ?? 0;
          heldUntil = Math.max(heldUntil, now + (retryAfterMs ?? Math.min(MINUTE_MS, FIRST_PAUSE_MS * 2 ** inARow)));
          // Requests that were under way at the complaint say nothing new.
          if (!isAnswerToComplaint()) return;
          // The first complaint may be of what others, or our last run, spent of this minute.
          if (complaint !== null && acceptedSince < allowed) allowed = Math.max(FEWEST, acceptedSince);
          complaint = { at: now, inARow: inARow + 1 };
          acceptedSince = 0;
          // The endpoint's minute ends with the pause: what was spent before it does not count in the next.
          if (retryAfterMs !== undefined) spent = [];
        },
      };
    },
  };
}

const MINUTE_MS = 60_000;
const FIRST_PAUSE_MS = 1_000;
const REGROWTH = 1.25;
const FEWEST = 10;

function recent(spent: number[], now: number): number[] {
  const first = spent.findIndex((at) => at > now - MINUTE_MS);
  return first < 0 ? [] : first === 0 ? spent : spent.slice(first);
}
