import { setImmediate as nextTurn } from "node:timers/promises";

/**
 * Does long work in slices, between which the event loop turns: timers fire, signals are heard. What is heard through `signal` ends the
 * work with its reason.
 */
export async function inTurns<T>(work: Iterator<unknown, T>, signal?: AbortSignal): Promise<T> {
  for (;;) {
    signal?.throwIfAborted();
    const until = performance.now() + SLICE_MS;
    do {
      const step = work.next();
      if (step.done === true) return step.value;
    } while (performance.now() < until);
    await nextTurn();
  }
}

/** Short enough that nobody who waits for a turn takes notice. */
const SLICE_MS = 20;
