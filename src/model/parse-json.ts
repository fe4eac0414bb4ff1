import type { Json } from "./json.ts";
import { endOfString, readJson } from "./json-reader.ts";
import { looksLikeIndex } from "./key-order.ts";

export { floatRepr } from "./float-repr.ts";

export interface ParseOptions {
  /** How many objects and arrays may stand inside one another. */
  readonly maxDepth?: number;
  /** Keep every number exact (see `Json`). False gives JavaScript's numbers. */
  readonly exact?: boolean;
}

/**
 * Parses strict JSON with every number exact, in bounded depth.
 *
 * A fraction or an exponent becomes a `RawNumber` spelled as Python's `repr` prints it (`1.50` → `1.5`, `1e-7` → `1e-07`), so that
 * equal floats are equal text; an integer beyond 2^53 keeps its digits; `-0` is 0. Of a key that stands twice the last value counts.
 * The order of keys is that of the text, also of keys such as `"2019"` (see `keysInOrder`).
 *
 * Throws {@link JsonSyntaxError} with line and column, and an `AssetError` that names the path: `asset_too_deep` beyond `maxDepth`,
 * `value_unrepresentable` for a number that no double holds (`1e999`) or that JSON does not have (`NaN`).
 */
export function parseJson(text: string, options: ParseOptions = {}): Json {
  const { maxDepth = 64, exact = true } = options;
  if (isPlain(text, maxDepth, exact)) {
    try {
      return JSON.parse(text) as Json;
    } catch {
      // Parsed again below by the reader that can tell the place.
    }
  }
  return readJson(text, maxDepth, exact);
}

/** Writes a value as JSON, RawNumbers verbatim. */
export function stringifyJson(value: Json): string {
  return JSON.stringify(value);
}

const QUOTE = 0x22;
const MINUS = 0x2d;

/** True where `JSON.parse` gives what the exact reader would: no number to keep, no key out of turn, no nesting too deep. */
function isPlain(text: string, maxDepth: number, exact: boolean): boolean {
  if (text.includes(ESCAPED_DIGIT)) return false;
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit === QUOTE) {
      const end = endOfString(text, at);
      if (end < 0 || (isDigit(text.charCodeAt(at + 1)) && isIndexKey(text, at, end))) return false;
      at = end;
    } else if (unit === 0x7b || unit === 0x5b) {
      if (++depth > maxDepth) return false;
    } else if (unit === 0x7d || unit === 0x5d) {
      depth--;
    } else if (exact && (isDigit(unit) || unit === MINUS)) {
      const token = numberToken(text, at);
      if (!/^(?!-0)-?\d{1,15}$/.test(token)) return false;
      at += token.length - 1;
    }
  }
  return true;
}

/** How an escape of a digit begins: a key that has one may be `"2019"` all the same. */
const ESCAPED_DIGIT = "\\u003";

/** A string that JavaScript would list out of turn: only where a key stands does its order count. */
function isIndexKey(text: string, at: number, end: number): boolean {
  KEY_ENDS.lastIndex = end + 1;
  return looksLikeIndex(text.slice(at + 1, end)) && KEY_ENDS.test(text);
}

const KEY_ENDS = /\s*:/y;

function isDigit(unit: number): boolean {
  return unit >= 0x30 && unit <= 0x39;
}

function numberToken(text: string, at: number): string {
  NUMBER_LIKE.lastIndex = at;
  return (NUMBER_LIKE.exec(text) as RegExpExecArray)[0];
}

const NUMBER_LIKE = /[-+.\deE]+/y;
