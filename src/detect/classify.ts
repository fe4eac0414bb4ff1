import { FACETS, type Facet } from "../model/asset.ts";
import type { ChangeType } from "../model/change.ts";
import type { Fingerprint } from "../model/fingerprint.ts";

/**
 * All facets in which two fingerprints of the same scheme differ, in the order of {@link FACETS}.
 *
 * A null on one side alone is a difference: such a facet was never applied, and must be.
 */
export function differingFacets(before: Fingerprint, after: Fingerprint): readonly Facet[] {
  return FACETS.filter((facet) => before[facet] !== after[facet]);
}

/** The change type that the reference reports for a set of facets: content before schema before metadata. Null for none. */
export function changeTypeOf(facets: readonly Facet[]): ChangeType | null {
  if (facets.includes("content")) return "modified";
  if (facets.includes("schema")) return "schema_changed";
  return facets.includes("metadata") ? "metadata_changed" : null;
}
