import { isRawNumber } from "../../model/json.ts";

/** What an answer holds at most: a model reads all of it, and pays for it. */
const LONGEST_TEXT = 400;
const MOST_ENTRIES = 100;
const MOST_CHARACTERS = 60_000;

/**
 * A value as JSON text of bounded length. Long texts, lists and objects are cut, each with a mark that says so; where that is not enough,
 * they are cut shorter until it fits.
 */
export function boundedJson(value: unknown): string {
  for (let entries = MOST_ENTRIES; ; entries = Math.floor(entries / 2)) {
    const text = JSON.stringify(shortened(value, entries, entries < 10 ? 80 : LONGEST_TEXT), null, 1);
    if (text.length <= MOST_CHARACTERS) return text;
    if (entries === 0) return JSON.stringify({ cut: "The answer is too long; ask for less of it." });
  }
}

function shortened(value: unknown, entries: number, length: number): unknown {
  if (typeof value === "string")
    return value.length <= length ? value : `${value.slice(0, length).toWellFormed()} … (${value.length} characters)`;
  if (Array.isArray(value)) {
    const kept = value.slice(0, entries).map((item) => shortened(item, entries, length));
    return value.length <= entries ? kept : [...kept, `… ${value.length - entries} more`];
  }
  if (typeof value !== "object" || value === null || isRawNumber(value)) return value;
  const members = Object.entries(value);
  const kept = members.slice(0, entries).map(([key, inner]) => [key, shortened(inner, entries, length)]);
  return Object.fromEntries(members.length <= entries ? kept : [...kept, ["…", `${members.length - entries} more`]]);
}
