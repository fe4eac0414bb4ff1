import type { CallOptions } from "./call.ts";

/** Paces the requests to one endpoint. All who call that endpoint share one, or its budget is counted twice. */
export interface RateLimiter {
  /** Waits until the next request may be sent; rejects with the signal's reason. */
  turn(options: CallOptions): Promise<Turn>;
}

/** One permitted request. Tell what became of it: the limiter learns the endpoint's budget from nothing else. */
export interface Turn {
  accepted(): void;
  /** The endpoint said that requests come too fast, and perhaps how many milliseconds to wait. */
  throttled(retryAfterMs?: number): void;
}
