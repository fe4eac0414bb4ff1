import type { Json } from "./json.ts";
import { parseJson } from "./parse-json.ts";

/**
 * Parses what `JSON.stringify` wrote of a value of ours, numbers exact.
 *
 * Documents from outside go through `parseJson`, which bounds and checks them; what was let in there and stored needs no second check.
 * So nearly all stored text takes the platform's parser, many times as fast, and only one that may hold a RawNumber the exact one.
 */
export function parseStored(text: string): Json {
  return MAY_HOLD_RAW_NUMBER.test(text) ? parseJson(text, { maxDepth: Number.POSITIVE_INFINITY }) : (JSON.parse(text) as Json);
}

/** A number with a fraction, an exponent or more digits than are always safe, where one can begin. Text inside a string may look like it. */
const MAY_HOLD_RAW_NUMBER = /(?:^|[:,[])-?\d+(?:[.eE]|(?<=\d{16}))/;
