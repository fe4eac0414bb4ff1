import { hash } from "node:crypto";
import { FACETS, type Facet } from "../model/asset.ts";
import type { HashScheme } from "../model/fingerprint.ts";
import { compareCodePoints } from "../model/order.ts";
import { CANONICAL_VERSION, referenceJson } from "./canonical-json.ts";

/** The scheme of the reference: SHA-256 over all three facets, nothing ignored, nothing normalised, no mapping of ours in between. */
export const REFERENCE_SCHEME: HashScheme = {
  canonical: CANONICAL_VERSION,
  mapping: 0,
  hash_algorithm: "sha256",
  facets: FACETS,
  ignore_fields: [],
  case_sensitive: true,
  normalize_whitespace: false,
};

/**
 * Names a scheme: `1.1.cms.sha256.0f1e2d3c4b5a` is canonical form 1, mapping 1, content, metadata and schema hashed, and a digest of
 * everything. Equal schemes have equal ids, in whatever order they list facets and fields.
 */
export function schemeId(scheme: HashScheme): string {
  const known = ids.get(scheme);
  if (known !== undefined) return known;
  const { canonical, mapping, hash_algorithm, case_sensitive, normalize_whitespace } = scheme;
  const facets = FACETS.filter((facet) => scheme.facets.includes(facet));
  const ignore_fields = [...new Set(scheme.ignore_fields)].sort(compareCodePoints);
  const options = { canonical, mapping, hash_algorithm, facets, ignore_fields, case_sensitive, normalize_whitespace };
  const letters = facets.map((facet) => facet.slice(0, 1)).join("") || "-";
  const id = [canonical, mapping, letters, hash_algorithm, hash("sha256", referenceJson(options), "hex").slice(0, 12)].join(".");
  ids.set(scheme, id);
  return id;
}

const ids = new WeakMap<HashScheme, string>();

/** The facets that a scheme hashes, told from its id; all of them for an id of another make. */
export function facetsOfScheme(id: string): readonly Facet[] {
  const letters = /^\d+\.\d+\.(-|c?m?s?)\./.exec(id)?.[1] ?? "cms";
  return FACETS.filter((facet) => letters.includes(facet.slice(0, 1)));
}
