import { applyPlan } from "../apply/apply-plan.ts";
import type { StateHead } from "../model/checkpoint.ts";
import type { Json } from "../model/json.ts";
import type { ListingCertificate } from "../model/listing.ts";
import { compareCodePoints } from "../model/order.ts";
import type { PlanSummary } from "../model/plan.ts";
import type { RunCost, RunReport, SpaceReport } from "../model/report.ts";
import { changesIn } from "../plan/summary.ts";
import type { CheckpointLease } from "../ports/checkpoint-store.ts";
import type { Spool } from "../ports/spool.ts";
import { AT_REST_KEY } from "./at-rest.ts";
import { OutcomeTally } from "./outcome-tally.ts";
import type { Parts, RunOptions } from "./parts.ts";
import type { ProblemLog } from "./problem-log.ts";
import type { RunContext } from "./run-context.ts";
import { costToJson, fullRunKey, runReport } from "./run-report.ts";
import { settlingSignal } from "./settling-signal.ts";
import { beginUpkeep } from "./upkeep.ts";

/** A plan that is complete and judged; its records stand in the spool. */
export interface Prepared {
  readonly summary: PlanSummary;
  readonly listings: readonly ListingCertificate[];
  /** What was listed and read, by space. Absent where the source was not asked. */
  readonly spaces?: readonly SpaceReport[];
  /** What the source wants remembered if the run commits. */
  readonly memory: ReadonlyMap<string, Json>;
  /** What is to be remembered, if the run commits, of a catalog that is at rest. */
  readonly rest?: Json | null;
  /** The guard refused it: nothing of it may be applied. */
  readonly refused: boolean;
  /** The run reads and writes everything: its own cost is a full sync's. */
  readonly full: boolean;
  /** It is narrowed to a selection: what lies outside is as it was. */
  readonly partial: boolean;
}

/** What a run has at hand when its plan is made. */
export interface Ready {
  readonly parts: Parts;
  readonly run_id: string;
  readonly run: RunContext;
  readonly lease: CheckpointLease;
  readonly spool: Spool;
  readonly problems: ProblemLog;
  readonly prepared: Prepared;
  /** On the monotonic clock. */
  readonly started: number;
}

/** Applies a judged plan and commits what came of it. A refused one changes nothing; only its report is kept. */
export async function carryOut(ready: Ready, { signal, approve }: Pick<RunOptions, "signal" | "approve">): Promise<RunReport> {
  const { parts, lease, prepared, problems, started } = ready;
  const { full } = prepared;
  const tally = new OutcomeTally(prepared.summary, problems);
  const lastFull = ((await lease.memory(fullRunKey(parts))) ?? null) as unknown as RunCost | null;
  const spaces = prepared.spaces === undefined ? {} : { spaces: prepared.spaces };
  const measured = { run_id: ready.run_id, started, tally, problems, full, lastFull, ...spaces };
  if (prepared.refused) {
    const refusal = runReport(parts, measured);
    // Where there is no state, there is nothing that a plan could delete: no guard refuses it.
    if (ready.run.head !== null) await lease.addRun(refusal);
    return refusal;
  }
  await approve?.({ summary: prepared.summary, records: () => ready.spool.records() });
  const upkeep = await beginUpkeep(ready);
  await lease.begin(headOf(ready, { clean: false }));
  await apply(ready, tally, measured.run_id, signal);
  parts.log.event({ kind: "phase", phase: "commit" });
  const kept = await upkeep.end();
  const report: RunReport = { ...runReport(parts, measured), ...(kept.report === null ? {} : { upkeep: kept.report }) };
  const memory = new Map<string, Json>([...prepared.memory].map(([key, value]) => [`source:${key}`, value]));
  if (full && report.full_sync !== null) memory.set(fullRunKey(parts), costToJson(report.full_sync));
  for (const [key, value] of kept.memory) memory.set(key, value);
  if (prepared.rest != null) memory.set(AT_REST_KEY, prepared.rest);
  await lease.commit({ head: headOf(ready, { clean: true }), memory, report });
  // What the store failed at behind the commit is no part of what was committed.
  return { ...report, problems: problems.spelledOut };
}

async function apply(
  { parts, run, lease, spool, problems, prepared }: Ready,
  tally: OutcomeTally,
  run_id: string,
  signal: AbortSignal,
): Promise<void> {
  const { target, clock, random, log, source, meters, settings } = parts;
  log.event({ kind: "phase", phase: "apply", total: changesIn(prepared.summary) });
  for await (const page of spool.records(["withheld", "problem"])) {
    for (const record of page) {
      if (record.record === "withheld") problems.add({ asset_id: record.withheld.asset_id, ...record.withheld.because });
      if (record.record === "problem") tally.leftOut();
    }
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
    (of) => spool.records(of),
  );
  if (tally.notAttempted > 0) {
    const steps = `${tally.notAttempted} ${tally.notAttempted === 1 ? "step" : "steps"}`;
    problems.add({
      code: "interrupted",
      message: `The run was interrupted with ${steps} not begun. What was done is recorded; run again to go on.`,
    });
  }
}

function headOf({ parts, run, prepared }: Ready, { clean }: { readonly clean: boolean }): Omit<StateHead, "format" | "generation"> {
  const { pipeline, source, settings } = parts;
  // The scope stays the recorded one until a run accepts the new one: until then nothing is deleted for it.
  const scope = run.scopeChanged && run.head !== null ? run.head.scope : run.scope;
  // A selection is no run of the whole: what the first of these must not delete, the next still must not.
  const recovered = (!clean || prepared.partial) && run.head?.recovered === true;
  return {
    lineage: run.mark.lineage,
    pipeline,
    source_system: source.system,
    scheme: settings.scheme,
    scope,
    clean,
    recovered,
    listings: prepared.partial ? merged(run.head?.listings ?? [], prepared.listings) : prepared.listings,
  };
}

function merged(before: readonly ListingCertificate[], now: readonly ListingCertificate[]): readonly ListingCertificate[] {
  const anew = new Set(now.map(({ scope }) => scope));
  return [...before.filter(({ scope }) => !anew.has(scope)), ...now].toSorted((a, b) => compareCodePoints(a.scope, b.scope));
}
