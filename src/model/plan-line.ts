import type { PlanRecord } from "./plan.ts";
import { parseStored } from "./stored-json.ts";

/** A record as the line that a spool or a saved plan holds of it, its end included. */
export function planLine(record: PlanRecord): string {
  return `${JSON.stringify(record)}\n`;
}

/** The record of a line that {@link planLine} wrote, without its end. */
export function planRecordFrom(line: string): PlanRecord {
  const record = parseStored(line) as unknown as PlanRecord;
  // A similarity is a fraction of our own making, not a document's: a JavaScript number.
  if (record.record === "rename") return JSON.parse(line) as PlanRecord;
  if (record.record !== "step" || record.step.kind !== "put" || record.step.change.column_renames === undefined) return record;
  const { column_renames = [] } = (JSON.parse(line) as typeof record).step.change;
  return { ...record, step: { ...record.step, change: { ...record.step.change, column_renames } } };
}
