import type { ListingCertificate } from "../model/listing.ts";
import type { Problem } from "../model/errors.ts";
import type { PlanHeader, PlanRecord, PlanSummary } from "../model/plan.ts";
import type { Parts, RunOptions } from "./parts.ts";

/** A plan that stands in a spool: to be printed or saved, then disposed of. */
export interface Preview extends AsyncDisposable {
  readonly header: PlanHeader;
  readonly summary: PlanSummary;
  readonly listings: readonly ListingCertificate[];
  /** Problems of the whole plan, the guard's verdict among them; those of single assets too. */
  readonly problems: readonly Problem[];
  /** All records of the plan: header first, summary last. */
  records(): AsyncIterable<readonly PlanRecord[]>;
}

/** Makes the plan that `sync` would carry out, and writes nothing: no state, no directory, no lease. */
export async function preview(_parts: Parts, _options: RunOptions): Promise<Preview> {
  throw new Error("not written yet");
}
