import type { Problem } from "../model/errors.ts";
import type { ListingCertificate } from "../model/listing.ts";
import type { PlanHeader, PlanRecord, PlanSummary } from "../model/plan.ts";
import { type Forecast, forecast } from "./forecast.ts";
import type { Parts, RunOptions } from "./parts.ts";
import { prepare } from "./prepare.ts";
import { previewPlan } from "./run-plan.ts";

/** A plan that stands in a spool: to be printed or saved, then disposed of. */
export interface Preview extends AsyncDisposable {
  readonly header: PlanHeader;
  readonly summary: PlanSummary;
  readonly listings: readonly ListingCertificate[];
  /** Problems of the whole plan, the guard's verdict among them; those of single assets too. */
  readonly problems: readonly Problem[];
  /** Left out where it is no sync that is planned. */
  readonly forecast?: Forecast;
  /** All records of the plan: header first, summary last. */
  records(): AsyncIterable<readonly PlanRecord[]>;
}

/**
 * Makes the plan that `sync` would carry out, and writes nothing. The tables that would be written are looked at, so that the plan shows
 * what people's edits withhold.
 */
export async function preview(parts: Parts, options: RunOptions): Promise<Preview> {
  const plan = await previewPlan(parts, options, (planning) => prepare(planning, { ...options, observe: true }));
  try {
    return { ...plan, forecast: await forecast(parts, plan.summary) };
  } catch (error) {
    await plan[Symbol.asyncDispose]();
    throw error;
  }
}
