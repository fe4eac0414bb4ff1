import { AssetError } from "./errors.ts";
import { floatRepr } from "./float-repr.ts";
import { type Json, type JsonObject, rawNumber } from "./json.ts";
import { jsonPointer } from "./json-pointer.ts";
import { objectInOrder } from "./key-order.ts";

/** Reads a document by hand: slower than `JSON.parse`, but exact, and it knows where it is. What it promises stands at `parseJson`. */
export function readJson(text: string, maxDepth: number, exact: boolean): Json {
  return new JsonReader(text, maxDepth, exact).document();
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

const BACKSLASH = 0x5c;
const NUMBER = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?/y;
// oxlint-disable-next-line no-control-regex
const ESCAPED = /[\\\u0000-\u001f]/;

class JsonReader {
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
    if (match === null) throw this.#noNumber() ?? this.#wrong("a value");
    const [token, fraction, exponent] = match;
    this.#at += token.length;
    const value = Number(token);
    if (!this.#exact) return value;
    if (fraction === undefined && exponent === undefined) {
      if (Number.isSafeInteger(value)) return value === 0 ? 0 : value;
      return rawNumber(token);
    }
    if (!Number.isFinite(value))
      throw new AssetError("value_unrepresentable", `the number ${token} at ${this.#pointer()} is beyond what a double can hold`);
    return rawNumber(floatRepr(value));
  }

  /** The complaint about what some programs write for a number that JSON does not have; null for anything else. */
  #noNumber(): AssetError | null {
    const word = ["NaN", "Infinity", "-Infinity"].find((known) => this.#text.startsWith(known, this.#at));
    if (word === undefined) return null;
    return new AssetError("value_unrepresentable", `${word} at ${this.#pointer()} is no value that JSON can say`);
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
    return this.#path.length === 0 ? "its top" : jsonPointer(...this.#path);
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

function isSpace(unit: number): boolean {
  return unit === 0x20 || unit === 0x0a || unit === 0x0d || unit === 0x09;
}
