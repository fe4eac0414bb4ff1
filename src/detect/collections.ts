import { isJsonObject, type Json } from "../model/json.ts";
import type { FacetValues } from "./facet-values.ts";

/**
 * The facets without custom properties that collect nothing.
 *
 * The mapping makes a collection only where it has something to hold. So what a scheme leaves empty by ignoring all that is in it says
 * as much as none at all: an ignored annotation is no difference, the first of its asset or column no more than any other.
 */
export function withoutEmptyCollections<Values extends FacetValues>(facets: Values): Values {
  const { metadata } = facets;
  const { custom_properties } = metadata;
  if (!isJsonObject(custom_properties)) return facets;
  return { ...facets, metadata: { ...metadata, custom_properties: Object.fromEntries(saidIn([], custom_properties)) } };
}

/** True for a value of the custom properties that {@link withoutEmptyCollections} leaves out. `path` begins below `custom_properties`. */
export function saysNothing(path: readonly string[], value: Json): boolean {
  return isCollection(path) && isJsonObject(value) && saidIn(path, value).length === 0;
}

function saidIn(path: readonly string[], object: { readonly [key: string]: Json }): readonly (readonly [string, Json])[] {
  return Object.entries(object).flatMap(([key, value]) => {
    const at = [...path, key];
    if (!isCollection(at) || !isJsonObject(value)) return [[key, value]];
    const said = saidIn(at, value);
    return said.length === 0 ? [] : [[key, Object.fromEntries(said)]];
  });
}

/** What the custom properties collect of the asset, and of each of its columns and associations. */
function isCollection([collection = "", name, list, ...deeper]: readonly string[]): boolean {
  if (name === undefined) return OF_MEMBERS.has(collection) || OF_ASSET.has(collection);
  return OF_MEMBERS.has(collection) && (list === undefined || (list === "unknown" && deeper.length === 0));
}

const OF_ASSET = new Set(["annotations", "unknown"]);
// These stand in the schema as well: that one of them is there is told in any case.
const OF_MEMBERS = new Set(["associations", "columns"]);
