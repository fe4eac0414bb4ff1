import { AsyncLocalStorage } from "node:async_hooks";
import type { Cost, SlowCall } from "../model/report.ts";
import type { Meter } from "../ports/meter.ts";

/**
 * A meter that adds up in memory. What runs inside `during` is attributed through everything that it awaits, so that parallel works
 * do not get one another's bytes; a work inside another counts for both labels.
 */
export function createMeter(): Meter {
  const labels = new AsyncLocalStorage<readonly string[]>();
  const byLabel = new Map<string, Cost>();
  let total = NOTHING;
  let slowest: readonly SlowCall[] = [];
  return {
    count(cost, call) {
      const last = slowest[SLOWEST - 1];
      if (call !== undefined && (last === undefined || call.duration_ms > last.duration_ms)) slowest = withCall(slowest, call);
      total = plus(total, cost);
      for (const label of labels.getStore() ?? []) byLabel.set(label, plus(byLabel.get(label) ?? NOTHING, cost));
    },
    during(label, work) {
      const outer = labels.getStore() ?? [];
      return labels.run(outer.includes(label) ? outer : [...outer, label], work);
    },
    reading(label) {
      return label === undefined ? total : (byLabel.get(label) ?? NOTHING);
    },
    slowest: () => slowest,
  };
}

/** How many calls are kept. */
const SLOWEST = 3;

function withCall(calls: readonly SlowCall[], { what, duration_ms }: SlowCall): readonly SlowCall[] {
  return [...calls, { what, duration_ms }].sort((a, b) => b.duration_ms - a.duration_ms).slice(0, SLOWEST);
}

const NOTHING: Cost = { requests: 0, bytes: { sent: 0, received: 0 } };

function plus(a: Cost, b: Cost): Cost {
  return {
    requests: a.requests + b.requests,
    bytes: { sent: a.bytes.sent + b.bytes.sent, received: a.bytes.received + b.bytes.received },
  };
}
