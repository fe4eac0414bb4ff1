import type { Asset, AssetId } from "./asset.ts";
import type { Change, ChangeType, Rename } from "./change.ts";
import type { CheckpointEntry } from "./checkpoint.ts";
import type { Problem, ProblemCode } from "./errors.ts";
import type { Fingerprint, RawFingerprint } from "./fingerprint.ts";
import type { Json } from "./json.ts";
import type { ListingCertificate } from "./listing.ts";
import type { Drift } from "./outcome.ts";

/** A change, or one field of it, that is left out of the plan, and why. */
export interface Withheld {
  readonly asset_id: AssetId;
  readonly change_type: ChangeType;
  /** The held field where only one field is withheld. */
  readonly path?: string;
  readonly because: { readonly code: ProblemCode; readonly message: string };
}

/** One write to the target, or one deletion. Apply does exactly this. */
export type Step =
  | {
      readonly kind: "put";
      readonly change: Change;
      /** The asset as it shall stand in the target. */
      readonly asset: Asset;
      readonly fingerprint: Fingerprint;
      readonly raw: RawFingerprint | null;
      /** What the target held when the plan was made, where it was looked at; null for no table. */
      readonly revision?: string | null;
      /** What a scan of this run found there, whole, so that the write need not read it again. */
      readonly observed?: Json;
      /** Others changed our part of the table: it is brought back, whatever else changes. */
      readonly repair?: true;
      /** What people wrote on the columns that `change.column_renames` names comes along to the new ones (`renames: carry`). */
      readonly carry_columns?: true;
      /** Takes over a table that bears no mark of this history. */
      readonly adopt?: true;
      /** Digest of the checkpoint that a plan to be saved was made on; null where there was none. */
      readonly recorded?: string | null;
    }
  | { readonly kind: "delete"; readonly change: Change; readonly ref: string; readonly recorded?: string | null };

/**
 * One line of a plan as it spools to disk, which is also the format of a saved plan: a header, steps in id order with their
 * companions as they are found, a summary at the end. A file without a summary is cut short and refused.
 */
export type PlanRecord =
  | { readonly record: "header"; readonly header: PlanHeader }
  | { readonly record: "step"; readonly step: Step }
  | { readonly record: "withheld"; readonly withheld: Withheld }
  | { readonly record: "refresh"; readonly refresh: Refresh }
  /** `carried`: what people wrote on the vanished asset's table comes along to the new one's (`renames: carry`). */
  | { readonly record: "rename"; readonly rename: Rename; readonly carried: boolean }
  | { readonly record: "listing"; readonly listing: ListingCertificate }
  | { readonly record: "problem"; readonly problem: Problem }
  /** Only of a verification, which plans nothing. */
  | { readonly record: "drift"; readonly drift: Drift }
  | { readonly record: "summary"; readonly summary: PlanSummary };

export interface PlanHeader {
  readonly format_version: number;
  readonly pipeline: string;
  /** The state that the plan was made on; null before the first run. */
  readonly basis: { readonly lineage: string; readonly generation: number } | null;
  readonly scope: string;
  readonly scheme: string;
  readonly mapping: string;
  /** What its making was allowed, and so its application is. */
  readonly accept_scope_change?: true;
  readonly allow_deletes?: number;
  /** The selection that it is narrowed to, as it was written. */
  readonly select?: string;
}

/** An asset whose bytes moved without a change of any facet, or whose hashes were made anew: its checkpoint is renewed, nothing is written to the target. */
export interface Refresh {
  readonly asset_id: AssetId;
  readonly entry: Pick<CheckpointEntry, "raw" | "fingerprint" | "mapping">;
}

/** Counts of a plan. The counts by type cover the changes only. */
export interface PlanSummary {
  /** Assets that the source listed. */
  readonly assets: number;
  readonly unchanged: number;
  readonly created: number;
  readonly modified: number;
  readonly schema_changed: number;
  readonly metadata_changed: number;
  readonly deleted: number;
  readonly withheld: number;
}

/** How much a run may delete: more than max(`floor`, `share` of the owned assets) is refused unless `allow` is that exact number. */
export interface DeletionLimits {
  readonly floor: number;
  readonly share: number;
  readonly allow: number | null;
}
