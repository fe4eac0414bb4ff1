import type { PlanRecord } from "../../model/plan.ts";
import type { PlanPart } from "../../ports/spool.ts";

/** Which part of a plan a record belongs to. */
export function partOf(record: PlanRecord): PlanPart {
  return record.record === "step" ? record.step.kind : record.record;
}
