import { hash } from "node:crypto";
import type { Asset, Facet } from "../model/asset.ts";
import type { Fingerprint, HashScheme } from "../model/fingerprint.ts";
import type { JsonObject } from "../model/json.ts";
import { CanonicalWriter, referenceJson } from "./canonical-json.ts";
import { withoutEmptyCollections } from "./collections.ts";
import { facetsOf, type FacetValues, hashedDocument } from "./facet-values.ts";
import { asPlainText } from "./free-text.ts";
import { mayBeIgnored, withoutFields } from "./ignore-fields.ts";
import { facetsOfReference } from "./reference-input.ts";
import { schemeId } from "./scheme.ts";

/** The three hashes in the reference's names. Null where the scheme does not hash the facet. */
export type ReferenceHashes = {
  readonly content_hash: string | null;
  readonly schema_hash: string | null;
  readonly metadata_hash: string | null;
};

/**
 * The fingerprint of an asset. Under {@link REFERENCE_SCHEME} each hash is the one that the reference computes for the same asset in
 * its own field names. Throws `value_unrepresentable`, naming asset and path, for a value that JSON cannot say.
 */
export function fingerprintAsset(asset: Asset, scheme: HashScheme): Fingerprint {
  const hashes = hashFacets(facetsOf(asset), scheme, asset.id, { content: "/content", schema: "/schema", metadata: "/metadata" });
  return { scheme: schemeId(scheme), ...hashes };
}

/** The three hashes of a document in the reference's field names; see {@link facetsOfReference} for what is refused. */
export function fingerprintReference(input: JsonObject, scheme: HashScheme): ReferenceHashes {
  const { content, schema, metadata } = hashFacets(facetsOfReference(input), scheme, "The asset", {
    content: "",
    schema: "/schema_info",
    metadata: "",
  });
  return { content_hash: content, schema_hash: schema, metadata_hash: metadata };
}

type FacetHashes = { readonly [facet in Facet]: string | null };

function hashFacets(facets: FacetValues, scheme: HashScheme, of: string, at: { readonly [facet in Facet]: string }): FacetHashes {
  const plain = asPlainText(scheme, facets);
  const writer = writerOf(scheme.ignore_fields);
  const overlooks = scheme.ignore_fields.length > 0;
  const hashOf = (facet: Facet): string | null => {
    if (!scheme.facets.includes(facet)) return null;
    const whole = writer.write(hashedDocument(facet, plain), of, at[facet]);
    return hash(scheme.hash_algorithm, overlooks && writer.noticed ? textWithout(facet, plain, scheme) : whole, "hex");
  };
  return { content: hashOf("content"), schema: hashOf("schema"), metadata: hashOf("metadata") };
}

// Hardly an asset holds an ignored field, and writing it tells so at a tenth of what taking the fields out costs. Every facet of every
// asset is written under the same fields, so that there is one writer for them.
function writerOf(ignored: readonly string[]): CanonicalWriter {
  let writer = writers.get(ignored);
  if (writer === undefined) writers.set(ignored, (writer = new CanonicalWriter(mayBeIgnored(ignored))));
  return writer;
}

const writers = new WeakMap<readonly string[], CanonicalWriter>();

function textWithout(facet: Facet, facets: FacetValues, { ignore_fields }: HashScheme): string {
  return referenceJson(hashedDocument(facet, withoutEmptyCollections(withoutFields(facets, ignore_fields))));
}
