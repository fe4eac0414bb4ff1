import { TidemarkError } from "../model/errors.ts";
import type { RunReport } from "../model/report.ts";
import type { CheckpointReader } from "../ports/checkpoint-store.ts";
import type { Spool } from "../ports/spool.ts";
import { carryOut, type Prepared } from "./carry-out.ts";
import { copyProblem } from "./copy-problem.ts";
import type { Parts, RunOptions } from "./parts.ts";
import type { Preview } from "./preview.ts";
import { ProblemLog } from "./problem-log.ts";
import { recover, recoverInMemory } from "./recover.ts";
import { openRun, type RunContext } from "./run-context.ts";
import { tellListener } from "./tell-listener.ts";

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
 * A state that turns out damaged falls back to what the store has kept of it, and the run begins again: as after a crash.
 *
 * Throws a TidemarkError only for what ends the run before anything is applied; everything else is in the report.
 */
export async function runPlan(parts: Parts, options: RunOptions, plan: MakePlan): Promise<RunReport> {
  const run_id = parts.random.uuid();
  return await tellListener(parts, run_id, () => runOrFallBack(parts, run_id, options, plan));
}

type MakePlan = (planning: Planning) => Promise<Prepared>;

async function runOrFallBack(parts: Parts, run_id: string, options: RunOptions, plan: MakePlan): Promise<RunReport> {
  try {
    return await runOnce(parts, run_id, options, plan, new ProblemLog(parts.log));
  } catch (error) {
    if (!(error instanceof TidemarkError) || error.code !== "state_damaged") throw error;
    const damaged = (await parts.store.fallBack?.()) ?? null;
    if (damaged === null) throw error;
    const problems = new ProblemLog(parts.log);
    const message = `${error.message} It fell back to an earlier copy and the journal since; the damaged files lie in ${damaged}. The first sync on it deletes nothing.`;
    problems.add({ code: "state_recovered", message });
    return await runOnce(parts, run_id, options, plan, problems);
  }
}

async function runOnce(parts: Parts, run_id: string, options: RunOptions, plan: MakePlan, problems: ProblemLog): Promise<RunReport> {
  const started = parts.clock.monotonic();
  await using lease = await parts.store.acquire({ signal: options.signal, onFailure: (error) => problems.add(copyProblem(error)) });
  await using spool = await parts.openSpool();
  const run = await openRun(parts, lease, options);
  await recover(parts, run, lease, options);
  const prepared = await plan({ parts, run, reader: lease, spool, problems });
  return await carryOut({ parts, run_id, run, lease, spool, problems, prepared, started }, options);
}

/** Makes the plan that {@link runPlan} would carry out, and writes nothing: no state, no directory, no lease. What an earlier run left open is resolved in memory. */
export async function previewPlan(parts: Parts, options: RunOptions, plan: MakePlan): Promise<Preview> {
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
