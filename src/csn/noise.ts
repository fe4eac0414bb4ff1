import { isJsonObject, type Json, type JsonObject } from "../model/json.ts";
import { keysInOrder, objectInOrder } from "../model/key-order.ts";
import { compareCodePoints } from "../model/order.ts";
import { canonicalText } from "./canonical-text.ts";
import { SQL_ANNOTATIONS } from "./object-type.ts";
import { KEY_SEQUENCE, naturalKey, statedKey } from "./primary-key.ts";

/**
 * A definition without what must not count as a change:
 *
 * | where | noise |
 * |---|---|
 * | definition | `_meta` (folder), `@DataWarehouse.querybuilder.model` (diagram), empty `elements` |
 * | definition | order and repetition in `@ObjectModel.supportedCapabilities` |
 * | definition | `@DataWarehouse.compoundKeySequence` that says the order of the columns again |
 * | elements and parameters, nested ones too | `key: false`, `notNull: false` |
 * | query | `distinct: false` of a SELECT, `key: false` of its columns |
 * | SQL text | CRLF for LF, blanks at line ends and at the end |
 *
 * The order of object keys is noise too, except that of `elements`, which is the order of the columns.
 */
export function stripNoise(definition: JsonObject): JsonObject {
  const repeatsOrder = repeatsColumnOrder(definition);
  return mapMembers(definition, (value, key) =>
    isNoise(key, value) || (repeatsOrder && key === KEY_SEQUENCE) ? undefined : tidy(value, key),
  );
}

/** A `businessLayerDefinitions` entry without its version, which every release of Datasphere moves. */
export function stripBusinessLayerNoise(layer: Json): Json {
  return isJsonObject(layer) ? without(layer, "version") : layer;
}

function isNoise(key: string, value: Json): boolean {
  if (key === "elements") return isJsonObject(value) && Object.keys(value).length === 0;
  return key === "_meta" || key === "@DataWarehouse.querybuilder.model";
}

function repeatsColumnOrder(definition: JsonObject): boolean {
  const stated = statedKey(definition);
  return stated !== null && naturalKey(definition).every((name, i) => name === stated[i]);
}

function tidy(value: Json, key: string): Json {
  if (key === "elements" || key === "params") return tidyElements(value);
  if (key === "query") return tidyQuery(value);
  if (key === "@ObjectModel.supportedCapabilities") return tidySet(value);
  if ((SQL_ANNOTATIONS as readonly string[]).includes(key)) return tidySql(value);
  return value;
}

function tidyElements(elements: Json): Json {
  return isJsonObject(elements) ? mapMembers(elements, tidyElement) : elements;
}

function tidyElement(element: Json): Json {
  if (!isJsonObject(element)) return element;
  const { key, notNull, elements, items } = element;
  if (key !== false && notNull !== false && elements === undefined && items === undefined) return element;
  return mapMembers(element, (value, name) => {
    if (name === "elements") return tidyElements(value);
    if (name === "items") return tidyElement(value);
    return value === false && (name === "key" || name === "notNull") ? undefined : value;
  });
}

/** Looks for SELECTs at any depth: in FROM, in unions, in expressions. */
function tidyQuery(query: Json): Json {
  if (Array.isArray(query)) return mapItems(query, tidyQuery);
  if (!isJsonObject(query)) return query;
  return mapMembers(query, (value, key) => (key === "SELECT" && isJsonObject(value) ? tidySelect(value) : tidyQuery(value)));
}

function tidySelect(select: JsonObject): Json {
  return mapMembers(select, (value, key) => {
    if (key === "columns" && Array.isArray(value)) return mapItems(value, tidySelected);
    return value === false && key === "distinct" ? undefined : tidyQuery(value);
  });
}

function tidySelected(column: Json): Json {
  if (!isJsonObject(column)) return tidyQuery(column);
  return tidyQuery(column["key"] === false ? without(column, "key") : column);
}

function tidySet(set: Json): Json {
  if (!Array.isArray(set) || set.length < 2) return set;
  const byText = new Map(set.map((item: Json) => [canonicalText(item), item]));
  return [...byText].toSorted(([a], [b]) => compareCodePoints(a, b)).map(([, item]) => item);
}

function tidySql(sql: Json): Json {
  if (typeof sql !== "string") return sql;
  const lines = sql.split("\n").map((line) => line.trimEnd());
  return lines.join("\n").trimEnd();
}

// Most of a definition bears no noise, and every asset that is read passes here: these answer with their argument where nothing changes, and
// make nothing before something does. Each value is changed once: it may hold many.

/** The object with other values; undefined for a member that is dropped. */
function mapMembers(object: JsonObject, change: (value: Json, key: string) => Json | undefined): JsonObject {
  const keys = keysInOrder(object);
  let members: (readonly [string, Json])[] | null = null;
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i] as string;
    const value = object[key] as Json;
    const next = change(value, key);
    if (next !== value) members ??= keys.slice(0, i).map((before) => [before, object[before] as Json]);
    if (next !== undefined) members?.push([key, next]);
  }
  return members === null ? object : objectInOrder(members);
}

function mapItems(items: readonly Json[], change: (value: Json) => Json): readonly Json[] {
  let changed: Json[] | null = null;
  for (let i = 0; i < items.length; i++) {
    const item = items[i] as Json;
    const next = change(item);
    if (next !== item) changed ??= items.slice(0, i);
    changed?.push(next);
  }
  return changed ?? items;
}

function without(object: JsonObject, dropped: string): JsonObject {
  return mapMembers(object, (value, key) => (key === dropped ? undefined : value));
}
