import { isJsonObject, type Json, type JsonObject } from "../model/json.ts";
import { keysInOrder } from "../model/key-order.ts";
import { parseJson } from "../model/parse-json.ts";
import { canonicalText } from "./canonical-text.ts";
import { spellName } from "./spelled-name.ts";

/** The keys of an element that make up its type. */
export const TYPE_KEYS = ["type", "length", "precision", "scale", "srid", "items", "elements"] as const;
const SIZE_KEYS = ["length", "precision", "scale", "srid"] as const;

/**
 * An element's type in one string. Different types have different strings, and {@link parseDataType} reads each one back.
 *
 * ```
 * cds.String(10)   cds.Decimal(15,2)   cds.hana.ST_GEOMETRY(4326)   cds.Date   untyped
 * array of cds.String(10)
 * struct {"CITY":{"length":40,"type":"cds.String"},"ZIP":{"type":"cds.String"}}     fields in their order
 * json {"length":5,"scale":2,"type":"my.Type"}                                     whatever has no shorter form
 * ```
 * In brackets stand precision and scale of a decimal, the srid of a geometry, the length of anything else.
 */
export function dataType(element: JsonObject): string {
  const { type, items, elements } = element;
  if (items !== undefined || elements !== undefined) return compositeType(element);
  const { word, isNamed, inBrackets } = namedType(type);
  if (!isNamed) return jsonType(element);
  let sizes = "";
  let count = 0;
  for (const key of SIZE_KEYS) {
    const size = element[key];
    if (size === undefined) continue;
    if (key !== inBrackets[count]) return jsonType(element);
    sizes += `${count++ === 0 ? "" : ","}${canonicalText(size)}`;
  }
  return count === 0 ? word : `${word}(${sizes})`;
}

/** The type of an element that has items or fields of its own. */
function compositeType(element: JsonObject): string {
  const { items, elements } = element;
  const isNothingElse = TYPE_KEYS.filter((key) => element[key] !== undefined).length === 1;
  if (isNothingElse && items !== undefined) return `array of ${itemText(items)}`;
  return isNothingElse && isJsonObject(elements) ? `struct ${fieldsText(elements)}` : jsonType(element);
}

function jsonType(element: JsonObject): string {
  const keys = TYPE_KEYS.filter((key) => element[key] !== undefined);
  return `json ${canonicalText(Object.fromEntries(keys.map((key) => [key, element[key] as Json])))}`;
}

interface NamedType {
  readonly word: string;
  /** False for what has no name, or one that would be read as something else. */
  readonly isNamed: boolean;
  /** The size keys that stand in brackets behind the name. */
  readonly inBrackets: readonly string[];
}

function namedType(type: Json | undefined): NamedType {
  if (typeof type !== "string") return readNamedType(type);
  let known = namedTypes.get(type);
  if (known !== undefined) return known;
  known = readNamedType(type);
  if (namedTypes.size >= NAMES_REMEMBERED) namedTypes.clear();
  namedTypes.set(type, known);
  return known;
}

// Columns by the thousand have the same few types.
const namedTypes = new Map<string, NamedType>();
const NAMES_REMEMBERED = 1_000;

function readNamedType(type: Json | undefined): NamedType {
  const word = type === undefined ? "untyped" : spellName(type);
  return { word, isNamed: type === undefined || (type === word && NAME.test(word)), inBrackets: sizeKeys(word) };
}

/** The type keys of an element that {@link dataType} made this string of. */
export function parseDataType(text: string): JsonObject {
  if (text.startsWith("json ")) return parseJson(text.slice(5)) as JsonObject;
  if (text.startsWith("struct ")) return { elements: parseJson(text.slice(7)) };
  if (text.startsWith("array of ")) return { items: parseDataType(text.slice(9)) };
  const bracket = text.indexOf("(");
  const word = bracket < 0 ? text : text.slice(0, bracket);
  const values = bracket < 0 ? [] : (parseJson(`[${text.slice(bracket + 1, -1)}]`) as readonly Json[]);
  const keys = sizeKeys(word);
  return Object.fromEntries([...(word === "untyped" ? [] : [["type", word]]), ...values.map((value, i) => [keys[i], value])]);
}

const NAME = /^[A-Za-z_][\w.:]*$/;

function sizeKeys(word: string): readonly string[] {
  if (/ST_/.test(word)) return ["srid"];
  return /decimal/i.test(word) ? ["precision", "scale"] : ["length"];
}

function itemText(items: Json): string {
  const isOnlyType = isJsonObject(items) && Object.keys(items).every((key) => (TYPE_KEYS as readonly string[]).includes(key));
  return isOnlyType ? dataType(items) : `json ${canonicalText(items)}`;
}

function fieldsText(fields: JsonObject): string {
  return `{${keysInOrder(fields)
    .map((name) => `${JSON.stringify(name)}:${canonicalText(fields[name] as Json)}`)
    .join(",")}}`;
}
