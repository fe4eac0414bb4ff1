/**
 * Compares two strings by Unicode code point, as SQLite's BINARY and PostgreSQL's "C" collations order UTF-8.
 *
 * JavaScript's `<` compares UTF-16 units, which puts U+10000 and above before U+E000..U+FFFF; a merge of a listing with a store
 * that orders differently would take present assets for vanished ones.
 */
export function compareCodePoints(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const left = a.charCodeAt(i);
    const right = b.charCodeAt(i);
    if (left !== right) return rank(left) - rank(right);
  }
  return a.length - b.length;
}

// Moves surrogates above the rest of the basic plane, where the code points that they spell belong.
function rank(unit: number): number {
  if (unit >= 0xe000) return unit - 0x800;
  if (unit >= 0xd800) return unit + 0x2000;
  return unit;
}
