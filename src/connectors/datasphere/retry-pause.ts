import type { Clock } from "../../ports/clock.ts";
import type { Random } from "../../ports/random.ts";

export interface RetryParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly retry: { readonly attempts: number; readonly base_ms: number; readonly max_ms: number };
}

/** Statuses that may be others a little later. */
export const PASSING: ReadonlySet<number> = new Set([408, 425, 500, 502, 503, 504]);

/** Pauses after attempt `attempt`, counted from 1, and at least as long as the endpoint asked for. */
export async function retryPause(
  { retry, clock, random }: RetryParts,
  attempt: number,
  least_ms: number,
  signal: AbortSignal,
): Promise<void> {
  const full = Math.min(retry.max_ms, retry.base_ms * 2 ** (attempt - 1));
  await clock.sleep(Math.max(least_ms, full / 2 + (full / 2) * random.next()), signal);
}
