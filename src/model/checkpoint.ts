import type { Asset, AssetId, AssetType } from "./asset.ts";
import type { Fingerprint, HashScheme, RawFingerprint } from "./fingerprint.ts";
import type { Json } from "./json.ts";
import type { ListingCertificate } from "./listing.ts";

/** Where the checkpoints of a pipeline come from. Exported files count as `datasphere`. */
export type SourceSystem = "datasphere" | "glue";

/** What we last applied for one asset. Absolute, never a difference: writing it twice is writing it once. */
export interface Checkpoint {
  readonly asset_id: AssetId;
  readonly asset_type: AssetType;
  readonly source_system: SourceSystem;
  /** ISO 8601 in UTC; for people only, nothing is decided by it. */
  readonly last_sync_time: string;
  /** Starts at 1, plus 1 for each applied change of the asset. */
  readonly sync_version: number;
  /** Hash of a facet only where that facet was applied. */
  readonly fingerprint: Fingerprint;
  /** Null where the source offers no token. */
  readonly raw: RawFingerprint | null;
  /** The asset as applied. The reference's field `custom_properties` is the snapshot's. */
  readonly snapshot: Asset;
  /** Null until the target acknowledged the asset. */
  readonly target: Acknowledged | null;
  /** Set while a confirmed deletion waits for its second phase. */
  readonly tombstone: Tombstone | null;
  readonly decisions: readonly Decision[];
}

/** The target's table as it last acknowledged it, which is the base of the next merge. */
export interface Acknowledged {
  /** The key of the table's place, {@link TargetRef.key}. */
  readonly ref: string;
  /** What the target's compare-and-set compares. */
  readonly revision: string;
  /** The whole table as written, other people's fields included. */
  readonly document: Json;
  /** Hash of our projection, independent of the `change_detection` settings. */
  readonly fingerprint: string;
  /** Version and options of the mapping that projected it. */
  readonly mapping: string;
}

export interface Tombstone {
  /** The generation that set the mark. */
  readonly generation: number;
  /** Complete listings without the asset since then. */
  readonly confirmations: number;
}

/** How a field that both sides changed was settled. It holds until either side moves. */
export interface Decision {
  /** JSON Pointer into the document shape. */
  readonly path: string;
  readonly policy: MergePolicy;
  /** Hash of the source's value when it was decided. */
  readonly source: string;
  /** Hash of the target's value when it was decided. */
  readonly target: string;
}

export type MergePolicy = "source_wins" | "target_wins" | "merge" | "hold";

/** The narrow part of a checkpoint that an ordered scan yields: enough to decide that nothing changed. */
export interface CheckpointEntry {
  readonly asset_id: AssetId;
  readonly raw: RawFingerprint | null;
  readonly fingerprint: Fingerprint;
  /** {@link Acknowledged.ref} and {@link Acknowledged.mapping}, null until acknowledged. */
  readonly ref: string | null;
  readonly mapping: string | null;
  readonly tombstone: Tombstone | null;
}

/** What a set of checkpoints knows about itself. */
export interface StateHead {
  readonly format: number;
  /** Which history: made once, carried into every owner mark. */
  readonly lineage: string;
  /** Which moment of it: plus 1 at each commit. */
  readonly generation: number;
  readonly pipeline: string;
  readonly source_system: SourceSystem;
  readonly scheme: HashScheme;
  /** Hash of tenant, spaces, filters, target and naming rules; a changed scope never deletes. */
  readonly scope: string;
  /** False while a run is under way: the next run then knows that the last one did not end well. */
  readonly clean: boolean;
  /** Set by a rebuild, a restore or a fallback, until the next commit: that run deletes nothing. */
  readonly recovered: boolean;
  /** The last certificate of each scope. */
  readonly listings: readonly ListingCertificate[];
}

/** What is about to be done to the target, made durable before it is done. Carries all that its outcome would record. */
export interface Intent {
  readonly seq: number;
  readonly run_id: string;
  readonly asset_id: AssetId;
  readonly op: "put" | "mark" | "remove";
  readonly ref: string;
  /** Projection fingerprint that the target bears if the effect took place. */
  readonly fingerprint: string;
  /** The checkpoint that the outcome stores; null for a removal. */
  readonly pending: Checkpoint | null;
  /** Runs that met this intent unresolved: a late request may still land. */
  readonly limbo: number;
}

/** One line of the audit trail: an applied step, append-only. */
export interface HistoryRecord {
  readonly time: string;
  readonly run_id: string;
  readonly asset_id: AssetId;
  readonly change_type: string;
  readonly facets: readonly string[];
  readonly before: Fingerprint | null;
  readonly after: Fingerprint | null;
  readonly outcome: "applied" | "failed" | "withheld" | "recovered";
  readonly message?: string;
}

/**
 * An asset as it stood before a run changed it: what a revert goes back to. The store keeps one whenever an outcome with a history record
 * brings, replaces or takes away a snapshot; an outcome without one changes what we know, not the asset.
 */
export interface AssetVersion {
  readonly asset_id: AssetId;
  /** The run that superseded it. */
  readonly run_id: string;
  /** The generation that the superseding run makes: the asset stood like this up to the generation before. */
  readonly generation: number;
  /** Of the checkpoint that was superseded; null where the run created the asset. */
  readonly sync_version: number | null;
  readonly snapshot: Asset | null;
}

/** The outcome of one intent, as the store records it. */
export interface OutcomeRecord {
  /** The intent that this ends; null for a checkpoint that changed without a write to the target. */
  readonly seq: number | null;
  readonly asset_id: AssetId;
  /** The asset's checkpoint from now on; null removes it; undefined leaves what is stored. */
  readonly checkpoint: Checkpoint | null | undefined;
  readonly history?: HistoryRecord;
}
