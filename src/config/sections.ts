import type { MergePolicy } from "../model/checkpoint.ts";
import type { HashAlgorithm } from "../model/fingerprint.ts";
import { DEFAULT_POLICIES, type MergeRule } from "../model/merge-policy.ts";
import type { Secret } from "./secret.ts";

/** The sections that hold globally and may be overridden, key by key, in a pipeline. All defaults filled in. */
export interface Sections {
  readonly change_detection: ChangeDetection;
  readonly sync_strategies: SyncStrategies;
  readonly checkpoint_management: CheckpointManagement;
  readonly retry: Retry;
  readonly deletion: Deletion;
  readonly conflicts: Conflicts;
  readonly renames: "show" | "carry";
  readonly owners: { readonly [spaceOrAsset: string]: string };
  readonly stewards: { readonly [spaceOrAsset: string]: string };
  readonly openlineage: OpenLineage;
  readonly tags: { readonly [spaceAssetOrPattern: string]: readonly string[] };
}

export interface ChangeDetection {
  readonly hash_algorithm: HashAlgorithm;
  readonly content_hash_enabled: boolean;
  readonly schema_hash_enabled: boolean;
  readonly metadata_hash_enabled: boolean;
  readonly ignore_fields: readonly string[];
  readonly case_sensitive: boolean;
  readonly normalize_whitespace: boolean;
}

export interface SyncStrategies {
  readonly full_sync_threshold: number;
  readonly delta_sync_enabled: boolean;
  readonly metadata_only_threshold: number;
  readonly batch_size: number;
  readonly parallel_processing: boolean;
  readonly max_parallel_jobs: number;
}

export interface CheckpointManagement {
  readonly storage_type: "sqlite" | "json" | "postgres";
  /** Absolute after loading. */
  readonly path: string;
  readonly url: Secret | null;
  readonly schema: string;
  readonly backup_enabled: boolean;
  readonly backup_retention_days: number;
  readonly compression_enabled: boolean;
  readonly memory_cache_enabled: boolean;
  readonly cleanup_interval_hours: number;
}

/** Attempts in all, and the pause between them in milliseconds. */
export interface Retry {
  readonly attempts: number;
  readonly base_ms: number;
  readonly max_ms: number;
}

export interface Deletion {
  readonly max_count: number;
  readonly max_share: number;
  readonly grace_runs: number;
}

export interface Conflicts {
  readonly description: MergePolicy;
  readonly comments: MergePolicy;
  readonly structure: MergePolicy;
  /** The first that matches decides; else the three above. */
  readonly overrides: readonly MergeRule[];
}

/** Where run events go in the terms of OpenLineage: nowhere, unless a file or an address is given. */
export interface OpenLineage {
  /** Absolute after loading. */
  readonly file: string | null;
  readonly url: string | null;
  readonly api_key: Secret | null;
  readonly namespace: string;
  readonly source_namespace: string | null;
  readonly target_namespace: string | null;
}

/** What holds where neither the file nor the pipeline says otherwise. */
export const DEFAULTS: Sections = {
  change_detection: {
    hash_algorithm: "sha256",
    content_hash_enabled: true,
    schema_hash_enabled: true,
    metadata_hash_enabled: true,
    ignore_fields: ["last_modified", "sync_timestamp"],
    case_sensitive: true,
    normalize_whitespace: true,
  },
  sync_strategies: {
    full_sync_threshold: 0.7,
    delta_sync_enabled: true,
    metadata_only_threshold: 0.1,
    batch_size: 100,
    parallel_processing: true,
    max_parallel_jobs: 10,
  },
  checkpoint_management: {
    storage_type: "sqlite",
    path: "./checkpoints",
    url: null,
    schema: "tidemark",
    backup_enabled: true,
    backup_retention_days: 30,
    compression_enabled: true,
    memory_cache_enabled: true,
    cleanup_interval_hours: 24,
  },
  retry: { attempts: 5, base_ms: 200, max_ms: 20_000 },
  deletion: { max_count: 5, max_share: 0.1, grace_runs: 0 },
  conflicts: { ...DEFAULT_POLICIES, overrides: [] },
  renames: "show",
  openlineage: { file: null, url: null, api_key: null, namespace: "tidemark", source_namespace: null, target_namespace: null },
  owners: {},
  stewards: {},
  tags: {},
};
