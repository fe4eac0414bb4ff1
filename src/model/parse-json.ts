import { AssetError } from "./errors.ts";
import { type Json, type JsonObject, rawNumber } from "./json.ts";
import { looksLikeIndex, objectInOrder } from "./key-order.ts";

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
 * `value_unrepresentable` for a number that no double holds (`1e999`).
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
  return new Reader(text, maxDepth, exact).document();
}

/** Writes a value as JSON, RawNumbers verbatim. */
export function stringifyJson(value: Json): string {
  return JSON.stringify(value);
}

/** Text that is not JSON. `offset` counts UTF-16 units from 0; the message says line and column, counted from 1. */
export class JsonSyntaxError extends AssetError {
  readonly offset: number;
  readonly expected: string;

  /** `firstLine` is the number that the text's first line has in its file. */
  constructor(text: string, offset: number, expected: string, firstLine = 1) {
    const before = text.slice(0, offset);
    const line = firstLine + before.split("\n").length - 1;
    const column = offset - before.lastIndexOf("\n");
    const found = offset < text.length ? JSON.stringify(String.fromCodePoint(text.codePointAt(offset) as number)) : "the end";
    super("asset_unreadable", `line ${line}, column ${column} of the JSON should have ${expected} and has ${found}`);
    this.name = "JsonSyntaxError";
    this.offset = offset;
    this.expected = expected;
  }
}

/** A finite double as Python's `repr` prints it: the shortest digits that give it back, `1.0`, `1e-07`, `1e+16`, `-0.0`. */
export function floatRepr(value: number): string {
  if (Object.is(value, -0)) return "-0.0";
  const [mantissa, exponent] = value.toExponential().split("e") as [string, string];
  const power = Number(exponent);
  if (power >= -4 && power < 16) {
    const fixed = String(value);
    return fixed.includes(".") ? fixed : `${fixed}.0`;
  }
  return `${mantissa}e${power < 0 ? "-" : "+"}${String(Math.abs(power)).padStart(2, "0")}`;
}

/** The offset of the quote that ends the string beginning at `at`, or -1. */
export function endOfString(text: string, at: number): number {
  let end = text.indexOf('"', at + 1);
  while (end > 0) {
    let backslashes = 0;
    while (text.charCodeAt(end - 1 - backslashes) === BACKSLASH) backslashes++;
    if (backslashes % 2 === 0) return end;
    end = text.indexOf('"', end + 1);
  }
  return -1;
}

const QUOTE = 0x22;
const MINUS = 0x2d;
const BACKSLASH = 0x5c;

/** True where `JSON.parse` gives what the exact reader would: no number to keep, no key out of turn, no nesting too deep. */
function isPlain(text: string, maxDepth: number, exact: boolean): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit === QUOTE) {
      const end = endOfString(text, at);
      if (end < 0 || (isDigit(text.charCodeAt(at + 1)) && looksLikeIndex(text.slice(at + 1, end)))) return false;
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

function isDigit(unit: number): boolean {
  return unit >= 0x30 && unit <= 0x39;
}

function isSpace(unit: number): boolean {
  return unit === 0x20 || unit === 0x0a || unit === 0x0d || unit === 0x09;
}

function numberToken(text: string, at: number): string {
  NUMBER_LIKE.lastIndex = at;
  return (NUMBER_LIKE.exec(text) as RegExpExecArray)[0];
}

const NUMBER_LIKE = /[-+.\deE]+/y;
const NUMBER = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?/y;
// oxlint-disable-next-line no-control-regex
const ESCAPED = /[\\\u0000-\u001f]/;

/** Reads a document by hand, which is slower than `JSON.parse` and knows where it is. */
class Reader {
  readonly #text: string;
  readonly #maxDepth: number;
  readonly #exact: boolean;
  readonly #path: (string | number)[] = [];
  #at = 0;

  constructor(text: string, maxDepth: number, exact: boolean) {
    this.#text = text;
    this.#maxDepth = maxDepth;
    this.#exact = exact;
  }

  document(): Json {
    const value = this.#value();
    if (this.#at < this.#text.length) throw this.#wrong("nothing more");
    return value;
  }

  #value(): Json {
    this.#skipSpace();
    const value = this.#token();
    this.#skipSpace();
    return value;
  }

  #token(): Json {
    const first = this.#text[this.#at];
    if (first === "{") return this.#object();
    if (first === "[") return this.#array();
    if (first === '"') return this.#string();
    for (const [word, value] of WORDS) {
      if (!this.#text.startsWith(word, this.#at)) continue;
      this.#at += word.length;
      return value;
    }
    return this.#number();
  }

  #object(): JsonObject {
    const members = new Map<string, Json>();
    this.#enter();
    this.#skipSpace();
    if (!this.#skip("}")) {
      do {
        this.#skipSpace();
        if (this.#text[this.#at] !== '"') throw this.#wrong("a key in quotes");
        const key = this.#string();
        this.#skipSpace();
        if (!this.#skip(":")) throw this.#wrong('":"');
        members.set(key, this.#within(key));
      } while (this.#skip(","));
      if (!this.#skip("}")) throw this.#wrong('"," or "}"');
    }
    return objectInOrder([...members]);
  }

  #array(): readonly Json[] {
    const items: Json[] = [];
    this.#enter();
    this.#skipSpace();
    if (!this.#skip("]")) {
      do items.push(this.#within(items.length));
      while (this.#skip(","));
      if (!this.#skip("]")) throw this.#wrong('"," or "]"');
    }
    return items;
  }

  #enter(): void {
    // The path is as long as the objects and arrays that are open.
    if (this.#path.length >= this.#maxDepth) {
      throw new AssetError("asset_too_deep", `it is nested deeper than ${this.#maxDepth} levels at ${this.#pointer()}`);
    }
    this.#at++;
  }

  #within(step: string | number): Json {
    this.#path.push(step);
    const value = this.#value();
    this.#path.pop();
    return value;
  }

  #string(): string {
    const end = endOfString(this.#text, this.#at);
    if (end < 0) throw new JsonSyntaxError(this.#text, this.#text.length, "a closing quote");
    const raw = this.#text.slice(this.#at + 1, end);
    try {
      const value = ESCAPED.test(raw) ? (JSON.parse(`"${raw}"`) as string) : raw;
      this.#at = end + 1;
      return value;
    } catch {
      throw this.#wrong("a string without control characters and with known escapes");
    }
  }

  #number(): Json {
    NUMBER.lastIndex = this.#at;
    const match = NUMBER.exec(this.#text);
    if (match === null) throw this.#wrong("a value");
    const [token, fraction, exponent] = match;
    this.#at += token.length;
    const value = Number(token);
    if (!this.#exact) return value;
    if (fraction === undefined && exponent === undefined) {
      if (Number.isSafeInteger(value)) return value === 0 ? 0 : value;
      return rawNumber(token);
    }
    if (!Number.isFinite(value)) throw new AssetError("value_unrepresentable", `the number ${token} at ${this.#pointer()} is beyond what a double can hold`);
    return rawNumber(floatRepr(value));
  }

  #skip(sign: string): boolean {
    if (this.#text[this.#at] !== sign) return false;
    this.#at++;
    return true;
  }

  #skipSpace(): void {
    while (isSpace(this.#text.charCodeAt(this.#at))) this.#at++;
  }

  /** A JSON Pointer to where the reader is. */
  #pointer(): string {
    return this.#path.length === 0 ? "its top" : this.#path.map((step) => `/${String(step).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
  }

  #wrong(expected: string): JsonSyntaxError {
    return new JsonSyntaxError(this.#text, this.#at, expected);
  }
}

const WORDS: readonly (readonly [string, Json])[] = [
  ["true", true],
  ["false", false],
  ["null", null],
];
