import { isJsonObject, type Json, type JsonObject } from "../model/json.ts";
import { keysInOrder } from "../model/key-order.ts";
import { parseJson } from "../model/parse-json.ts";
import { canonicalText } from "./canonical-text.ts";
import { spellName } from "./spelled-name.ts";

/** The keys of an element that make up its type. */
export const TYPE_KEYS = ["type", "length", "precision", "scale", "srid", "items", "elements"] as const;

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
  const keys = TYPE_KEYS.filter((key) => element[key] !== undefined);
  if (keys.length === 1 && items !== undefined) return `array of ${itemText(items)}`;
  if (keys.length === 1 && isJsonObject(elements)) return `struct ${fieldsText(elements)}`;
  const word = type === undefined ? "untyped" : spellName(type);
  const sizes = keys.filter((key) => key !== "type");
  const inBrackets = sizeKeys(word);
  const isNamed = type === undefined || (type === word && NAME.test(word));
  if (!isNamed || sizes.some((key, i) => key !== inBrackets[i])) {
    return `json ${canonicalText(Object.fromEntries(keys.map((key) => [key, element[key] as Json])))}`;
  }
  return sizes.length === 0 ? word : `${word}(${sizes.map((key) => canonicalText(element[key] as Json)).join(",")})`;
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
