import type { Clock } from "../../src/ports/clock.ts";

/** A clock on which work takes the time that it takes, and a pause is jumped over: what is told by it happened in simulated time. */
export class ForwardClock implements Clock {
  #skipped = 0;

  now(): number {
    return Math.trunc(Date.now() + this.#skipped);
  }

  monotonic(): number {
    return performance.now() + this.#skipped;
  }

  // To the moment of waking, not by the length of the pause: others may have slept meanwhile.
  async sleep(ms: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const until = this.monotonic() + ms;
    await new Promise((resolve) => void setImmediate(resolve));
    this.#skipped += Math.max(0, until - this.monotonic());
    signal.throwIfAborted();
  }

  /** Lets that much time pass. */
  pass(ms: number): void {
    this.#skipped += ms;
  }
}
