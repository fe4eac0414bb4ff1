import type { Asset } from "../../model/asset.ts";
import type { Acknowledged, Checkpoint, CheckpointEntry, Decision, Tombstone } from "../../model/checkpoint.ts";
import { parseStored } from "../../model/stored-json.ts";
import type { Basis } from "./bases.ts";
import { sealed } from "../shared/row-sum.ts";
import type { RecordRow, RowOf } from "./schema.ts";

export function toEntryRow(entry: CheckpointEntry, basis: number, record: string): RowOf["entry"] {
  const { asset_id, raw, fingerprint, ref, tombstone } = entry;
  const { content, schema, metadata } = fingerprint;
  const held = tombstone === null ? null : JSON.stringify(tombstone);
  return sealed([asset_id, basis, raw?.token ?? null, content, schema, metadata, ref, held, record]) as RowOf["entry"];
}

export function fromEntryRow(row: RowOf["entry"], basis: Basis): CheckpointEntry {
  const [asset_id, , token, content, schema, metadata, ref, tombstone] = row;
  return {
    asset_id,
    raw: token === null || basis.raw === null ? null : { token, basis: basis.raw },
    fingerprint: { scheme: basis.scheme, content, schema, metadata },
    ref,
    mapping: basis.mapping,
    tombstone: tombstone === null ? null : (JSON.parse(tombstone) as Tombstone),
  };
}

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

/** What stands in the entry of a checkpoint. */
export function entryOf({ asset_id, raw, fingerprint, target, tombstone }: Checkpoint): CheckpointEntry {
  return { asset_id, raw, fingerprint, ref: target?.ref ?? null, mapping: target?.mapping ?? null, tombstone };
}

type WideTarget = Omit<Acknowledged, "ref" | "mapping">;

function wideTarget({ revision, document, fingerprint }: Acknowledged): string {
  return JSON.stringify({ revision, document, fingerprint });
}
