import { isJsonObject, type Json } from "../../../model/json.ts";
import { keysInOrder } from "../../../model/key-order.ts";

/** Writes a value as JSON with the keys in their document's order, which `JSON.stringify` changes where a key looks like a number. */
export function orderedJson(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(orderedJson).join(",")}]`;
  if (!isJsonObject(value)) return JSON.stringify(value);
  return `{${keysInOrder(value)
    .map((key) => `${JSON.stringify(key)}:${orderedJson(value[key] as Json)}`)
    .join(",")}}`;
}
