import type { Facet } from "./asset.ts";

export const HASH_ALGORITHMS = ["sha256", "sha512", "sha3-256", "blake2b512"] as const;
export type HashAlgorithm = (typeof HASH_ALGORITHMS)[number];

/**
 * Everything that decides what a facet's hash is. Two fingerprints compare only under the same scheme; a changed scheme re-hashes
 * the stored snapshots and writes nothing to the target.
 */
export interface HashScheme {
  /** Version of the canonical form in `detect/`. */
  readonly canonical: number;
  /** Version of the mapping from source definitions to assets in `csn/`. */
  readonly mapping: number;
  readonly hash_algorithm: HashAlgorithm;
  /** Facets that are hashed at all; a facet left out never differs. */
  readonly facets: readonly Facet[];
  /** Property names of the model and keys of custom_properties at any depth, or dotted paths. Never a column's name. */
  readonly ignore_fields: readonly string[];
  /** Free text only: business name, description, labels, owner, tags. */
  readonly case_sensitive: boolean;
  /** Free text only, as above. */
  readonly normalize_whitespace: boolean;
}

/** The facet hashes of an asset, hexadecimal; null for a facet that the scheme does not hash. */
export interface Fingerprint {
  /** The id of the scheme they were made under. */
  readonly scheme: string;
  readonly content: string | null;
  readonly schema: string | null;
  readonly metadata: string | null;
}

/**
 * What proves, without parsing, that the source's bytes are those last seen.
 *
 * `basis` names everything that turns bytes into facets (hash scheme, mapping, the config's owners, tags and stewards): equal
 * bytes under another basis prove nothing.
 */
export interface RawFingerprint {
  readonly token: string;
  readonly basis: string;
}
