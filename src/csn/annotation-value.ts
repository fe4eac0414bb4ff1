import { isJsonObject, type Json } from "../model/json.ts";

/** The value of an enumeration symbol `{"#": "VALUE"}`, or null for any other shape. */
export function enumValue(value: Json | undefined): string | null {
  return soleText(value, "#");
}

/** The name in a reference `{"=": "NAME"}`, or null for any other shape. */
export function referenceName(value: Json | undefined): string | null {
  return soleText(value, "=");
}

/** The names in a list of references, or null for any other shape. */
export function referenceNames(value: Json | undefined): readonly string[] | null {
  if (!Array.isArray(value)) return null;
  const names = value.map(referenceName);
  return names.every((name) => name !== null) ? names : null;
}

function soleText(value: Json | undefined, key: string): string | null {
  if (!isJsonObject(value) || Object.keys(value).length !== 1) return null;
  const text = value[key];
  return typeof text === "string" ? text : null;
}
