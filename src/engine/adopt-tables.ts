import { fingerprintAsset } from "../detect/fingerprint-asset.ts";
import type { Checkpoint, OutcomeRecord } from "../model/checkpoint.ts";
import type { Fingerprint } from "../model/fingerprint.ts";
import type { CheckpointReader } from "../ports/checkpoint-store.ts";
import type { Observed } from "../ports/target.ts";
import type { Parts, RunOptions } from "./parts.ts";

/** A table that bears a mark of this pipeline. */
export type OwnedTable = Extract<Observed, { state: "present" }>;

/**
 * Finds the tables of one lineage that no checkpoint acknowledges, and makes the checkpoints that they tell: in bounded batches, to be recorded
 * or looked at.
 *
 * A table whose part of ours was edited by hand gets a checkpoint without hashes, so that the next plan writes it whole.
 */
export async function* adoptTables(
  parts: Parts,
  reader: CheckpointReader,
  lineage: string,
  options: RunOptions,
): AsyncIterable<readonly OutcomeRecord[]> {
  for await (const page of parts.target.scan(parts.pipeline, options)) {
    const owned = page.filter((table) => table.mark?.lineage === lineage);
    const recorded = await reader.get(owned.flatMap((table) => (table.mark === null ? [] : [table.mark.asset_id])));
    const adopted: OutcomeRecord[] = [];
    for (const table of owned) {
      const checkpoint = checkpointOf(parts, table);
      const known = checkpoint === null ? undefined : recorded.get(checkpoint.asset_id);
      if (checkpoint === null || (known !== undefined && known.target !== null)) continue;
      // An imported checkpoint tells of an asset's past, and its table the rest.
      const past = known === undefined ? {} : { last_sync_time: known.last_sync_time, sync_version: known.sync_version };
      adopted.push({ seq: null, asset_id: checkpoint.asset_id, checkpoint: { ...checkpoint, ...past } });
    }
    if (adopted.length > 0) yield adopted;
  }
}

/** The checkpoint that a table of ours tells, null for a table that tells no asset. */
export function checkpointOf(parts: Parts, table: OwnedTable): Checkpoint | null {
  const { target, source, settings, clock } = parts;
  const { ref, revision, document, fingerprint, mark } = table;
  const snapshot = target.restore(document);
  if (mark === null || snapshot === null || snapshot.id !== mark.asset_id) return null;
  const whole = fingerprintAsset(snapshot, settings.scheme);
  const none: Fingerprint = { scheme: whole.scheme, content: null, schema: null, metadata: null };
  return {
    asset_id: mark.asset_id,
    asset_type: snapshot.asset_type,
    source_system: source.system,
    last_sync_time: new Date(clock.now()).toISOString(),
    sync_version: 1,
    fingerprint: fingerprint === mark.fingerprint ? whole : none,
    raw: null,
    snapshot,
    // No mapping is claimed: the next plan projects the asset anew and compares.
    target: { ref, revision, document, fingerprint, mapping: "" },
    tombstone: mark.tombstone === null ? null : { generation: mark.tombstone, confirmations: 0 },
    decisions: [],
  };
}
