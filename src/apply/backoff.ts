import type { Clock } from "../ports/clock.ts";
import type { Random } from "../ports/random.ts";

/** Attempts in all, and the pause between them. */
export interface Backoff {
  readonly attempts: number;
  readonly base_ms: number;
  readonly max_ms: number;
}

/** Pauses before attempt `attempt` + 1 (counted from 1): base × 2^(attempt − 1) up to the maximum, half of it jitter so that parallel writers part. */
export async function pause(backoff: Backoff, attempt: number, clock: Clock, random: Random, signal: AbortSignal): Promise<void> {
  const full = Math.min(backoff.max_ms, backoff.base_ms * 2 ** (attempt - 1));
  await clock.sleep(full / 2 + (full / 2) * random.next(), signal);
}
