import type { Change } from "../model/change.ts";
import type { PlanSummary } from "../model/plan.ts";

/** The summary of a plan without anything in it. */
export function emptySummary(): PlanSummary {
  return { assets: 0, unchanged: 0, created: 0, modified: 0, schema_changed: 0, metadata_changed: 0, deleted: 0, withheld: 0 };
}

/** The summary with one more change, counted under its type. */
export function addChange(summary: PlanSummary, change: Pick<Change, "change_type">): PlanSummary {
  return { ...summary, [change.change_type]: summary[change.change_type] + 1 };
}

/** The summary with one more asset or field withheld. */
export function addWithheld(summary: PlanSummary): PlanSummary {
  return { ...summary, withheld: summary.withheld + 1 };
}

/** How many changes a summary counts, of whatever type. */
export function changesIn(summary: PlanSummary): number {
  return summary.created + summary.modified + summary.schema_changed + summary.metadata_changed + summary.deleted;
}
