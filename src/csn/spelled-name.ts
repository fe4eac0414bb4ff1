import type { Json } from "../model/json.ts";
import { parseJson } from "../model/parse-json.ts";
import { canonicalText } from "./canonical-text.ts";

/**
 * Spells what CSN has in the place of a name, so that the spelling gives it back: a name stands for itself, anything else (an object
 * such as `{"ref": […]}`, but also a name that would be taken for something else) as JSON text.
 */
export function spellName(value: Json): string {
  return typeof value === "string" && isPlain(value) ? value : canonicalText(value);
}

/** What {@link spellName} spelled. */
export function readName(text: string): Json {
  return isPlain(text) ? text : parseJson(text);
}

/** Words that stand where CSN has no name at all, and the words of JSON. */
const RESERVED = new Set(["array", "struct", "untyped", "true", "false", "null"]);

function isPlain(text: string): boolean {
  return text !== "" && !RESERVED.has(text) && !/^["{[]|^-?\d[-+.\deE]*$/.test(text);
}
