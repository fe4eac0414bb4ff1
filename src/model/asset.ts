import type { Json, JsonObject } from "./json.ts";

/** `<space>.<technical name>`. A space's name has no dot, so the first dot separates the two. */
export type AssetId = string & { readonly __brand?: "AssetId" };

/** The kinds of object that a source tells apart; the checkpoint's `asset_type`. */
export const ASSET_TYPES = ["table", "remote_table", "view", "analytic_model", "external"] as const;
export type AssetType = (typeof ASSET_TYPES)[number];

/** One catalogued object of the source, in Tidemark's own model. Its three facets are compared apart. */
export interface Asset {
  readonly id: AssetId;
  readonly space: string;
  readonly asset_type: AssetType;
  readonly content: Content;
  readonly schema: Schema;
  readonly metadata: Metadata;
}

/** Facet `content`: what the asset is called and whose it is. */
export interface Content {
  readonly technical_name: string;
  readonly business_name: string | null;
  readonly description: string | null;
  readonly owner: string | null;
}

/** Facet `schema`. `data_types` repeats each column's type in one string, such as `cds.Decimal(15,2)`, because the reference hashes it. */
export interface Schema {
  readonly columns: readonly Column[];
  readonly data_types: { readonly [column: string]: string };
  readonly constraints: readonly Constraint[];
}

/** One column, its properties literally as the source has them. An absent flag is false; `key: false` is written as absent. */
export interface Column {
  readonly name: string;
  /** Such as `cds.String`; `array` with `items`, `struct` with `elements` for what CDS leaves anonymous. */
  readonly type: string;
  readonly length?: Json;
  readonly precision?: Json;
  readonly scale?: Json;
  readonly srid?: Json;
  readonly default?: Json;
  readonly not_null?: true;
  readonly key?: true;
  /** The element type of an `array` column, as in the source. */
  readonly items?: Json;
  /** The fields of a `struct` column, as in the source. */
  readonly elements?: Json;
}

export type Constraint =
  | { readonly type: "primary_key"; readonly columns: readonly string[] }
  | {
      readonly type: "association" | "foreign_key";
      /** The association's own name; of a foreign key, its column. */
      readonly name: string;
      /** Of a foreign key: the association that its column follows. */
      readonly association?: string;
      readonly target: string;
      /** Pairs of local and remote column. Empty where the condition is no plain list of equal columns; then `on` holds it. */
      readonly columns: readonly { readonly local: string; readonly remote: string }[];
      readonly on?: Json;
    };

/** Facet `metadata`: business context and everything else. The lists are sets, stored in code-point order. */
export interface Metadata {
  readonly tags: readonly string[];
  readonly dimensions: readonly string[];
  readonly measures: readonly string[];
  readonly hierarchies: readonly string[];
  readonly certification_status: string | null;
  /** Keys in use: see `csn/to-asset.ts`. Unknown annotations and element shapes of the source stand here too, never dropped. */
  readonly custom_properties: JsonObject;
}

export const FACETS = ["content", "metadata", "schema"] as const;

/** An independently hashed part of an asset. */
export type Facet = (typeof FACETS)[number];

/** Joins a space and a technical name to the asset's id. */
export function assetId(space: string, technicalName: string): AssetId {
  return `${space}.${technicalName}`;
}

/** The space of an asset's id: the part before the first dot. */
export function spaceOf(id: AssetId): string {
  return id.slice(0, id.indexOf("."));
}

/** The technical name of an asset's id: the part behind the first dot. */
export function technicalNameOf(id: AssetId): string {
  return id.slice(id.indexOf(".") + 1);
}
