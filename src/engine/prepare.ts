import { TidemarkError } from "../model/errors.ts";
import { changesIn } from "../plan/summary.ts";
import type { CheckpointReader } from "../ports/checkpoint-store.ts";
import type { Spool } from "../ports/spool.ts";
import type { Prepared } from "./carry-out.ts";
import { listingAtRest, restAfter } from "./at-rest.ts";
import { judgeDeletions } from "./judge-deletions.ts";
import { listSource } from "./list-source.ts";
import { makePlan, type PlanOptions } from "./make-plan.ts";
import type { Parts } from "./parts.ts";
import { planRenames } from "./plan-renames.ts";
import type { Planning } from "./run-plan.ts";
import { scanTarget } from "./scan-target.ts";

/** The stages that a preview and a sync share, to the last step: list, read, detect, plan, judge. */
export async function prepare({ parts, run, reader, spool, problems }: Planning, options: PlanOptions): Promise<Prepared> {
  const { settings } = parts;
  const { select } = options;
  if (select !== undefined && options.accept_scope_change === true)
    throw new TidemarkError("usage", "A changed scope is accepted as a whole, not for a selection.", {
      remedy: "Run once with --accept-scope-change and without --select.",
    });
  parts.log.event({ kind: "phase", phase: "list" });
  const listing =
    (await listingAtRest(parts, run, reader, options)) ??
    (await listSource(parts, reader, spool, problems, { ...options, tellsTokens: !options.observe }));
  await using scan = await openScan(parts, reader, options);
  const { summary, deletions, rehashed, differing, reads } = await makePlan(
    { parts, run, reader, listing, scan, options },
    spool,
    problems,
  );
  await planRenames(reader, spool, settings.renames);
  const changed = changesIn(summary);
  if (rehashed > 0) {
    problems.add({
      code: "scheme_changed",
      message: `Scheme changed: ${rehashed} ${rehashed === 1 ? "checkpoint" : "checkpoints"} re-hashed, ${changed} ${changed === 1 ? "change" : "changes"}.`,
    });
  }
  // Deleted assets are no longer listed, and were assets of this pipeline all the same.
  const all = summary.assets + summary.deleted;
  if (select === undefined && run.head !== null && changed > 0 && changed / all >= settings.full_sync_threshold) {
    const [share, threshold] = [changed / all, settings.full_sync_threshold].map((part) => `${Math.round(part * 100)} %`);
    problems.add({
      code: "mass_change",
      message: `${changed} of ${all} assets changed (${share}; full_sync_threshold is ${threshold}): this run costs about as much as a full sync.`,
    });
  }
  const refused = await judgeDeletions(parts, reader, problems, deletions, options);
  const listings = [...listing.certificates.values()];
  await spool.append([...listings.map((one) => ({ record: "listing" as const, listing: one })), { record: "summary", summary }]);
  return {
    summary,
    listings,
    spaces: reads.reports(listings),
    memory: listing.memory,
    rest: problems.count === 0 ? await restAfter({ parts, run, reader }, listing, differing, options) : null,
    refused,
    full: select === undefined && (run.head === null || options.full === true),
    partial: select !== undefined,
  };
}

/** The target's tables beside their checkpoints, where they are to be reconciled. */
async function openScan(parts: Parts, reader: CheckpointReader, options: PlanOptions): Promise<Spool | null> {
  if (options.reconcile !== true || !parts.target.supports.observe) return null;
  await using opened = new AsyncDisposableStack();
  const scan = opened.use(await parts.openSpool());
  await scanTarget(parts, reader, scan, options);
  opened.move();
  return scan;
}
