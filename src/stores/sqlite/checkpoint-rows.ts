import type { Asset } from "../../model/asset.ts";
import type { Acknowledged, Checkpoint, CheckpointEntry, Decision } from "../../model/checkpoint.ts";
import { parseStored } from "../../model/stored-json.ts";
import type { RecordRow } from "./schema.ts";

export function toRecordRow(checkpoint: Checkpoint): RecordRow {
  const { asset_id, asset_type, source_system, last_sync_time, sync_version, snapshot, target, decisions } = checkpoint;
  return [
    asset_id,
    asset_type,
    source_system,
    last_sync_time,
    sync_version,
    JSON.stringify(snapshot),
    target === null ? null : wideTarget(target),
    JSON.stringify(decisions),
  ];
}

export function fromRows(entry: CheckpointEntry, row: RecordRow): Checkpoint {
  const [asset_id, asset_type, source_system, last_sync_time, sync_version, snapshot, target, decisions] = row;
  const { fingerprint, raw, tombstone, ref, mapping } = entry;
  return {
    asset_id,
    asset_type,
    source_system,
    last_sync_time,
    sync_version,
    fingerprint,
    raw,
    snapshot: parseStored(snapshot) as unknown as Asset,
    target:
      target === null || ref === null || mapping === null ? null : { ref, ...(parseStored(target) as unknown as WideTarget), mapping },
    tombstone,
    decisions: parseStored(decisions) as unknown as readonly Decision[],
  };
}

type WideTarget = Omit<Acknowledged, "ref" | "mapping">;

function wideTarget({ revision, document, fingerprint }: Acknowledged): string {
  return JSON.stringify({ revision, document, fingerprint });
}
