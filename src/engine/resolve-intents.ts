import type { AssetId } from "../model/asset.ts";
import type { Checkpoint, HistoryRecord, Intent, OutcomeRecord } from "../model/checkpoint.ts";
import type { CheckpointReader } from "../ports/checkpoint-store.ts";
import type { Observed } from "../ports/target.ts";
import { checkpointOf } from "./adopt-tables.ts";
import type { Parts, RunOptions } from "./parts.ts";
import type { RunContext } from "./run-context.ts";

/** Runs that an unresolved intent stays open for: a late request may still land in them. */
const LIMBO_RUNS = 2;

/** What became of the intents that an earlier run left open. */
export interface Resolved {
  /** To record: effects that took place, and intents given up. */
  readonly outcomes: readonly OutcomeRecord[];
  /** To keep open, their limbo counted on. */
  readonly limbo: readonly Intent[];
}

/**
 * Reads the target for each open intent: an effect that took place is adopted. The intent itself stays open for two more runs, because
 * a request that was lost on the way may land in them; what it did is then seen at its place. Nothing is inferred from time, and a
 * target that will not say keeps the intent as it is.
 */
export async function resolveIntents(parts: Parts, run: RunContext, reader: CheckpointReader, options: RunOptions): Promise<Resolved> {
  const open = await reader.intents();
  if (open.length === 0) return { outcomes: [], limbo: [] };
  parts.log.event({ kind: "phase", phase: "recover", total: open.length });
  const recorded = await reader.get([...new Set(open.map((intent) => intent.asset_id))]);
  if (!parts.target.supports.observe) return { outcomes: unacknowledged(open, recorded), limbo: [] };
  const observed = await parts.target.observe([...new Set(open.map((intent) => intent.ref))], options);
  const outcomes: OutcomeRecord[] = [];
  const limbo: Intent[] = [];
  // Newest first: the last effect that is to be seen is the one that stands.
  const settled = new Set<AssetId>();
  for (const intent of open.toReversed()) {
    const { asset_id } = intent;
    const before = recorded.get(asset_id) ?? null;
    const found: Observed = observed.get(intent.ref) ?? {
      state: "unknown",
      ref: intent.ref,
      problem: { code: "outcome_unknown", message: `${intent.ref} cannot be read back.` },
    };
    const after = settled.has(asset_id) ? undefined : adopt(intent, found, parts.target.mapping);
    if (after !== undefined) settled.add(asset_id);
    const history = after === undefined || sameEffect(before, after) ? null : recovered(parts, intent, before, after);
    const ends = found.state !== "unknown" && intent.limbo >= LIMBO_RUNS;
    if (ends || history !== null)
      outcomes.push({
        seq: ends ? intent.seq : null,
        asset_id,
        ...(history === null ? { checkpoint: undefined } : { checkpoint: after, history }),
      });
    if (!ends) limbo.push(found.state === "unknown" ? intent : { ...intent, limbo: intent.limbo + 1 });
  }
  return { outcomes: [...outcomes, ...orphans(parts, run, observed, recorded, settled)], limbo };
}

/**
 * For a target that cannot be read back: whatever an open intent did or did not, nothing is acknowledged any more, so that the next plan
 * writes the asset whole, or removes it again.
 */
function unacknowledged(open: readonly Intent[], recorded: ReadonlyMap<AssetId, Checkpoint>): readonly OutcomeRecord[] {
  return open.map(({ seq, asset_id, pending }) => {
    const known = recorded.get(asset_id) ?? pending;
    return { seq, asset_id, checkpoint: known === null ? undefined : { ...known, target: null } };
  });
}

/** What stands at a place of an open intent as ours, and neither an intent nor a checkpoint tells of: adopted as it tells itself. */
function orphans(
  parts: Parts,
  run: RunContext,
  observed: ReadonlyMap<string, Observed>,
  recorded: ReadonlyMap<AssetId, Checkpoint>,
  settled: ReadonlySet<AssetId>,
): readonly OutcomeRecord[] {
  const adopted: OutcomeRecord[] = [];
  for (const table of observed.values()) {
    if (
      table.state !== "present" ||
      table.mark?.lineage !== run.mark.lineage ||
      recorded.has(table.mark.asset_id) ||
      settled.has(table.mark.asset_id)
    )
      continue;
    const checkpoint = checkpointOf(parts, table);
    if (checkpoint !== null) adopted.push({ seq: null, asset_id: checkpoint.asset_id, checkpoint });
  }
  return adopted;
}

function sameEffect(before: Checkpoint | null, after: Checkpoint | null): boolean {
  if (before === null || after === null) return before === after;
  return before.target?.fingerprint === after.target?.fingerprint && (before.tombstone === null) === (after.tombstone === null);
}

/** The checkpoint that the intent's effect leads to, null for a removal, undefined where the effect is not to be seen. */
function adopt(intent: Intent, found: Observed, mapping: string): Checkpoint | null | undefined {
  if (found.state === "absent") return intent.op === "put" ? undefined : null;
  if (found.state === "unknown" || found.mark === null || found.mark.asset_id !== intent.asset_id) return undefined;
  if (intent.pending === null) return undefined;
  const { ref, revision, document, fingerprint } = found;
  const marked = found.mark.tombstone !== null;
  if (intent.op === "mark" ? !marked : marked || fingerprint !== intent.fingerprint || found.mark.fingerprint !== intent.fingerprint)
    return undefined;
  return { ...intent.pending, target: { ref, revision, document, fingerprint, mapping } };
}

function recovered(parts: Parts, intent: Intent, before: Checkpoint | null, after: Checkpoint | null): HistoryRecord {
  return {
    time: new Date(parts.clock.now()).toISOString(),
    run_id: intent.run_id,
    asset_id: intent.asset_id,
    change_type: intent.op === "put" ? (before === null ? "created" : "modified") : "deleted",
    facets: [],
    before: before?.fingerprint ?? null,
    after: after?.fingerprint ?? null,
    outcome: "recovered",
  };
}
