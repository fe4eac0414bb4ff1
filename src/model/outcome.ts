import type { AssetId } from "./asset.ts";
import type { Change } from "./change.ts";
import type { Problem } from "./errors.ts";
import type { Json } from "./json.ts";
import type { Withheld } from "./plan.ts";

/** What became of a step. */
export type Outcome =
  | { readonly status: "applied"; readonly change: Change; readonly kept: readonly Problem[]; readonly withheld: readonly Withheld[] }
  | { readonly status: "withheld"; readonly change: Change; readonly withheld: readonly Withheld[] }
  | { readonly status: "failed"; readonly change: Change; readonly problem: Problem }
  | { readonly status: "not_attempted"; readonly change: Change };

/** A field of a table that differs from what we recorded; an absent side is an absent key. */
export interface FieldDrift {
  /** JSON Pointer into the document shape where a field of the asset corresponds; else below `/target`, in the target's own spelling. */
  readonly path: string;
  /** As we last wrote it. */
  readonly ours?: Json;
  /** As it stands. */
  readonly theirs?: Json;
  /** Somebody else's to change: it stays as it is, and is no drift. */
  readonly kept?: true;
}

/** How one table differs from what the checkpoints tell of it. */
export type Drift =
  /** Somebody changed the table. `kept` alone is no drift of our part. */
  | { readonly kind: "edited" | "kept"; readonly asset_id: AssetId; readonly ref: string; readonly fields: readonly FieldDrift[] }
  /** The checkpoint tells of a table that is gone. */
  | { readonly kind: "missing"; readonly asset_id: AssetId; readonly ref: string }
  /** A table with this pipeline's mark that no checkpoint tells of: a copy, or one of another history (its lineage). */
  | { readonly kind: "added"; readonly asset_id: AssetId; readonly ref: string; readonly lineage: string };
