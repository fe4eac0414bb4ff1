import { FACETS, type Facet } from "../model/asset.ts";
import type { Checkpoint } from "../model/checkpoint.ts";
import type { Fingerprint, HashScheme } from "../model/fingerprint.ts";
import { fingerprintAsset } from "./fingerprint-asset.ts";
import { facetsOfScheme, schemeId } from "./scheme.ts";

/**
 * The fingerprint of what was applied, under another scheme: that of the stored snapshot.
 *
 * Two nulls mean different things. A facet that the old scheme did not hash is hashed now, because the snapshot holds it as applied. A
 * facet that the old scheme did hash, and that is null nonetheless, was never applied (a policy held it): it stays null, so that it
 * still differs and is sent once nothing holds it.
 */
export function rehash({ fingerprint, snapshot }: Pick<Checkpoint, "fingerprint" | "snapshot">, scheme: HashScheme): Fingerprint {
  if (fingerprint.scheme === schemeId(scheme)) return fingerprint;
  const hashed = facetsOfScheme(fingerprint.scheme);
  const made = fingerprintAsset(snapshot, scheme);
  const kept = (facet: Facet): string | null => (hashed.includes(facet) && fingerprint[facet] === null ? null : made[facet]);
  const [content, metadata, schema] = FACETS.map(kept) as [string | null, string | null, string | null];
  return { scheme: made.scheme, content, metadata, schema };
}
