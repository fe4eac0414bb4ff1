import type { Preview } from "../../../engine/preview.ts";
import type { Problem } from "../../../model/errors.ts";
import type { PlanRecord } from "../../../model/plan.ts";
import { streamJson } from "./envelope.ts";

/** A plan as `plan --json` prints it. Each long list is a walk of its own through the plan's records. */
export function planJson(plan: Preview): AsyncGenerator<string> {
  const { pipeline, basis } = plan.header;
  const { assets, unchanged, created, modified, schema_changed, metadata_changed, deleted, withheld } = plan.summary;
  return streamJson({
    pipeline,
    basis: basis === null ? null : { lineage: basis.lineage, generation: basis.generation },
    summary: { assets, unchanged, created, modified, schema_changed, metadata_changed, deleted, withheld },
    changes: () => pick(plan, (record) => (record.record === "step" ? record.step.change : null)),
    renames: () => pick(plan, (record) => (record.record === "rename" ? record.rename : null)),
    withheld: () => pick(plan, (record) => (record.record === "withheld" ? record.withheld : null)),
    listings: plan.listings.map(({ complete_at: _time, ...listing }) => listing),
    problems: plan.problems.map(problemJson),
    ...(plan.forecast === undefined ? {} : { requests: { expected: plan.forecast.requests, full_sync: plan.forecast.full_sync } }),
  });
}

/** A problem as every `--json` shows it. */
export function problemJson({ asset_id, code, message }: Problem): { readonly [key: string]: string } {
  return { ...(asset_id === undefined ? {} : { asset_id }), code, message };
}

async function* pick(plan: Preview, choose: (record: PlanRecord) => object | null): AsyncGenerator<readonly object[]> {
  for await (const page of plan.records()) yield page.map(choose).filter((chosen) => chosen !== null);
}
