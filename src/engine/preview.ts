import type { Problem } from "../model/errors.ts";
import type { ListingCertificate } from "../model/listing.ts";
import type { PlanHeader, PlanRecord, PlanSummary } from "../model/plan.ts";
import type { Parts, RunOptions } from "./parts.ts";
import { prepare } from "./prepare.ts";
import { ProblemLog } from "./problem-log.ts";
import { recoverInMemory } from "./recover.ts";
import { openRun } from "./run-context.ts";

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

/**
 * Makes the plan that `sync` would carry out, and writes nothing: no state, no directory, no lease. What an earlier run left open is
 * resolved in memory. The tables that would be written are looked at, so that the plan shows what people's edits withhold.
 */
export async function preview(parts: Parts, options: RunOptions): Promise<Preview> {
  const problems = new ProblemLog(parts.log);
  await using opened = new AsyncDisposableStack();
  const reader = opened.use(await parts.store.reader());
  const spool = opened.use(await parts.openSpool());
  const run = await openRun(parts, reader, options);
  const recovered = await recoverInMemory(parts, run, reader, options);
  const { summary, listings } = await prepare(parts, run, recovered, spool, problems, { ...options, observe: true });
  const kept = opened.move();
  return {
    header: run.header,
    summary,
    listings,
    problems: problems.spelledOut,
    records: () => spool.records(),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}
