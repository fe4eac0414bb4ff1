import { isJsonObject, type Json } from "../model/json.ts";
import { compareCodePoints } from "../model/order.ts";
import { stringifyJson } from "../model/parse-json.ts";

/** A value as JSON text in which the keys of every object stand in code-point order: equal texts are equal values. */
export function canonicalText(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonicalText).join(",")}]`;
  if (!isJsonObject(value)) return stringifyJson(value);
  const members = Object.entries(value).toSorted(([a], [b]) => compareCodePoints(a, b));
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonicalText(member)}`).join(",")}}`;
}
