import type { Preview } from "../../../engine/preview.ts";
import type { Problem } from "../../../model/errors.ts";
import type { PlanRecord } from "../../../model/plan.ts";
import { streamJson } from "./envelope.ts";
import { headerLine, type Line, lineText } from "./lines.ts";

/** A plan as `plan --json` prints it. Each long list is a walk of its own through the plan's records. */
export function planJson(plan: Preview): AsyncGenerator<string> {
  return streamJson({
    ...headOf(plan),
    summary: summary(plan),
    changes: () => pick(plan, (record) => (record.record === "step" ? record.step.change : null)),
    renames: () => pick(plan, (record) => (record.record === "rename" ? record.rename : null)),
    withheld: () => pick(plan, (record) => (record.record === "withheld" ? record.withheld : null)),
    listings: listingsOf(plan),
    problems: plan.problems.map(problemJson),
    ...forecast(plan),
  });
}

/** The same as JSON Lines, one change a line as it comes: header first, summary last. */
export async function* planLines(plan: Preview): AsyncGenerator<string> {
  yield headerLine(headOf(plan));
  for await (const page of plan.records()) yield page.map((record) => textOf(lineOf(record))).join("");
  for (const listing of listingsOf(plan)) yield lineText({ type: "listing", ...listing });
  for (const problem of plan.problems) yield lineText({ type: "problem", ...problemJson(problem) });
  yield lineText({ type: "summary", summary: summary(plan), ...forecast(plan) });
}

function lineOf(record: PlanRecord): Line | null {
  if (record.record === "step") return { type: "change", ...record.step.change };
  if (record.record === "rename") return { type: "rename", ...record.rename };
  return record.record === "withheld" ? { type: "withheld", ...record.withheld } : null;
}

function textOf(line: Line | null): string {
  return line === null ? "" : lineText(line);
}

/** The pipeline, and the moment of its state that was looked at. */
export function headOf({ header: { pipeline, basis } }: Pick<Preview, "header">): { readonly [key: string]: unknown } {
  return { pipeline, basis: basis === null ? null : { lineage: basis.lineage, generation: basis.generation } };
}

function summary({ summary: counts }: Preview): object {
  const { assets, unchanged, created, modified, schema_changed, metadata_changed, deleted, withheld } = counts;
  return { assets, unchanged, created, modified, schema_changed, metadata_changed, deleted, withheld };
}

export function listingsOf(plan: Pick<Preview, "listings">): readonly object[] {
  return plan.listings.map(({ complete_at: _time, ...listing }) => listing);
}

function forecast({ forecast: told }: Preview): object {
  return told === undefined ? {} : { requests: { expected: told.requests, full_sync: told.full_sync } };
}

/** A problem as every `--json` shows it. */
export function problemJson({ asset_id, code, message }: Problem): { readonly [key: string]: string } {
  return { ...(asset_id === undefined ? {} : { asset_id }), code, message };
}

async function* pick(plan: Preview, choose: (record: PlanRecord) => object | null): AsyncGenerator<readonly object[]> {
  for await (const page of plan.records()) yield page.map(choose).filter((chosen) => chosen !== null);
}
