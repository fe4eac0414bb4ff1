import { spaceOf } from "../model/asset.ts";
import type { Change } from "../model/change.ts";
import { TidemarkError } from "../model/errors.ts";
import type { PlanRecord, PlanSummary } from "../model/plan.ts";
import type { RunReport } from "../model/report.ts";
import { addChange, emptySummary } from "../plan/summary.ts";
import type { CheckpointReader } from "../ports/checkpoint-store.ts";
import type { Spool } from "../ports/spool.ts";
import { carryOut, type Prepared } from "./carry-out.ts";
import { judgeDeletions } from "./judge-deletions.ts";
import type { Parts, RunOptions } from "./parts.ts";
import type { Preview } from "./preview.ts";
import { ProblemLog } from "./problem-log.ts";
import { recover, recoverInMemory } from "./recover.ts";
import { openRun, type RunContext } from "./run-context.ts";

export interface RetireOptions extends RunOptions {
  /** The space whose assets go; left out, all of the pipeline. */
  readonly space?: string;
}

/**
 * Takes a space, or all of a pipeline, out of the target on purpose: the one deletion that no listing leads to. Planned and guarded like
 * any other, and applied in the same two phases. The source is not asked, so it may be gone already.
 */
export async function retire(parts: Parts, options: RetireOptions): Promise<RunReport> {
  const started = parts.clock.monotonic();
  const problems = new ProblemLog(parts.log);
  await using lease = await parts.store.acquire();
  await using spool = await parts.openSpool();
  const run = await openRun(parts, lease, options);
  await recover(parts, run, lease, options);
  const prepared = await prepareRetirement(parts, run, lease, spool, problems, options);
  return await carryOut({ parts, run, lease, spool, problems, prepared, started, full: false }, options);
}

/** The plan of {@link retire}; writes nothing. */
export async function previewRetirement(parts: Parts, options: RetireOptions): Promise<Preview> {
  const problems = new ProblemLog(parts.log);
  await using opened = new AsyncDisposableStack();
  const reader = opened.use(await parts.store.reader());
  const spool = opened.use(await parts.openSpool());
  const run = await openRun(parts, reader, options);
  const { summary, listings } = await prepareRetirement(parts, run, await recoverInMemory(parts, run, reader, options), spool, problems, options);
  const kept = opened.move();
  return { header: run.header, summary, listings, problems: problems.spelledOut, records: () => spool.records(), [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

async function prepareRetirement(parts: Parts, run: RunContext, reader: CheckpointReader, spool: Spool, problems: ProblemLog, { space, ...options }: RetireOptions): Promise<Prepared> {
  if (space !== undefined && !(await reader.spaces()).includes(space)) {
    throw new TidemarkError("usage", `Pipeline ${parts.pipeline} has no checkpoint of a space ${space}: there is nothing to retire.`, { remedy: "`tidemark status` lists its spaces." });
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
  return { summary, listings, memory: new Map(), refused };
}
