import type { AssetId, Facet } from "./asset.ts";
import type { Json } from "./json.ts";

export type ChangeType = "created" | "modified" | "schema_changed" | "metadata_changed" | "deleted";
export const STRATEGIES = ["full", "delta", "metadata_only", "deletion"] as const;
export type Strategy = (typeof STRATEGIES)[number];

/** `source`: the source moved. `mapping`: our mapping or its options did. `drift`: the target was edited and is brought back. */
export type Cause = "source" | "mapping" | "drift";

/** One field that differs. `path` is a JSON Pointer into the document shape (`/schema/columns/NETWR/type`); an absent side is an absent key. */
export interface FieldChange {
  readonly path: string;
  readonly old?: Json;
  readonly new?: Json;
}

/** What differs between an asset and its checkpoint. `facets` holds all that differ, never one winner; all three for created, none for deleted. */
export interface Change {
  readonly asset_id: AssetId;
  readonly change_type: ChangeType;
  readonly facets: readonly Facet[];
  readonly strategy: Strategy;
  readonly cause: Cause;
  /** Present where the view's query or SQL is among the differences. */
  readonly logic?: true;
  /** Empty for created and deleted. */
  readonly fields: readonly FieldChange[];
  /** Columns of the asset that seem to have been renamed; their removals and additions stand in `fields` all the same. Absent where there are none. */
  readonly column_renames?: readonly ColumnRename[];
  /** Of a deletion whose two phases are spread over runs (`deletion.grace_runs` above 0). */
  readonly phase?: "mark" | "remove";
}

/** A vanished asset and one that appeared, alike enough to be one that moved. Shown beside their two changes, never instead. */
export interface Rename {
  readonly from: AssetId;
  readonly to: AssetId;
  /** 0..1. */
  readonly similarity: number;
}

/** A column that vanished and one that appeared in the same asset, alike enough to be one that was renamed. */
export interface ColumnRename {
  readonly from: string;
  readonly to: string;
  /** 0..1. */
  readonly similarity: number;
}
