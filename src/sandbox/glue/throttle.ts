import type { Settings } from "./settings.ts";

/** Decides which calls are let through, by the rates of the settings. A rate allows one second's worth of calls at once. */
export class Throttle {
  readonly #writes: TokenBucket | null;
  readonly #operations: ReadonlyMap<string, TokenBucket>;

  constructor(settings: Settings) {
    this.#writes = settings.writes_per_second === null ? null : new TokenBucket(settings.writes_per_second);
    this.#operations = new Map(Object.entries(settings.calls_per_second).map(([operation, rate]) => [operation, new TokenBucket(rate)]));
  }

  /** `now` is in milliseconds, on a clock that only goes forward. */
  allows(operation: string, writes: boolean, now: number): boolean {
    const own = this.#operations.get(operation)?.take(now) ?? true;
    return own && (!writes || (this.#writes?.take(now) ?? true));
  }
}

class TokenBucket {
  readonly #perSecond: number;
  readonly #capacity: number;
  #tokens: number;
  #filledAt: number | null = null;

  constructor(perSecond: number) {
    this.#perSecond = perSecond;
    this.#capacity = Math.max(1, perSecond);
    this.#tokens = this.#capacity;
  }

  take(now: number): boolean {
    const earned = this.#filledAt === null ? 0 : ((now - this.#filledAt) / 1000) * this.#perSecond;
    this.#filledAt = now;
    this.#tokens = Math.min(this.#capacity, this.#tokens + earned);
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}
