import type { Problem } from "../model/errors.ts";
import type { Clock } from "../ports/clock.ts";
import type { Random } from "../ports/random.ts";
import type { Observed, Target, WriteResult } from "../ports/target.ts";
import { type Backoff, pause } from "./backoff.ts";

/** How a write ended for this run. `unsettled`: nobody knows whether it took effect. */
export type Settled =
  | Exclude<WriteResult, { status: "refused" | "unknown" }>
  | { readonly status: "failed"; readonly problem: Problem }
  | { readonly status: "unsettled"; readonly problem: Problem };

export interface Settlement {
  readonly settled: Settled;
  /** A request of it was lost on the way and may still land: its intent stays open for a while, whatever came after. */
  readonly late: boolean;
}

export interface SettleOptions {
  readonly target: Target;
  readonly ref: string;
  readonly backoff: Backoff;
  readonly clock: Clock;
  readonly random: Random;
  /** Ends the pauses and the attempts. */
  readonly signal: AbortSignal;
}

/**
 * Carries one write to an answer that can be recorded.
 *
 * ```
 * applied, withheld          done
 * refused, not again         failed: certainly no effect
 * refused, again             pause, attempt anew
 * unknown                    read the place back: there as intended → applied; else pause, attempt anew on what was read;
 *                            the read says nothing → pause, read again; attempts used up → unsettled
 * ```
 * `write` gets what was read back, if anything; `arrived` tells whether that is what the write was to leave.
 */
export async function settleWrite(
  options: SettleOptions,
  write: (observed: Observed | undefined) => Promise<WriteResult>,
  arrived: (observed: Observed) => Extract<WriteResult, { status: "applied" }> | null,
): Promise<Settlement> {
  const { backoff, clock, random, signal } = options;
  let observed: Observed | undefined;
  let late = false;
  for (let attempt = 1; ; attempt++) {
    const result = await write(observed);
    if (result.status === "applied" || result.status === "withheld") return { settled: result, late };
    if (result.status === "unknown") {
      const read = await readBack(options, attempt);
      if (read.state === "unknown")
        return { settled: { status: "unsettled", problem: outcomeUnknown(result.problem, read.problem) }, late: true };
      const done = arrived(read);
      // What arrived is no longer on its way.
      if (done !== null) return { settled: done, late };
      late = true;
      observed = read;
    } else if (!result.again) {
      return { settled: { status: "failed", problem: result.problem }, late };
    }
    const ended: Settlement = { settled: { status: result.status === "unknown" ? "unsettled" : "failed", problem: result.problem }, late };
    if (attempt >= backoff.attempts) return ended;
    try {
      await pause(backoff, attempt, clock, random, signal);
    } catch {
      // Interrupted: what is certain stays certain.
      return ended;
    }
  }
}

async function readBack({ target, ref, backoff, clock, random, signal }: SettleOptions, from: number): Promise<Observed> {
  for (let attempt = from; ; attempt++) {
    const read = (await target.observe([ref], { signal })).get(ref);
    if (read !== undefined && read.state !== "unknown") return read;
    const problem: Problem = read?.problem ?? { code: "outcome_unknown", message: `Reading ${ref} back gave no answer.` };
    if (attempt >= backoff.attempts) return { state: "unknown", ref, problem };
    try {
      await pause(backoff, attempt, clock, random, signal);
    } catch {
      return { state: "unknown", ref, problem };
    }
  }
}

function outcomeUnknown(write: Problem, read: Problem): Problem {
  return {
    ...write,
    code: "outcome_unknown",
    message: `${write.message} Whether it took effect could not be read back (${read.message}). The next run reads it back first.`,
  };
}
