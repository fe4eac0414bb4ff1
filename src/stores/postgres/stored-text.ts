import { requireWellFormed } from "../../model/well-formed.ts";

/**
 * Text as PostgreSQL can hold it: its own has no character U+0000. That and U+0001, which stands for it, become two characters each, so
 * that the order by code point stays the same.
 */
export function toStored(text: string): string {
  return SPECIAL.test(requireWellFormed(text)) ? text.replaceAll("\u0001", "\u0001\u0002").replaceAll("\u0000", "\u0001\u0001") : text;
}

export function fromStored(text: string): string {
  return text.includes("\u0001") ? text.replace(PAIR, (pair) => (pair === "\u0001\u0001" ? "\u0000" : "\u0001")) : text;
}

// oxlint-disable-next-line no-control-regex -- these two are what it is about
const SPECIAL = /[\u0000\u0001]/;
// oxlint-disable-next-line no-control-regex -- as above
const PAIR = /\u0001[\u0001\u0002]/g;
