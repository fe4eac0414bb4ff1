/**
 * A JSON value as it stands in a document from outside, with every number exact.
 *
 * Safe integers are JavaScript numbers. Every other number token (a fraction, an exponent, an integer beyond 2^53) is a
 * {@link RawNumber}, so that neither `1.0` against `1` nor the last digit of a long integer is lost. `JSON.stringify` writes a
 * RawNumber back verbatim.
 */
export type Json = null | boolean | number | string | RawNumber | readonly Json[] | JsonObject;

/** A plain object of JSON values. Keys may be any string, `__proto__` included: build these with `Object.fromEntries`, {@link setMember} or spread, never by assignment. */
export interface JsonObject {
  readonly [key: string]: Json;
}

/** A number token kept as text: what `JSON.rawJSON` returns. Test with `isRawNumber`, because its shape alone is an ordinary object's. */
export interface RawNumber {
  readonly rawJSON: string;
}

/** True for what `JSON.rawJSON` made, false for a document's own object that happens to have a `rawJSON` key. */
export function isRawNumber(value: unknown): value is RawNumber {
  // What `JSON.rawJSON` makes has no prototype: that is told much sooner, and mostly answers.
  return typeof value === "object" && value !== null && !(value instanceof Object) && rawJson.isRawJSON(value);
}

/** Keeps a number token as text. The text must be a JSON number. */
export function rawNumber(text: string): RawNumber {
  return rawJson.rawJSON(text);
}

/** Sets a member of an object that is being built, whatever its key: of a document's own `__proto__` an assignment would make the object's prototype. */
export function setMember(object: { [key: string]: Json }, key: string, value: Json): void {
  if (key === "__proto__") Object.defineProperty(object, key, { value, configurable: true, enumerable: true, writable: true });
  else object[key] = value;
}

/** True for an object of keys and values: not null, not an array, not a raw number. */
export function isJsonObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !isRawNumber(value);
}

// ES2026 "JSON.parse source text access": in Node 24, not yet in TypeScript's lib.
const rawJson = JSON as unknown as {
  rawJSON(text: string): RawNumber;
  isRawJSON(value: unknown): boolean;
};
