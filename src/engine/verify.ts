import type { CheckpointEntry } from "../model/checkpoint.ts";
import { type Problem, TidemarkError } from "../model/errors.ts";
import type { Drift } from "../model/outcome.ts";
import type { CheckpointReader } from "../ports/checkpoint-store.ts";
import type { Spool } from "../ports/spool.ts";
import { mergeById } from "./merge-by-id.ts";
import type { Parts, RunOptions } from "./parts.ts";
import { ProblemLog } from "./problem-log.ts";
import { resolveInMemory } from "./recover.ts";
import { openRun } from "./run-context.ts";
import { isDrift, type ScannedTable, scanTarget } from "./scan-target.ts";

/** Counts of tables, each under one of them. */
export interface DriftSummary {
  /** Checkpoints whose tables were compared. */
  readonly checkpoints: number;
  /** As recorded, to the last field. */
  readonly unchanged: number;
  readonly edited: number;
  readonly missing: number;
  readonly added: number;
  /** Changed in nothing but what others may change as they like. */
  readonly kept: number;
}

/** What a verification found. It stands in a spool: to be printed, then disposed of. */
export interface Verification extends AsyncDisposable {
  readonly pipeline: string;
  /** The state compared with; null before the first run. */
  readonly basis: { readonly lineage: string; readonly generation: number } | null;
  readonly summary: DriftSummary;
  /** Tables that the target would not show. */
  readonly problems: readonly Problem[];
  /** In the order of the assets' ids, in bounded pages. */
  drift(): AsyncIterable<readonly Drift[]>;
}

/**
 * Compares the target with what the checkpoints tell of it, and writes nothing. It takes a request for every hundred tables, and one for
 * each recorded table that those do not show: a table that may not be seen is a problem, never missing.
 */
export async function verify(parts: Parts, options: RunOptions): Promise<Verification> {
  const { pipeline, target, log } = parts;
  if (!target.supports.observe)
    throw new TidemarkError("usage", `The target of pipeline ${pipeline} is a feed of changes, which cannot be read back.`, {
      remedy: "What was sent to it is told by `tidemark history`.",
    });
  const problems = new ProblemLog(log);
  await using opened = new AsyncDisposableStack();
  const reader = opened.use(await parts.store.reader());
  const spool = opened.use(await parts.openSpool());
  const run = await openRun(parts, reader, options);
  const summary =
    run.head === null ? NOTHING : await compareAll(parts, await resolveInMemory(parts, run, reader, options), spool, problems, options);
  const kept = opened.move();
  return {
    pipeline,
    basis: run.header.basis,
    summary,
    problems: problems.spelledOut,
    drift: () => driftIn(spool),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

const NOTHING: DriftSummary = { checkpoints: 0, unchanged: 0, edited: 0, missing: 0, added: 0, kept: 0 };

async function compareAll(
  parts: Parts,
  reader: CheckpointReader,
  spool: Spool,
  problems: ProblemLog,
  options: RunOptions,
): Promise<DriftSummary> {
  await scanTarget(parts, reader, spool, options);
  let summary = NOTHING;
  for await (const pairs of mergeById(spool.listed(), reader.entries())) {
    // One whose write was never acknowledged has no table to compare.
    const unseen = pairs.flatMap(({ listed, entry }) => (listed === null && entry.ref !== null ? [entry] : []));
    const looked = await lookFor(parts, reader, unseen, problems, options);
    const found: Drift[] = [];
    for (const { listed, entry } of pairs) {
      const drift = listed === null ? looked.get(entry.asset_id) : driftOf(listed.locator as unknown as ScannedTable);
      if (drift === undefined) continue;
      summary = counted(summary, drift);
      if (drift !== null) found.push(drift);
    }
    await spool.append(found.map((drift) => ({ record: "drift", drift })));
  }
  return summary;
}

/** Null for a table that is as recorded. */
function driftOf({ asset_id, ref, lineage, added, fields }: ScannedTable): Drift | null {
  if (added) return { kind: "added", asset_id, ref, lineage };
  return fields.length === 0 ? null : { kind: isDrift(fields) ? "edited" : "kept", asset_id, ref, fields };
}

/** Reads the places of recorded tables that the scan did not show: gone, without our mark, or not to be seen (undefined). */
async function lookFor(
  parts: Parts,
  reader: CheckpointReader,
  entries: readonly CheckpointEntry[],
  problems: ProblemLog,
  options: RunOptions,
): Promise<ReadonlyMap<string, Drift | null>> {
  const found = new Map<string, Drift | null>();
  const { batch_size } = parts.settings;
  for (let at = 0; at < entries.length; at += batch_size) {
    const batch = entries.slice(at, at + batch_size);
    const recorded = await reader.get(batch.map((entry) => entry.asset_id));
    const observed = await parts.target.observe(
      batch.flatMap(({ ref }) => (ref === null ? [] : [ref])),
      options,
    );
    for (const { asset_id, ref } of batch) {
      const table = observed.get(ref ?? "");
      const checkpoint = recorded.get(asset_id);
      const acknowledged = checkpoint?.target ?? null;
      if (ref === null || table === undefined || checkpoint === undefined || acknowledged === null) continue;
      if (table.state === "absent") found.set(asset_id, { kind: "missing", asset_id, ref });
      else if (table.state === "unknown") problems.add({ ...table.problem, asset_id });
      else found.set(asset_id, { kind: "edited", asset_id, ref, fields: parts.target.drift(acknowledged, table, checkpoint) });
    }
  }
  return found;
}

function counted(summary: DriftSummary, drift: Drift | null): DriftSummary {
  const kind = drift === null ? "unchanged" : drift.kind;
  const isRecorded = kind !== "added";
  return { ...summary, checkpoints: summary.checkpoints + (isRecorded ? 1 : 0), [kind]: summary[kind] + 1 };
}

async function* driftIn(spool: Spool): AsyncIterable<readonly Drift[]> {
  for await (const page of spool.records(["drift"])) yield page.flatMap((record) => (record.record === "drift" ? [record.drift] : []));
}
