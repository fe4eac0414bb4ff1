import { agedRuns, type PruneOptions, type RunAge, recordsOf } from "../../model/ageing.ts";
import type { HistoryRecord } from "../../model/checkpoint.ts";
import type { RunReport } from "../../model/report.ts";
import type { Pruned } from "../../ports/checkpoint-store.ts";
import { type LedgeredRows, scanRows } from "./scan-rows.ts";

/** How much of a state has grown old. */
export async function agedRows(rows: LedgeredRows, options: PruneOptions): Promise<Pruned> {
  const ages: RunAge[] = [];
  for await (const page of scanRows(rows, "run")) for (const [, body] of page) ages.push(JSON.parse(body) as RunReport);
  const runs = agedRuns(ages, options);
  const [gone, kept] = [ages.slice(0, runs), ages.slice(runs)].map((some) => new Set(some.map(({ run_id }) => run_id)));
  const countOf = async (pages: AsyncIterable<readonly string[]>): Promise<number> =>
    recordsOf(
      await upToKept(pages, kept as ReadonlySet<string>),
      (id) => gone?.has(id) === true,
      (id) => kept?.has(id) === true,
    );
  return { runs, history: await countOf(runsOfHistory(rows)), versions: await countOf(runsOfVersions(rows)) };
}

/** The runs of the oldest records, up to the first that stays: what is behind it is not looked at. */
async function upToKept(pages: AsyncIterable<readonly string[]>, kept: ReadonlySet<string>): Promise<readonly string[]> {
  const ids: string[] = [];
  for await (const page of pages) {
    ids.push(...page);
    if (page.some((id) => kept.has(id))) break;
  }
  return ids;
}

async function* runsOfHistory(rows: LedgeredRows): AsyncGenerator<readonly string[]> {
  for await (const page of scanRows(rows, "history")) yield page.map(([, , body]) => (JSON.parse(body) as HistoryRecord).run_id);
}

async function* runsOfVersions(rows: LedgeredRows): AsyncGenerator<readonly string[]> {
  for await (const page of scanRows(rows, "version", { pageSize: 100 })) yield page.map(([, , run_id]) => run_id);
}
