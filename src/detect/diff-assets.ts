import type { Asset, Facet } from "../model/asset.ts";
import type { FieldChange } from "../model/change.ts";
import { diffDocuments, sameJson } from "../model/diff.ts";
import { type AssetDocument, COLUMN_ORDER, FACET_DOCUMENTS } from "../model/document.ts";
import type { HashScheme } from "../model/fingerprint.ts";
import { isJsonObject, type Json, type JsonObject } from "../model/json.ts";
import { jsonPointer, keysOf } from "../model/json-pointer.ts";
import { saysNothing } from "./collections.ts";
import type { FacetValues } from "./facet-values.ts";
import { plainText } from "./free-text.ts";
import { REFERENCE_SCHEME } from "./scheme.ts";
import { seenBy } from "./seen-by.ts";

/**
 * The fields in which two moments of an asset differ under a scheme, as JSON Pointers into the asset's document, with the values as
 * they are written on either side. What the scheme overlooks is no difference: a facet has a field here exactly when its hash differs.
 * Who has compared the hashes names the facets that may differ, and spares a look at the others.
 */
export function diffAssets(
  before: Asset,
  after: Asset,
  scheme: HashScheme = REFERENCE_SCHEME,
  facets: readonly Facet[] = scheme.facets,
): readonly FieldChange[] {
  // What is written alike is seen alike: most changes leave two facets as they were, and those need no document.
  const differing = facets.filter((facet) => !sameJson(before[facet] as unknown as Json, after[facet] as unknown as Json));
  const [seenBefore, seenAfter] = [seen(before, scheme, differing), seen(after, scheme, differing)];
  const fields = diffDocuments(documentOf(differing, seenBefore), documentOf(differing, seenAfter));
  const told = fields.filter((field) => !isOverlooked(field, scheme));
  if (seenBefore === before && seenAfter === after) return told;
  const [was, is] = [documentOf(differing, before), documentOf(differing, after)];
  return told.map((field) => asWritten(field, was, is, scheme));
}

function documentOf(facets: readonly Facet[], asset: Asset): JsonObject {
  return Object.fromEntries(facets.map((facet) => [facet, FACET_DOCUMENTS[facet](asset)]));
}

function seen(asset: Asset, scheme: HashScheme, facets: readonly Facet[]): Asset {
  return seenBy(scheme, asset as unknown as FacetValues & Asset, facets);
}

/** True for a collection that came or went with nothing but ignored fields in it. */
function isOverlooked({ path, old, new: now }: FieldChange, { ignore_fields }: HashScheme): boolean {
  const isOneSided = old === undefined || now === undefined;
  if (ignore_fields.length === 0 || !path.startsWith(CUSTOM_PROPERTIES) || !isOneSided) return false;
  const [, , ...keys] = keysOf(path);
  return saysNothing(keys, (old ?? now) as Json);
}

const CUSTOM_PROPERTIES = "/metadata/custom_properties/";

function asWritten(field: FieldChange, was: JsonObject, is: JsonObject, scheme: HashScheme): FieldChange {
  if (field.path.startsWith(TAGS)) return tagAsWritten(field, was, is, scheme);
  if (field.path === COLUMN_ORDER) return field;
  return {
    path: field.path,
    ...(field.old === undefined ? {} : { old: valueAt(was, field.path) ?? field.old }),
    ...(field.new === undefined ? {} : { new: valueAt(is, field.path) ?? field.new }),
  };
}

const TAGS = "/metadata/tags/";

// The path of a tag is the tag itself, so its plain form must be led back to the one that stands in the asset.
function tagAsWritten(field: FieldChange, was: JsonObject, is: JsonObject, scheme: HashScheme): FieldChange {
  const { tags } = (field.new === undefined ? was : is)["metadata"] as AssetDocument["metadata"];
  const plain = keysOf(field.path).at(-1);
  const tag = Object.keys(tags).find((one) => plainText(scheme, one) === plain) as string;
  const path = TAGS + jsonPointer(tag).slice(1);
  return field.new === undefined ? { path, old: tag } : { path, new: tag };
}

function valueAt(document: Json, path: string): Json | undefined {
  let value: Json | undefined = document;
  for (const key of keysOf(path)) value = isJsonObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
  return value;
}
