import { agedRuns, type PruneOptions, recordsOf } from "../../model/ageing.ts";
import type { Pruned } from "../../ports/checkpoint-store.ts";
import type { MemoryState } from "./memory-state.ts";

/** How much of a state in memory has grown old. */
export function agedInMemory({ runs, history, versions }: MemoryState, options: PruneOptions): Pruned {
  const aged = agedRuns(runs, options);
  const ids = runs.map(({ run_id }) => run_id);
  const [gone, kept] = [new Set(ids.slice(0, aged)), new Set(ids.slice(aged))];
  const countOf = (records: readonly { readonly run_id: string }[]): number =>
    recordsOf(
      records.map(({ run_id }) => run_id),
      (id) => gone.has(id),
      (id) => kept.has(id),
    );
  return { runs: aged, history: countOf(history), versions: countOf(versions) };
}
