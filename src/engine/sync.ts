import type { RunReport } from "../model/report.ts";
import { carryOut } from "./carry-out.ts";
import type { Parts, RunOptions } from "./parts.ts";
import { prepare } from "./prepare.ts";
import { ProblemLog } from "./problem-log.ts";
import { recover } from "./recover.ts";
import { openRun } from "./run-context.ts";

/**
 * Brings the target in step with the source: takes the lease, makes the state true again where an earlier run broke off, lists the
 * source, reads what may have changed, plans what differs, has the guard judge the whole plan, applies it and commits the outcome.
 *
 * Throws a TidemarkError only for what ends the run before anything is applied; everything else is in the report.
 */
export async function sync(parts: Parts, options: RunOptions): Promise<RunReport> {
  const started = parts.clock.monotonic();
  const problems = new ProblemLog(parts.log);
  await using lease = await parts.store.acquire();
  await using spool = await parts.openSpool();
  const run = await openRun(parts, lease, options);
  await recover(parts, run, lease, options);
  const prepared = await prepare(parts, run, lease, spool, problems, { ...options, observe: false });
  const full = run.head === null || options.full === true;
  return await carryOut({ parts, run, lease, spool, problems, prepared, started, full }, options);
}
