/**
 * Compares two strings by Unicode code point, as SQLite's BINARY and PostgreSQL's "C" collations order UTF-8, and as Python orders.
 *
 * JavaScript's `<` compares UTF-16 units, which puts U+10000 and above before U+E000..U+FFFF; a merge of a listing with a store
 * that orders differently would take present assets for vanished ones. A lone surrogate counts as its own number.
 */
export function compareCodePoints(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    if (a.charCodeAt(i) !== b.charCodeAt(i)) return differenceAt(a, b, i);
  }
  return a.length - b.length;
}

function differenceAt(a: string, b: string, i: number): number {
  // The first differing unit may be the second half of a code point that began one unit earlier.
  const start = Math.max(0, i - 1);
  return codePoint(a, start) - codePoint(b, start) || codePoint(a, i) - codePoint(b, i);
}

function codePoint(text: string, at: number): number {
  return text.codePointAt(at) as number;
}
