const WINDOW_MS = 60_000;

/** Counts requests in windows of a minute: one begins with the first request after the last one ended. */
export class RequestWindow {
  readonly #limit: number | null;
  #endsAt = Number.NEGATIVE_INFINITY;
  #count = 0;

  constructor(perMinute: number | null) {
    this.#limit = perMinute;
  }

  /** Null where the request is let through, else the seconds until the next one is. `now` is in milliseconds. */
  admit(now: number): number | null {
    if (this.#limit === null) return null;
    if (now >= this.#endsAt) {
      this.#endsAt = now + WINDOW_MS;
      this.#count = 0;
    }
    if (this.#count >= this.#limit) return Math.max(1, Math.ceil((this.#endsAt - now) / 1000));
    this.#count += 1;
    return null;
  }
}
