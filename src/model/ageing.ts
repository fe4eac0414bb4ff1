/** What of the past may go: what was recorded before a moment, but never what belongs to the newest runs. */
export interface PruneOptions {
  /** ISO 8601, as `toISOString` writes it. */
  readonly before: string;
  /** How many of the newest runs stay whatever their age. */
  readonly keep: number;
}

/** A run, and when it began where that is known. */
export interface RunAge {
  readonly run_id: string;
  readonly started_at?: string | undefined;
}

/**
 * How many runs go, from the oldest on. What goes is always the beginning, so that what stays has no gaps: up to the last run that began
 * before the moment, and no further than to the first that did not. A run without a time goes with a later one that has.
 *
 * A clock that jumped decides nothing: a run that seems to be later than the newest has no time.
 */
export function agedRuns(runs: readonly RunAge[], { before, keep }: PruneOptions): number {
  const newest = runs.at(-1)?.started_at;
  let aged = 0;
  for (const [i, { started_at }] of runs.slice(0, Math.max(0, runs.length - keep)).entries()) {
    if (started_at === undefined || newest === undefined || started_at > newest) continue;
    if (started_at >= before) break;
    aged = i + 1;
  }
  return aged;
}

/** How many records go with the runs that go, from the oldest on. Those of runs that left no report go with later ones that do. */
export function recordsOf(runIds: Iterable<string>, isAged: (run_id: string) => boolean, isKept: (run_id: string) => boolean): number {
  let [met, aged] = [0, 0];
  for (const run_id of runIds) {
    if (isKept(run_id)) break;
    met += 1;
    if (isAged(run_id)) aged = met;
  }
  return aged;
}
