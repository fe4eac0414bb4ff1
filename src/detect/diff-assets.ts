import type { Asset } from "../model/asset.ts";
import type { FieldChange } from "../model/change.ts";
import { diffDocuments } from "../model/diff.ts";
import { type AssetDocument, COLUMN_ORDER, toDocument } from "../model/document.ts";
import type { HashScheme } from "../model/fingerprint.ts";
import { isJsonObject, type Json } from "../model/json.ts";
import { jsonPointer, keysOf } from "../model/json-pointer.ts";
import { saysNothing } from "./collections.ts";
import type { FacetValues } from "./facet-values.ts";
import { plainText } from "./free-text.ts";
import { REFERENCE_SCHEME } from "./scheme.ts";
import { seenBy } from "./seen-by.ts";

/**
 * The fields in which two moments of an asset differ under a scheme, as JSON Pointers into the asset's document, with the values as
 * they are written on either side. What the scheme overlooks is no difference: a facet has a field here exactly when its hash differs.
 */
export function diffAssets(before: Asset, after: Asset, scheme: HashScheme = REFERENCE_SCHEME): readonly FieldChange[] {
  const [was, is] = [toDocument(before), toDocument(after)];
  return diffDocuments(toDocument(seen(before, scheme)), toDocument(seen(after, scheme)))
    .filter((field) => scheme.facets.some((facet) => field.path.startsWith(`/${facet}/`)) && !isOverlooked(field, scheme))
    .map((field) => asWritten(field, was, is, scheme));
}

function seen(asset: Asset, scheme: HashScheme): Asset {
  return seenBy(scheme, asset as unknown as FacetValues & Asset);
}

/** True for a collection that came or went with nothing but ignored fields in it. */
function isOverlooked({ path, old, new: now }: FieldChange, { ignore_fields }: HashScheme): boolean {
  const [, , ...keys] = keysOf(path);
  const isOneSided = old === undefined || now === undefined;
  return ignore_fields.length > 0 && path.startsWith(CUSTOM_PROPERTIES) && isOneSided && saysNothing(keys, (old ?? now) as Json);
}

const CUSTOM_PROPERTIES = "/metadata/custom_properties/";

function asWritten(field: FieldChange, was: AssetDocument, is: AssetDocument, scheme: HashScheme): FieldChange {
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
function tagAsWritten(field: FieldChange, was: AssetDocument, is: AssetDocument, scheme: HashScheme): FieldChange {
  const { tags } = (field.new === undefined ? was : is).metadata;
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
