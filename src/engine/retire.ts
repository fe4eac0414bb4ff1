import { spaceOf } from "../model/asset.ts";
import type { Change } from "../model/change.ts";
import { TidemarkError } from "../model/errors.ts";
import type { PlanRecord, PlanSummary } from "../model/plan.ts";
import type { RunReport } from "../model/report.ts";
import { addChange, emptySummary } from "../plan/summary.ts";
import type { Prepared } from "./carry-out.ts";
import { judgeDeletions } from "./judge-deletions.ts";
import type { Parts, RunOptions } from "./parts.ts";
import type { Preview } from "./preview.ts";
import { type Planning, previewPlan, runPlan } from "./run-plan.ts";

export interface RetireOptions extends RunOptions {
  /** The space whose assets go; left out, all of the pipeline. */
  readonly space?: string;
}

/**
 * Takes a space, or all of a pipeline, out of the target on purpose: the one deletion that no listing leads to. Planned and guarded like
 * any other, and applied in the same two phases. The source is not asked, so it may be gone already.
 */
export function retire(parts: Parts, options: RetireOptions): Promise<RunReport> {
  return runPlan(parts, options, (planning) => prepareRetirement(planning, options));
}

/** The plan of {@link retire}; writes nothing. */
export function previewRetirement(parts: Parts, options: RetireOptions): Promise<Preview> {
  return previewPlan(parts, options, (planning) => prepareRetirement(planning, options));
}

async function prepareRetirement(
  { parts, run, reader, spool, problems }: Planning,
  { space, ...options }: RetireOptions,
): Promise<Prepared> {
  if (space !== undefined && !(await reader.spaces()).includes(space)) {
    throw new TidemarkError("usage", `Pipeline ${parts.pipeline} has no checkpoint of a space ${space}: there is nothing to retire.`, {
      remedy: "`tidemark status` lists its spaces.",
    });
  }
  let summary: PlanSummary = emptySummary();
  await spool.append([{ record: "header", header: run.header }]);
  for await (const page of reader.entries()) {
    const records: PlanRecord[] = [];
    for (const { asset_id, ref } of page) {
      if (space !== undefined && spaceOf(asset_id) !== space) continue;
      const change: Change = { asset_id, change_type: "deleted", facets: [], strategy: "deletion", cause: "source", fields: [] };
      records.push({ record: "step", step: { kind: "delete", change, ref: ref ?? parts.target.place(asset_id).key } });
      summary = addChange(summary, change);
    }
    await spool.append(records);
  }
  const refused = await judgeDeletions(parts, reader, problems, summary.deleted, options);
  await spool.append([{ record: "summary", summary }]);
  const listings = (run.head?.listings ?? []).filter(({ scope }) => space !== undefined && scope !== space);
  return { summary, listings, memory: new Map(), refused, full: false, partial: false };
}
