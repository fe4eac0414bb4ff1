import type { Log } from "../ports/log.ts";
import type { Meter } from "../ports/meter.ts";

/** The same meter, which tells the log each call that it counts. */
export function toldMeter(meter: Meter, end: "source" | "target", log: Log): Meter {
  return {
    ...meter,
    count(cost, call) {
      meter.count(cost, call);
      if (call !== undefined) log.event({ kind: "request", end, ...call, ...cost.bytes });
    },
  };
}
