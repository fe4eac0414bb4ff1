import type { AssetId } from "../model/asset.ts";
import type { Checkpoint, CheckpointEntry } from "../model/checkpoint.ts";
import { TidemarkError } from "../model/errors.ts";
import { hashOf } from "./hash-of.ts";

/** The narrow part of a checkpoint. */
export function entryOf(checkpoint: Checkpoint): CheckpointEntry {
  const { asset_id, raw, fingerprint, tombstone, target } = checkpoint;
  return { asset_id, raw, fingerprint, tombstone, ref: target?.ref ?? null, mapping: target?.mapping ?? null };
}

/** What was found of an id that the state tells of. Throws `state_damaged` where there is nothing: whoever took it for new would decide on a damaged state. */
export function requireFound<T>(found: ReadonlyMap<AssetId, T>, id: AssetId): T {
  const one = found.get(id);
  if (one === undefined) throw new TidemarkError("state_damaged", `The state holds an entry for ${id}, and no checkpoint of it.`);
  return one;
}

/** Differs where anything was applied to an asset since. What is only known of its source may move: no plan is made on that. */
export function digestOf({ fingerprint, tombstone, ref, mapping }: CheckpointEntry): string {
  return hashOf({ fingerprint: { ...fingerprint }, tombstone: tombstone === null ? null : { ...tombstone }, ref, mapping });
}
