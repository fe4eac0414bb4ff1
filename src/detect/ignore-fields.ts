import { dataTypeOf } from "../model/data-type.ts";
import { type Column, type Facet, FACETS } from "../model/asset.ts";
import { isJsonObject, type Json, type JsonObject } from "../model/json.ts";
import type { FacetValues } from "./facet-values.ts";

/**
 * The facets without some fields. An entry is the name of a property of the model, a key of the custom properties at any depth, or a
 * dotted path with or without its facet: `description`, `schema.columns.NETWR.default`, `custom_properties.remote.connection`.
 * Names are no properties: a key that stands for a column, a hierarchy or a parameter is never ignored. Nor is anything inside the
 * anonymous type of an array or a struct. Answers with its argument where no key in the facets that are asked for can be one of the fields.
 */
export function withoutFields<Values extends FacetValues>(
  facets: Values,
  fields: readonly string[],
  asked: readonly Facet[] = FACETS,
): Values {
  const ignored = new Set(fields);
  const { content, schema, metadata } = facets;
  const mayBe = mayBeIgnored(fields);
  if (!asked.some((facet) => holdsKey(facets[facet], mayBe))) return facets;
  const kept = {
    content: withoutIn("content", content, ignored),
    schema: withoutIn("schema", schema, ignored),
    metadata: withoutIn("metadata", metadata, ignored),
  };
  return { ...facets, ...kept, schema: { ...kept.schema, data_types: typesOf(schema, kept.schema) } };
}

/** Tells of a key whether any of the fields can be it. */
export function mayBeIgnored(fields: readonly string[]): (key: string) => boolean {
  const ends = new Set(fields.map(endOf));
  return (key) => ends.has(endOf(key));
}

// Whatever a dotted path matches is a key that ends as the path does; the key itself may hold dots.
function endOf(key: string): string {
  return key.slice(key.lastIndexOf(".") + 1);
}

function holdsKey(value: Json, sought: (key: string) => boolean): boolean {
  if (Array.isArray(value)) return value.some((item: Json) => holdsKey(item, sought));
  if (!isJsonObject(value)) return false;
  for (const key of Object.keys(value)) if (sought(key) || holdsKey(value[key] as Json, sought)) return true;
  return false;
}

/** Objects under these keys map names to things: their own keys are names, not properties. */
const KEYED_BY_NAME = new Set([
  "associations",
  "attributes",
  "columns",
  "crossCalculations",
  "data_types",
  "dimensionSources",
  "dimensions",
  "elements",
  "enum",
  "exposedAssociations",
  "factSources",
  "hierarchies",
  "measures",
  "mixin",
  "parameters",
  "params",
  "variables",
]);

/** Of each list of named things: what makes a thing the same one, and is never ignored; and what must be there, and so stands empty. */
const NAMED_LISTS: { readonly [list: string]: NamedList } = {
  columns: { identity: ["name"], required: ["type"] },
  constraints: { identity: ["type", "name"], required: ["target", "columns"] },
};

interface NamedList {
  readonly identity: readonly string[];
  readonly required: readonly string[];
}

function withoutIn<Values extends { readonly [key: string]: Json }>(name: string, facet: Values, ignored: ReadonlySet<string>): Values {
  const kept = Object.entries(facet).map(([key, value]): [string, Json] => {
    if (matches(ignored, [name], key)) return [key, blank(value)];
    const list = NAMED_LISTS[key];
    if (list === undefined || !Array.isArray(value)) return [key, without(value, [name, key], KEYED_BY_NAME.has(key), ignored)];
    return [key, value.map((item: Json) => withoutInNamed(item, [name, key], list, ignored))];
  });
  return Object.fromEntries(kept) as Values;
}

const ANONYMOUS = new Set(["items", "elements"]);

function withoutInNamed(item: Json, path: readonly string[], { identity, required }: NamedList, ignored: ReadonlySet<string>): Json {
  if (!isJsonObject(item)) return without(item, path, false, ignored);
  const own = [...path, ...identity.map((key) => item[key]).filter((name) => typeof name === "string")];
  const kept = Object.entries(item).flatMap(([key, value]): [string, Json][] => {
    if (!identity.includes(key) && matches(ignored, own, key)) return required.includes(key) ? [[key, blank(value) ?? ""]] : [];
    // What an anonymous type holds is part of its data type's text, where nothing can be taken out.
    return [[key, ANONYMOUS.has(key) ? value : without(value, [...own, key], KEYED_BY_NAME.has(key), ignored)]];
  });
  return Object.fromEntries(kept);
}

function without(value: Json, path: readonly string[], keyedByName: boolean, ignored: ReadonlySet<string>): Json {
  if (Array.isArray(value)) return value.map((item: Json) => without(item, path, false, ignored));
  if (!isJsonObject(value)) return value;
  const kept = Object.entries(value).filter(([key]) => keyedByName || !matches(ignored, path, key));
  return Object.fromEntries(
    kept.map(([key, inner]) => [key, without(inner, [...path, key], !keyedByName && KEYED_BY_NAME.has(key), ignored)]),
  );
}

function matches(ignored: ReadonlySet<string>, path: readonly string[], key: string): boolean {
  if (ignored.has(key)) return true;
  const inside = [...path.slice(1), key].join(".");
  return ignored.has(inside) || ignored.has(`${path[0]}.${inside}`);
}

// A facet's own properties always stand in what is hashed; an ignored one stands there empty.
function blank(value: Json): Json {
  if (Array.isArray(value)) return [];
  return isJsonObject(value) ? {} : null;
}

/** Data types repeat the columns' types: one that followed from its column follows from what is left of it. */
function typesOf(before: FacetValues["schema"], after: FacetValues["schema"]): Json {
  const types = after.data_types;
  if (!isJsonObject(types) || !Array.isArray(before.columns) || !Array.isArray(after.columns)) return types;
  const columns: readonly Json[] = before.columns;
  const implied = new Map<Json | undefined, { readonly whole: string; readonly left: string }>();
  for (const [i, left] of after.columns.entries()) {
    const whole = columns[i];
    if (isJsonObject(whole)) implied.set(whole["name"], { whole: typeOf(whole), left: typeOf(left as JsonObject) });
  }
  const typed = Object.entries(types).map(([name, type]): [string, Json] => {
    const own = implied.get(name);
    return [name, own !== undefined && own.whole === type ? own.left : type];
  });
  return Object.fromEntries(typed);
}

function typeOf(column: JsonObject): string {
  return dataTypeOf(column as unknown as Column);
}
