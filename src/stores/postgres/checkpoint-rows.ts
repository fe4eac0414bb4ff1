import type { Asset } from "../../model/asset.ts";
import type { Acknowledged, Checkpoint, CheckpointEntry } from "../../model/checkpoint.ts";
import { parseStored } from "../../model/stored-json.ts";
import type { OpenRecord, Store } from "./snapshots.ts";
import type { RecordRow } from "./tables.ts";

export function toRecordRow({ asset_id, snapshot, target, ...rest }: Checkpoint, store: Store): RecordRow {
  const { asset_type, source_system, last_sync_time, sync_version, decisions } = rest;
  const facts: Facts = { asset_type, source_system, last_sync_time, sync_version, decisions, target: target && wideTarget(target) };
  return [asset_id, JSON.stringify(facts), store(JSON.stringify(snapshot))];
}

export function fromRows({ asset_id, ref, mapping, ...entry }: CheckpointEntry, { row, text }: OpenRecord): Checkpoint {
  const { target, ...facts } = parseStored(row[1]) as unknown as Facts;
  return {
    asset_id,
    ...facts,
    ...entry,
    snapshot: assetIn(text),
    target: target === null || ref === null || mapping === null ? null : { ...target, ref, mapping },
  };
}

/** An asset as it is stored, as JSON. */
export function assetIn(text: string): Asset {
  return parseStored(text) as unknown as Asset;
}

/** How often the asset of this row was synced. */
export function syncVersionOf([, facts]: RecordRow): number {
  return (parseStored(facts) as unknown as Facts).sync_version;
}

/** What stands neither in the entry nor in the snapshot. */
interface Facts extends Pick<Checkpoint, "asset_type" | "source_system" | "last_sync_time" | "sync_version" | "decisions"> {
  readonly target: Omit<Acknowledged, "ref" | "mapping"> | null;
}

function wideTarget({ revision, document, fingerprint }: Acknowledged): Facts["target"] {
  return { revision, document, fingerprint };
}
