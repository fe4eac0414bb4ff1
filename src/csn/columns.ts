import type { Column } from "../model/asset.ts";
import type { JsonObject } from "../model/json.ts";
import { TYPE_KEYS } from "./data-type.ts";
import { readName, spellName } from "./spelled-name.ts";

/** The column that an element makes. What else the element says is left to `toElementProperties`. */
export function toColumn(name: string, element: JsonObject): Column {
  const column: { -readonly [property in keyof Column]: Column[property] } = { name, type: typeWord(element) };
  // One by one: a loop over their names takes twice the time, and columns come by the thousand.
  const { length, precision, scale, srid, items, elements, default: ownDefault, notNull, key } = element;
  if (length !== undefined) column.length = length;
  if (precision !== undefined) column.precision = precision;
  if (scale !== undefined) column.scale = scale;
  if (srid !== undefined) column.srid = srid;
  if (items !== undefined) column.items = items;
  if (elements !== undefined) column.elements = elements;
  if (ownDefault !== undefined) column.default = ownDefault;
  if (notNull === true) column.not_null = true;
  if (key === true) column.key = true;
  return column;
}

/** The keys of an element that {@link toColumn} made a column of. */
export function fromColumn(column: Column): JsonObject {
  const { name: _name, type, not_null, key, ...facets } = column;
  return {
    ...(ANONYMOUS.has(type) ? {} : { type: readName(type) }),
    ...facets,
    ...(not_null === undefined ? {} : { notNull: not_null }),
    ...(key === undefined ? {} : { key }),
  };
}

/** True for a key of an element that its column says in full. */
export function isSaidByColumn(key: string, element: JsonObject): boolean {
  if (key === "notNull" || key === "key") return element[key] === true;
  return SAID_KEYS.has(key);
}

const SAID_KEYS: ReadonlySet<string> = new Set([...TYPE_KEYS, "default"]);

/** What stands in the place of a type's name where CSN has none. */
const ANONYMOUS = new Set(["array", "struct", "untyped"]);

function typeWord(element: JsonObject): string {
  if (element["type"] !== undefined) return spellName(element["type"]);
  if (element["items"] !== undefined) return "array";
  return element["elements"] === undefined ? "untyped" : "struct";
}
