import { agedRuns, type PruneOptions, recordsOf, type RunAge } from "../../model/ageing.ts";
import type { HistoryRecord } from "../../model/checkpoint.ts";
import type { RunReport } from "../../model/report.ts";
import type { Pruned } from "../../ports/checkpoint-store.ts";
import { scanRows } from "./read-rows.ts";
import type { Queries } from "./state-database.ts";

/** How much of a state has grown old. */
export function agedRows(state: Queries, options: PruneOptions): Pruned {
  const ages: RunAge[] = [];
  for (const page of scanRows(state, "run")) {
    for (const [, body] of page) {
      const { run_id, started_at } = JSON.parse(body) as RunReport;
      ages.push({ run_id, started_at });
    }
  }
  const runs = agedRuns(ages, options);
  const [gone, kept] = [idsOf(ages.slice(0, runs)), idsOf(ages.slice(runs))];
  const countOf = (ids: Iterable<string>): number =>
    recordsOf(
      ids,
      (id) => gone.has(id),
      (id) => kept.has(id),
    );
  return { runs, history: countOf(runsOfHistory(state)), versions: countOf(runsOfVersions(state)) };
}

function idsOf(ages: readonly RunAge[]): ReadonlySet<string> {
  return new Set(ages.map(({ run_id }) => run_id));
}

function* runsOfHistory(state: Queries): Generator<string> {
  for (const page of scanRows(state, "history")) for (const [, , body] of page) yield (JSON.parse(body) as HistoryRecord).run_id;
}

function* runsOfVersions(state: Queries): Generator<string> {
  for (const page of scanRows(state, "version")) for (const [, , run_id] of page) yield run_id;
}
