import type { Column } from "../model/asset.ts";
import type { Json, JsonObject } from "../model/json.ts";
import { TYPE_KEYS } from "./data-type.ts";
import { readName, spellName } from "./spelled-name.ts";

/** The column that an element makes. What else the element says is left to `toElementProperties`. */
export function toColumn(name: string, element: JsonObject): Column {
  const column: { [property: string]: Json } = { name, type: typeWord(element) };
  for (const key of FACET_KEYS) {
    const value = element[key];
    if (value !== undefined) column[key] = value;
  }
  if (element["notNull"] === true) column["not_null"] = true;
  if (element["key"] === true) column["key"] = true;
  return column as unknown as Column;
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
  return key === "type" || FACET_KEYS.includes(key);
}

/** The keys that a column takes over as they are. */
const FACET_KEYS: readonly string[] = [...TYPE_KEYS.filter((key) => key !== "type"), "default"];

/** What stands in the place of a type's name where CSN has none. */
const ANONYMOUS = new Set(["array", "struct", "untyped"]);

function typeWord(element: JsonObject): string {
  if (element["type"] !== undefined) return spellName(element["type"]);
  if (element["items"] !== undefined) return "array";
  return element["elements"] === undefined ? "untyped" : "struct";
}
