import type { Clock } from "../ports/clock.ts";

/** How long what is in flight may take to settle after an interruption. */
const SETTLE_MS = 8_000;

/** A signal that aborts some seconds after `signal` does, so that requests in flight can finish. Disposing of it stops the wait. */
export function settlingSignal(signal: AbortSignal, clock: Clock): Disposable & { readonly signal: AbortSignal } {
  const settled = new AbortController();
  const stopped = new AbortController();
  const wait = (): void => {
    clock.sleep(SETTLE_MS, stopped.signal).then(
      () => settled.abort(signal.reason),
      () => undefined,
    );
  };
  if (signal.aborted) wait();
  else signal.addEventListener("abort", wait, { once: true, signal: stopped.signal });
  return { signal: settled.signal, [Symbol.dispose]: () => stopped.abort() };
}
