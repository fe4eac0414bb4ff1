import { type AssetId, spaceOf, technicalNameOf } from "../model/asset.ts";
import type { Acknowledged, Checkpoint, HistoryRecord, Intent, OutcomeRecord, StateHead } from "../model/checkpoint.ts";
import type { Fingerprint } from "../model/fingerprint.ts";
import type { Json } from "../model/json.ts";
import type { RunReport } from "../model/report.ts";
import { anAsset } from "./builders.ts";

/** What a state is begun with. */
export function aHead(traits: Partial<StateHead> = {}): Omit<StateHead, "format" | "generation"> {
  return {
    lineage: "9b2f6c1e-0000-4000-8000-000000000001",
    pipeline: "sales",
    source_system: "datasphere",
    scheme: {
      canonical: 1,
      mapping: 1,
      hash_algorithm: "sha256",
      facets: ["content", "metadata", "schema"],
      ignore_fields: [],
      case_sensitive: true,
      normalize_whitespace: false,
    },
    scope: "scope-1",
    clean: false,
    recovered: false,
    listings: [],
    ...traits,
  };
}

export function aFingerprint(of: string): Fingerprint {
  return { scheme: "scheme-1", content: `content of ${of}`, schema: `schema of ${of}`, metadata: `metadata of ${of}` };
}

/** The checkpoint of an applied asset; `version` makes one that differs in everything that a change changes. */
export function aCheckpoint(id: AssetId, traits: Partial<Checkpoint> & { readonly version?: number } = {}): Checkpoint {
  const { version = 1, ...rest } = traits;
  const asset = anAsset({ space: spaceOf(id), name: technicalNameOf(id), description: `version ${version} of ${id}` });
  return {
    asset_id: id,
    asset_type: "table",
    source_system: "datasphere",
    last_sync_time: "2026-03-04T05:06:07.000Z",
    sync_version: version,
    fingerprint: aFingerprint(`${id} ${version}`),
    raw: { token: `token ${id} ${version}`, basis: "basis-1" },
    snapshot: asset,
    target: anAcknowledgement(id, { revision: String(version) }),
    tombstone: null,
    decisions: [],
    ...rest,
  };
}

export function anAcknowledgement(id: AssetId, traits: Partial<Acknowledged> = {}): Acknowledged {
  const document: Json = { Name: id, Parameters: { "tidemark.asset": id } };
  return { ref: `place of ${id}`, revision: "1", document, fingerprint: `projection of ${id}`, mapping: "mapping-1", ...traits };
}

export function anIntent(id: AssetId, traits: Partial<Intent> = {}): Omit<Intent, "seq"> {
  return {
    run_id: "run-1",
    asset_id: id,
    op: "put",
    ref: `place of ${id}`,
    fingerprint: `projection of ${id}`,
    pending: aCheckpoint(id),
    limbo: 0,
    ...traits,
  };
}

export function aHistoryRecord(id: AssetId, traits: Partial<HistoryRecord> = {}): HistoryRecord {
  return {
    time: "2026-03-04T05:06:07.000Z",
    run_id: "run-1",
    asset_id: id,
    change_type: "created",
    facets: ["content", "metadata", "schema"],
    before: null,
    after: aFingerprint(id),
    outcome: "applied",
    ...traits,
  };
}

/** The outcome of an applied change: its intent ended, its checkpoint stored, a line of history written. */
export function anOutcome(seq: number | null, checkpoint: Checkpoint): OutcomeRecord {
  return { seq, asset_id: checkpoint.asset_id, checkpoint, history: aHistoryRecord(checkpoint.asset_id) };
}

export function aReport(run_id: string, traits: Partial<RunReport> = {}): RunReport {
  const bytes = { sent: 1, received: 2 };
  const strategy = { assets: 1, requests: 2, bytes: 3 };
  return {
    run_id,
    pipeline: "sales",
    status: "succeeded",
    summary: {
      assets: 3,
      unchanged: 2,
      created: 1,
      modified: 0,
      schema_changed: 0,
      metadata_changed: 0,
      deleted: 0,
      withheld: 0,
      failed: 0,
    },
    requests: { source: 1, target: 2 },
    bytes: { source: bytes, target: bytes },
    by_strategy: { full: strategy, delta: strategy, metadata_only: strategy, deletion: strategy },
    full_sync: null,
    saved: { requests_percent: 85.6, bytes_percent: 98, time_percent: 80.7 },
    duration_ms: 12.5,
    problems: [],
    ...traits,
  };
}
