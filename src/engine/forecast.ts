import type { PlanSummary } from "../model/plan.ts";
import type { RunCost } from "../model/report.ts";
import type { Parts } from "./parts.ts";
import { changesIn } from "../plan/summary.ts";
import { fullRunKey } from "./run-report.ts";

/** What a sync of a plan would cost, beside the last measured full one. */
export interface Forecast {
  /** What the plan's own reading took at the source, one for each write, two for each deletion. */
  readonly requests: number;
  /** Null where no full sync was measured under the same settings. */
  readonly full_sync: number | null;
}

/** Foretells what carrying a plan out would cost, when its reading was just done. */
export async function forecast(parts: Parts, summary: PlanSummary): Promise<Forecast> {
  await using reader = await parts.store.reader();
  const full = (await reader.memory(fullRunKey(parts))) as unknown as RunCost | undefined;
  return {
    requests: parts.meters.source.reading().requests + changesIn(summary) + summary.deleted,
    full_sync: full === undefined ? null : full.requests.source + full.requests.target,
  };
}
