import type { Checkpoint, CheckpointEntry } from "../model/checkpoint.ts";
import { hashOf } from "./hash-of.ts";

/** The narrow part of a checkpoint. */
export function entryOf(checkpoint: Checkpoint): CheckpointEntry {
  const { asset_id, raw, fingerprint, tombstone, target } = checkpoint;
  return { asset_id, raw, fingerprint, tombstone, ref: target?.ref ?? null, mapping: target?.mapping ?? null };
}

/** Differs where anything was applied to an asset since. What is only known of its source may move: no plan is made on that. */
export function digestOf({ fingerprint, tombstone, ref, mapping }: CheckpointEntry): string {
  return hashOf({ fingerprint: { ...fingerprint }, tombstone: tombstone === null ? null : { ...tombstone }, ref, mapping });
}
