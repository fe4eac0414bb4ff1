import { TidemarkError } from "../../model/errors.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Random } from "../../ports/random.ts";
import type { RateLimiter } from "../../ports/rate-limiter.ts";
import type { GlueApi } from "./client.ts";
import { type Failure, type FailureKind, failureOf } from "./errors.ts";

export interface CallParts {
  readonly client: () => Promise<GlueApi>;
  readonly limiter: RateLimiter;
  readonly clock: Clock;
  readonly random: Random;
  /** For messages: endpoint or region. */
  readonly address: string;
}

export type Called<T> = { readonly ok: true; readonly value: T } | Failure;

type Call<T> = (glue: GlueApi, options: { readonly abortSignal?: AbortSignal }) => Promise<T>;

/** Every request to the service goes through here: paced by the one limiter, its failure sorted. */
export class GlueCalls {
  readonly #parts: CallParts;

  constructor(parts: CallParts) {
    this.#parts = parts;
  }

  /**
   * A call that changes nothing, repeated while that may help. Answers with what the service decided; throws `target_unavailable`
   * where it cannot be brought to decide.
   */
  async read<T>(call: Call<T>, signal: AbortSignal): Promise<Called<T>> {
    for (let attempt = 1; ; attempt++) {
      const called = await this.#once(call, signal, { abortSignal: signal });
      if (called.ok || !UNDECIDED.has(called.kind)) return called;
      signal.throwIfAborted();
      if (called.kind === "credentials" || attempt >= (called.kind === "throttled" ? THROTTLED_ATTEMPTS : ATTEMPTS))
        throw unavailable(this.#parts.address, called);
      await this.#parts.clock.sleep(BASE_MS * 2 ** (attempt - 1) * (0.5 + this.#parts.random.next() / 2), signal);
    }
  }

  /** A call that changes something, made once. It is not cut short by an abort, because its outcome would be unknown. */
  write<T>(call: Call<T>, signal: AbortSignal): Promise<Called<T>> {
    return this.#once(call, signal, {});
  }

  async #once<T>(call: Call<T>, signal: AbortSignal, options: { readonly abortSignal?: AbortSignal }): Promise<Called<T>> {
    const turn = await this.#parts.limiter.turn({ signal });
    signal.throwIfAborted();
    try {
      const value = await call(await this.#parts.client(), options);
      turn.accepted();
      return { ok: true, value };
    } catch (error) {
      const failure = failureOf(error);
      if (failure.kind === "throttled") turn.throttled();
      else if (failure.kind !== "unreachable" && failure.kind !== "unknown") turn.accepted();
      return failure;
    }
  }
}

/** Ends the run: no call can succeed. */
export function unavailable(address: string, failure: Failure): TidemarkError {
  if (failure.kind === "credentials") {
    return new TidemarkError("target_unavailable", `AWS Glue (${address}) cannot be called: ${failure.message}.`, {
      remedy: "Give the region and valid AWS credentials (configuration, environment, profile or role), then run again.",
      cause: failure.cause,
    });
  }
  return new TidemarkError("target_unavailable", `AWS Glue (${address}) does not answer: ${failure.message}.`, {
    remedy: "Check endpoint, region and network, then run again.",
    cause: failure.cause,
  });
}

const UNDECIDED: ReadonlySet<FailureKind> = new Set(["throttled", "later", "unreachable", "unknown", "credentials"]);
const ATTEMPTS = 4;
// The limiter slows down with each: these are not attempts against a wall.
const THROTTLED_ATTEMPTS = 10;
const BASE_MS = 100;
