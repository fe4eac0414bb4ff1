import type { Checkpoint, CheckpointEntry, Tombstone } from "../../model/checkpoint.ts";
import type { Basis } from "./known-bases.ts";
import { sealed } from "./row-sum.ts";
import type { RowOf } from "./rows.ts";

/** The narrow part of a checkpoint. */
export function entryOf({ asset_id, raw, fingerprint, target, tombstone }: Checkpoint): CheckpointEntry {
  return { asset_id, raw, fingerprint, ref: target?.ref ?? null, mapping: target?.mapping ?? null, tombstone };
}

export function basisOf({ raw, fingerprint, mapping }: CheckpointEntry): Basis {
  return { scheme: fingerprint.scheme, raw: raw?.basis ?? null, mapping };
}

/** `record` is the sum of the wide row. */
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
