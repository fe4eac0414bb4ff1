import { applyPlan } from "../apply/apply-plan.ts";
import type { Json } from "../model/json.ts";
import type { RunCost, RunReport } from "../model/report.ts";
import type { StateHead } from "../model/checkpoint.ts";
import type { CheckpointLease } from "../ports/checkpoint-store.ts";
import type { Spool } from "../ports/spool.ts";
import { OutcomeTally } from "./outcome-tally.ts";
import type { Parts, RunOptions } from "./parts.ts";
import { type Prepared, prepare } from "./prepare.ts";
import { ProblemLog } from "./problem-log.ts";
import { recover } from "./recover.ts";
import { openRun, type RunContext } from "./run-context.ts";
import { costToJson, fullRunKey, runReport } from "./run-report.ts";
import { settlingSignal } from "./settling-signal.ts";

/**
 * Brings the target in step with the source: lease, resolve what an earlier run left open, list, read, detect, plan, judge, apply, commit.
 *
 * Throws a TidemarkError only for what ends the run before anything is applied; everything else is in the report. When the guard
 * refuses the plan, nothing is written, neither to the target nor to the state.
 */
export async function sync(parts: Parts, options: RunOptions): Promise<RunReport> {
  const started = parts.clock.monotonic();
  const problems = new ProblemLog(parts.log);
  await using lease = await parts.store.acquire();
  await using spool = await parts.openSpool();
  const run = await openRun(parts, lease, options);
  await recover(parts, run, lease, options);
  const prepared = await prepare(parts, run, lease, spool, problems, { ...options, observe: false });
  const tally = new OutcomeTally(prepared.summary, problems);
  const measured = {
    run_id: parts.random.uuid(),
    started,
    tally,
    problems,
    full: run.head === null || options.full === true,
    lastFull: ((await lease.memory(fullRunKey(parts))) ?? null) as unknown as RunCost | null,
  };
  if (prepared.refused) return runReport(parts, measured);
  await lease.begin(headOf(parts, run, prepared, { clean: false }));
  await apply(parts, run, lease, spool, tally, problems, measured.run_id, options.signal);
  parts.log.event({ kind: "phase", phase: "commit" });
  const report = runReport(parts, measured);
  const memory = new Map<string, Json>([...prepared.listing.memory].map(([key, value]) => [`source:${key}`, value]));
  if (measured.full && report.full_sync !== null) memory.set(fullRunKey(parts), costToJson(report.full_sync));
  await lease.commit({ head: headOf(parts, run, prepared, { clean: true }), memory, report });
  return report;
}

async function apply(
  parts: Parts,
  run: RunContext,
  lease: CheckpointLease,
  spool: Spool,
  tally: OutcomeTally,
  problems: ProblemLog,
  run_id: string,
  signal: AbortSignal,
): Promise<void> {
  const { target, clock, random, log, source, meters, settings } = parts;
  log.event({ kind: "phase", phase: "apply" });
  for await (const page of spool.records()) {
    for (const record of page) if (record.record === "withheld") problems.add({ asset_id: record.withheld.asset_id, ...record.withheld.because });
  }
  using settling = settlingSignal(signal, clock);
  await applyPlan(
    {
      target,
      lease,
      clock,
      random,
      meter: meters.target,
      mark: run.mark,
      source_system: source.system,
      run_id,
      generation: (run.head?.generation ?? 0) + 1,
      batch_size: settings.batch_size,
      max_parallel_jobs: settings.max_parallel_jobs,
      retry: settings.retry,
      signal,
      settleSignal: settling.signal,
      onOutcome: (outcome) => {
        tally.add(outcome);
        log.event({ kind: "progress", phase: "apply", done: tally.done });
      },
    },
    () => spool.records(),
  );
  if (tally.notAttempted > 0) {
    problems.add({ code: "interrupted", message: `The run was interrupted with ${tally.notAttempted} ${tally.notAttempted === 1 ? "step" : "steps"} not begun. What was done is recorded; run again to go on.` });
  }
}

function headOf(parts: Parts, run: RunContext, prepared: Prepared, { clean }: { clean: boolean }): Omit<StateHead, "format" | "generation"> {
  const { pipeline, source, settings } = parts;
  // The scope stays the recorded one until a run accepts the new one: until then nothing is deleted for it.
  const scope = run.scopeChanged && run.head !== null ? run.head.scope : run.scope;
  return { lineage: run.mark.lineage, pipeline, source_system: source.system, scheme: settings.scheme, scope, clean, recovered: !clean && run.head?.recovered === true, listings: prepared.listings };
}
