import type { AssetId } from "../model/asset.ts";
import type { Checkpoint, OutcomeRecord } from "../model/checkpoint.ts";
import type { CheckpointLease, CheckpointReader } from "../ports/checkpoint-store.ts";
import { adoptTables } from "./adopt-tables.ts";
import { overlaidReader } from "./overlaid-reader.ts";
import type { Parts, RunOptions } from "./parts.ts";
import { resolveIntents } from "./resolve-intents.ts";
import type { RunContext } from "./run-context.ts";

/** Generations between two scans that no unclean end calls for. Each costs a request for every hundred tables. */
export const SCAN_EVERY = 24;

/**
 * Makes the state true again before anything is decided on it: open intents are resolved by reading the target, and after a run that did
 * not end well the target is scanned for tables of ours that no checkpoint knows (a late request can leave one behind).
 */
export async function recover(parts: Parts, run: RunContext, lease: CheckpointLease, options: RunOptions): Promise<void> {
  const { outcomes, limbo } = await resolveIntents(parts, run, lease, options);
  if (outcomes.length > 0) await lease.record(outcomes);
  if (limbo.length > 0) await lease.keep(limbo);
  for await (const adopted of orphans(parts, run, lease, options)) await lease.record(adopted);
}

/** A reader as it would read after {@link recover}, recording nothing: for a preview. */
export async function recoverInMemory(
  parts: Parts,
  run: RunContext,
  reader: CheckpointReader,
  options: RunOptions,
): Promise<CheckpointReader> {
  const overlay = overlayOf((await resolveIntents(parts, run, reader, options)).outcomes);
  for await (const adopted of orphans(parts, run, overlaidReader(reader, overlay), options)) {
    for (const [id, checkpoint] of overlayOf(adopted)) overlay.set(id, checkpoint);
  }
  return overlaidReader(reader, overlay);
}

/** A reader as it would read once the open intents are resolved: tables that no checkpoint knows stay unknown. */
export async function resolveInMemory(
  parts: Parts,
  run: RunContext,
  reader: CheckpointReader,
  options: RunOptions,
): Promise<CheckpointReader> {
  return overlaidReader(reader, overlayOf((await resolveIntents(parts, run, reader, options)).outcomes));
}

function overlayOf(outcomes: readonly OutcomeRecord[]): Map<AssetId, Checkpoint | null> {
  return new Map(outcomes.flatMap(({ asset_id, checkpoint }) => (checkpoint === undefined ? [] : [[asset_id, checkpoint]])));
}

async function* orphans(
  parts: Parts,
  run: RunContext,
  reader: CheckpointReader,
  options: RunOptions,
): AsyncIterable<readonly OutcomeRecord[]> {
  const { head } = run;
  if (head === null || !parts.target.supports.observe) return;
  const due = !head.clean || head.recovered || head.generation % SCAN_EVERY === 0;
  if (due) yield* adoptTables(parts, reader, run.mark.lineage, options);
}
