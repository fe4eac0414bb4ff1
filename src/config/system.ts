import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import type { Holder } from "../ports/checkpoint-store.ts";
import type { Clock } from "../ports/clock.ts";
import type { Random } from "../ports/random.ts";

/** The clocks of this machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: async (ms, signal) => {
    let left = ms;
    // A longer timer than this would fire at once.
    for (; left > LONGEST_TIMER_MS; left -= LONGEST_TIMER_MS) await timer(LONGEST_TIMER_MS, signal);
    await timer(left, signal);
  },
};

export const systemRandom: Random = {
  uuid: () => randomUUID(),
  next: () => Math.random(),
};

/** This process, for the one who finds the lease taken. */
export function thisProcess(clock: Clock): Holder {
  return { pid: process.pid, host: hostname(), since: new Date(clock.now()).toISOString() };
}

const LONGEST_TIMER_MS = 2 ** 31 - 1;

function timer(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(signal.reason as Error);
      return;
    }
    const abort = (): void => {
      clearTimeout(timeout);
      reject(signal.reason as Error);
    };
    const timeout = setTimeout(() => {
      signal.removeEventListener("abort", abort);
      resolve();
    }, ms);
    signal.addEventListener("abort", abort, { once: true });
  });
}
