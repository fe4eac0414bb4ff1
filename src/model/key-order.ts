import type { Json, JsonObject } from "./json.ts";

// JavaScript lists keys that look like array indices ("2019") before all others, whatever the order they were written in. A table with
// a column for each year would so change its column order by being parsed. Objects with such keys have their order noted here.
const noted = new WeakMap<JsonObject, readonly string[]>();

/** The keys of an object in the order of the document that it was parsed from. */
export function keysInOrder(object: JsonObject): readonly string[] {
  return noted.get(object) ?? Object.keys(object);
}

/** Builds an object whose keys `keysInOrder` lists as given here. Keys must be unique, and may be `__proto__`. */
export function objectInOrder(entries: readonly (readonly [string, Json])[]): JsonObject {
  const object = Object.fromEntries(entries);
  if (entries.some(([key]) => looksLikeIndex(key)))
    noted.set(
      object,
      entries.map(([key]) => key),
    );
  return object;
}

/** True for a key that JavaScript may list out of turn. */
export function looksLikeIndex(key: string): boolean {
  // Hardly a key begins with a digit, which is told much sooner.
  return key.charCodeAt(0) <= NINE && INDEX.test(key);
}

const NINE = 0x39;

const INDEX = /^\d{1,10}$/;
