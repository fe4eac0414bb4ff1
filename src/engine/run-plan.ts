import type { RunReport } from "../model/report.ts";
import type { CheckpointReader } from "../ports/checkpoint-store.ts";
import type { Spool } from "../ports/spool.ts";
import { carryOut, type Prepared } from "./carry-out.ts";
import type { Parts, RunOptions } from "./parts.ts";
import type { Preview } from "./preview.ts";
import { ProblemLog } from "./problem-log.ts";
import { recover, recoverInMemory } from "./recover.ts";
import { openRun, type RunContext } from "./run-context.ts";

/** What a plan is made of, and where. */
export interface Planning {
  readonly parts: Parts;
  readonly run: RunContext;
  /** The state, true again where an earlier run broke off. */
  readonly reader: CheckpointReader;
  /** Takes the plan's records. */
  readonly spool: Spool;
  readonly problems: ProblemLog;
}

/**
 * Takes the lease, makes the state true again where an earlier run broke off, has `plan` make a plan, applies it and commits the outcome.
 *
 * Throws a TidemarkError only for what ends the run before anything is applied; everything else is in the report.
 */
export async function runPlan(parts: Parts, options: RunOptions, plan: (planning: Planning) => Promise<Prepared>): Promise<RunReport> {
  const started = parts.clock.monotonic();
  const problems = new ProblemLog(parts.log);
  await using lease = await parts.store.acquire();
  await using spool = await parts.openSpool();
  const run = await openRun(parts, lease, options);
  await recover(parts, run, lease, options);
  const prepared = await plan({ parts, run, reader: lease, spool, problems });
  return await carryOut({ parts, run, lease, spool, problems, prepared, started }, options);
}

/** Makes the plan that {@link runPlan} would carry out, and writes nothing: no state, no directory, no lease. What an earlier run left open is resolved in memory. */
export async function previewPlan(parts: Parts, options: RunOptions, plan: (planning: Planning) => Promise<Prepared>): Promise<Preview> {
  const problems = new ProblemLog(parts.log);
  await using opened = new AsyncDisposableStack();
  const reader = opened.use(await parts.store.reader());
  const spool = opened.use(await parts.openSpool());
  const run = await openRun(parts, reader, options);
  const recovered = await recoverInMemory(parts, run, reader, options);
  const { summary, listings } = await plan({ parts, run, reader: recovered, spool, problems });
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
