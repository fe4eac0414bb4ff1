import { CANONICAL_VERSION } from "../detect/canonical-json.ts";
import { fingerprintReference, type ReferenceHashes } from "../detect/fingerprint-asset.ts";
import { AssetError } from "../model/errors.ts";
import type { HashScheme } from "../model/fingerprint.ts";
import { isJsonObject } from "../model/json.ts";
import { parseJson } from "../model/parse-json.ts";

export type { ReferenceHashes } from "../detect/fingerprint-asset.ts";
export { REFERENCE_SCHEME } from "../detect/scheme.ts";

/** As deep as a recursion can safely follow, and deeper than any asset. */
const MAX_DEPTH = 500;

/** The hash scheme of some options, under this version's canonical form. */
export function hashScheme(options: Omit<HashScheme, "canonical">): HashScheme {
  return { canonical: CANONICAL_VERSION, ...options };
}

const REFERENCE_FIELDS = [
  "technical_name",
  "business_name",
  "description",
  "owner",
  "schema_info",
  "business_context",
  "custom_properties",
] as const;

/**
 * The three hashes of an asset written in the reference's field names: technical_name, business_name, description, owner, schema_info,
 * business_context, custom_properties. Throws an `AssetError` for text that is not JSON, and for what the reference has no hash for.
 */
export function fingerprintText(text: string, scheme: HashScheme): ReferenceHashes {
  const value = parseJson(text, { maxDepth: MAX_DEPTH });
  if (!isJsonObject(value) || !REFERENCE_FIELDS.some((field) => Object.hasOwn(value, field)))
    throw new AssetError(
      "asset_unreadable",
      `an asset is a JSON object with the reference's fields, ${REFERENCE_FIELDS.join(", ")}, and this has none of them`,
    );
  return fingerprintReference(value, scheme);
}
