import type { Asset } from "../../model/asset.ts";
import type { Acknowledged, AssetVersion, Checkpoint, CheckpointEntry, Tombstone } from "../../model/checkpoint.ts";
import { parseStored } from "../../model/stored-json.ts";
import { sealed, sumOf } from "../shared/row-sum.ts";
import type { Basis } from "./bases.ts";
import type { RecordRow, RowOf } from "./tables.ts";

export function toRecordRow({ asset_id, snapshot, target, ...rest }: Checkpoint): RecordRow {
  const { asset_type, source_system, last_sync_time, sync_version, decisions } = rest;
  const facts: Facts = { asset_type, source_system, last_sync_time, sync_version, decisions, target: target && wideTarget(target) };
  return [asset_id, JSON.stringify(facts), JSON.stringify(snapshot)];
}

export function toEntryRow(entry: CheckpointEntry, basis: number, record: RecordRow | string): RowOf["entry"] {
  const { asset_id, raw, fingerprint, ref, tombstone } = entry;
  const { content, schema, metadata } = fingerprint;
  const held = tombstone === null ? null : JSON.stringify(tombstone);
  const sum = typeof record === "string" ? record : sumOf(record);
  return sealed([asset_id, basis, raw?.token ?? null, content, schema, metadata, ref, held, sum]) as RowOf["entry"];
}

export function basisOf({ raw, fingerprint, mapping }: CheckpointEntry): Basis {
  return { scheme: fingerprint.scheme, raw: raw?.basis ?? null, mapping };
}

/** The narrow part of a checkpoint. */
export function entryOf({ asset_id, raw, fingerprint, target, tombstone }: Checkpoint): CheckpointEntry {
  return { asset_id, raw, fingerprint, ref: target?.ref ?? null, mapping: target?.mapping ?? null, tombstone };
}

export function fromEntryRow(
  [asset_id, , token, content, schema, metadata, ref, tombstone]: RowOf["entry"],
  basis: Basis,
): CheckpointEntry {
  return {
    asset_id,
    raw: token === null || basis.raw === null ? null : { token, basis: basis.raw },
    fingerprint: { scheme: basis.scheme, content, schema, metadata },
    ref,
    mapping: basis.mapping,
    tombstone: tombstone === null ? null : (JSON.parse(tombstone) as Tombstone),
  };
}

export function fromRows({ asset_id, ref, mapping, ...entry }: CheckpointEntry, [, told, snapshot]: RecordRow): Checkpoint {
  const { target, ...facts } = parseStored(told) as unknown as Facts;
  return {
    asset_id,
    ...facts,
    ...entry,
    snapshot: assetIn(snapshot),
    target: target === null || ref === null || mapping === null ? null : { ...target, ref, mapping },
  };
}

/** An asset as it is stored, as JSON. */
export function assetIn(text: string): Asset {
  return parseStored(text) as unknown as Asset;
}

export function fromVersionRow([, asset_id, run_id, generation, sync_version, snapshot]: RowOf["version"]): AssetVersion {
  return { asset_id, run_id, generation, sync_version, snapshot: snapshot === null ? null : assetIn(snapshot) };
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
