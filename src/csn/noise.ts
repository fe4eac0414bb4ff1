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
  const tidied = mapMembers(without(definition, isNoise), tidy);
  return repeatsColumnOrder(tidied) ? without(tidied, (key) => key === KEY_SEQUENCE) : tidied;
}

/** A `businessLayerDefinitions` entry without its version, which every release of Datasphere moves. */
export function stripBusinessLayerNoise(layer: Json): Json {
  return isJsonObject(layer) ? without(layer, (key) => key === "version") : layer;
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
  const kept = without(element, (key, value) => value === false && (key === "key" || key === "notNull"));
  if (kept["elements"] === undefined && kept["items"] === undefined) return kept;
  return mapMembers(kept, (value, key) => (key === "elements" ? tidyElements(value) : key === "items" ? tidyElement(value) : value));
}

/** Looks for SELECTs at any depth: in FROM, in unions, in expressions. */
function tidyQuery(query: Json): Json {
  if (Array.isArray(query)) return mapItems(query, tidyQuery);
  if (!isJsonObject(query)) return query;
  return mapMembers(query, (value, key) => (key === "SELECT" && isJsonObject(value) ? tidySelect(value) : tidyQuery(value)));
}

function tidySelect(select: JsonObject): Json {
  const kept = without(select, (key, value) => value === false && key === "distinct");
  return mapMembers(kept, (value, key) => (key === "columns" && Array.isArray(value) ? mapItems(value, tidySelected) : tidyQuery(value)));
}

function tidySelected(column: Json): Json {
  return tidyQuery(isJsonObject(column) ? without(column, (key, value) => value === false && key === "key") : column);
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

// Most definitions bear little noise, and every asset that is read passes here: the two below answer with their argument where nothing
// changes, and so does `without`.

function mapMembers(object: JsonObject, change: (value: Json, key: string) => Json): JsonObject {
  const keys = keysInOrder(object);
  const next = keys.map((key) => change(object[key] as Json, key));
  if (keys.every((key, i) => next[i] === object[key])) return object;
  return objectInOrder(keys.map((key, i) => [key, next[i] as Json]));
}

function mapItems(items: readonly Json[], change: (value: Json) => Json): readonly Json[] {
  const next = items.map(change);
  return next.some((item, i) => item !== items[i]) ? next : items;
}

function without(object: JsonObject, drops: (key: string, value: Json) => boolean): JsonObject {
  const keys = keysInOrder(object);
  if (!keys.some((key) => drops(key, object[key] as Json))) return object;
  return objectInOrder(keys.filter((key) => !drops(key, object[key] as Json)).map((key) => [key, object[key] as Json]));
}
