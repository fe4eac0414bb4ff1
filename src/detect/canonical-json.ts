import { AssetError } from "../model/errors.ts";
import { isRawNumber, type Json, type JsonObject } from "../model/json.ts";
import { jsonPointer } from "../model/json-pointer.ts";
import { isNumber, numberToken } from "../model/number-token.ts";
import { compareCodePoints } from "../model/order.ts";

/** Version of the canonical form. Whoever changes a byte of what this folder hashes raises it, which re-hashes every stored snapshot. */
export const CANONICAL_VERSION = 1;

/**
 * Writes a value as Python's `json.dumps(value, sort_keys=True)` writes the same JSON, byte for byte: keys by code point, `", "` and
 * `": "` between, everything outside printable ASCII escaped, numbers as {@link numberToken} spells them.
 *
 * Throws `value_unrepresentable` for what JSON cannot say (NaN, an infinity, undefined, a function, a date …). The message begins with
 * `of` and names the value by `at`, the JSON Pointer of the whole, plus its own.
 */
export function referenceJson(value: Json, of?: string, at?: string): string {
  return PLAIN.write(value, of, at);
}

/** Writes values as {@link referenceJson} does, and notices what it writes: an object without a key, or a key that is looked for. */
export class CanonicalWriter {
  /** True once what the last {@link write} wrote holds something noticed. */
  noticed = false;
  readonly #looksFor: (key: string) => boolean;
  /** Keys with what is written of them. One that is looked for is never among them. */
  readonly #written = new Map<string, string>();

  constructor(looksFor: (key: string) => boolean) {
    this.#looksFor = looksFor;
  }

  /** See {@link referenceJson}. */
  write(value: Json, of = "The document", at = ""): string {
    this.noticed = false;
    try {
      return this.#value(value);
    } catch (error) {
      if (!(error instanceof Unsayable)) throw error;
      const { pointer, what } = locate(value, at) as Unsaid;
      throw new AssetError(
        "value_unrepresentable",
        `${of} cannot be fingerprinted: the value at ${pointer || "its root"} is ${what}, which JSON cannot say.`,
      );
    }
  }

  // Tuned, because this writes every facet of every asset that is read: a key's escaped text is remembered, small objects are sorted by
  // insertion, and the path of a bad value is searched for only once there is one.
  #value(value: Json): string {
    if (typeof value === "string") return quote(value);
    if (value === null) return "null";
    if (typeof value === "boolean") return value ? "true" : "false";
    if (typeof value === "number") return writeNumber(value);
    if (typeof value !== "object") throw new Unsayable();
    if (Array.isArray(value)) return this.#array(value);
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype !== Object.prototype && prototype !== null) throw new Unsayable();
    if (prototype === null && isRawNumber(value)) return writeNumber(value);
    return this.#object(value as JsonObject, sorted(Object.keys(value)));
  }

  #array(items: readonly Json[]): string {
    let text = "[";
    for (let i = 0; i < items.length; i++) {
      if (i > 0) text += ", ";
      text += this.#value(items[i] as Json);
    }
    return `${text}]`;
  }

  #object(value: JsonObject, keys: readonly string[]): string {
    if (keys.length === 0) this.noticed = true;
    let text = "{";
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i] as string;
      let written = this.#written.get(key);
      if (written === undefined) {
        if (ABOVE_SURROGATES.test(key)) return this.#inCodePointOrder(value, keys);
        written = this.#key(key);
      }
      if (i > 0) text += ", ";
      text += written + this.#value(value[key] as Json);
    }
    return `${text}}`;
  }

  #key(key: string): string {
    const written = `${quote(key)}: `;
    if (this.#looksFor(key)) {
      this.noticed = true;
      return written;
    }
    if (this.#written.size >= KEYS_REMEMBERED) this.#written.clear();
    this.#written.set(key, written);
    return written;
  }

  /** The slow way, for the keys whose order by UTF-16 unit may not be that by code point. */
  #inCodePointOrder(value: JsonObject, keys: readonly string[]): string {
    const members = keys.toSorted(compareCodePoints).map((key) => {
      if (this.#looksFor(key)) this.noticed = true;
      return `${quote(key)}: ${this.#value(value[key] as Json)}`;
    });
    return `{${members.join(", ")}}`;
  }
}

const PLAIN = new CanonicalWriter(() => false);

function writeNumber(value: Parameters<typeof numberToken>[0]): string {
  const token = numberToken(value);
  if (token === null) throw new Unsayable();
  return token;
}

const ABOVE_SURROGATES = /[\ud800-\uffff]/;
const KEYS_REMEMBERED = 4096;

const NEEDS_ESCAPE = /[^ !#-[\]-~]/;
const ABOVE_ASCII = /[\x7f-\uffff]/g;

function quote(text: string): string {
  if (!NEEDS_ESCAPE.test(text)) return `"${text}"`;
  // JSON.stringify escapes the quote, the backslash, control characters and lone surrogates exactly as Python does.
  return JSON.stringify(text).replace(ABOVE_ASCII, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** Sorts by UTF-16 unit, in place. */
function sorted(keys: string[]): string[] {
  if (keys.length > 12) return keys.sort();
  for (let i = 1; i < keys.length; i++) {
    const key = keys[i] as string;
    let j = i - 1;
    for (; j >= 0 && (keys[j] as string) > key; j--) keys[j + 1] = keys[j] as string;
    keys[j + 1] = key;
  }
  return keys;
}

/** Thrown inside this file only: somewhere in the value stands what JSON cannot say. */
class Unsayable extends Error {}

interface Unsaid {
  readonly pointer: string;
  readonly what: string;
}

function locate(value: unknown, pointer: string): Unsaid | null {
  const what = unsayable(value);
  if (what !== null) return { pointer, what };
  if (typeof value !== "object" || value === null || isRawNumber(value)) return null;
  const members: Iterable<[string | number, unknown]> = Array.isArray(value) ? value.entries() : Object.entries(value);
  for (const [key, member] of members) {
    const found = locate(member, pointer + jsonPointer(key));
    if (found !== null) return found;
  }
  return null;
}

/** What a value is that JSON cannot say; null for one that it can, whatever may stand inside. */
function unsayable(value: unknown): string | null {
  if (isNumber(value))
    return numberToken(value) === null ? (typeof value === "number" ? String(value) : `${value.rawJSON} (an infinite float)`) : null;
  switch (typeof value) {
    case "undefined":
      return "undefined";
    case "bigint":
    case "function":
    case "symbol":
      return `a ${typeof value}`;
    case "object": {
      const prototype: unknown = value === null || Array.isArray(value) ? null : Object.getPrototypeOf(value);
      return prototype === null || prototype === Object.prototype ? null : `an instance of ${(value as object).constructor.name}`;
    }
    default:
      return null;
  }
}
