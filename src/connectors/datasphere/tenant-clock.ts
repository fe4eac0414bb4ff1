import type { CallOptions } from "../../ports/call.ts";
import type { Clock } from "../../ports/clock.ts";

/** What we know of the tenant's clock: a time that it has certainly reached. Ours may be off, and is used for durations alone. */
export class TenantClock {
  readonly #clock: Clock;
  #heard: { readonly said: number; readonly at: number } | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The tenant said this time, in an answer that has come. Milliseconds since 1970, cut to seconds: an older one may tell more. */
  hear(said: number | null): void {
    if (said !== null && this.#left(said) > 0) this.#heard = { said, at: this.#clock.monotonic() };
  }

  /** Waits until the tenant's clock has passed a time, if that is soon. False where it is not, or where nothing was heard. */
  async reach(time: number, { signal }: CallOptions): Promise<boolean> {
    const left = this.#left(time);
    if (left > LONGEST_WAIT_MS) return false;
    if (left > 0) await this.#clock.sleep(left, signal);
    return true;
  }

  /** True where the tenant's clock has certainly passed a time. */
  hasReached(time: number): boolean {
    return this.#left(time) <= 0;
  }

  #left(time: number): number {
    if (this.#heard === null) return Number.POSITIVE_INFINITY;
    return time - this.#heard.said - (this.#clock.monotonic() - this.#heard.at);
  }
}

const LONGEST_WAIT_MS = 5_000;
