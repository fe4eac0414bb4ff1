import { AsyncLocalStorage } from "node:async_hooks";
import type { Cost } from "../model/report.ts";
import type { Meter } from "../ports/meter.ts";

/**
 * A meter that adds up in memory. What runs inside `during` is attributed through everything that it awaits, so that parallel works
 * do not get one another's bytes; a work inside another counts for both labels.
 */
export function createMeter(): Meter {
  const labels = new AsyncLocalStorage<readonly string[]>();
  const byLabel = new Map<string, Cost>();
  let total = NOTHING;
  return {
    count(cost) {
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
  };
}

const NOTHING: Cost = { requests: 0, bytes: { sent: 0, received: 0 } };

function plus(a: Cost, b: Cost): Cost {
  return {
    requests: a.requests + b.requests,
    bytes: { sent: a.bytes.sent + b.bytes.sent, received: a.bytes.received + b.bytes.received },
  };
}
