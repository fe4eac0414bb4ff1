/** How many rows a table holds, and a sum over their sums that does not depend on their order. */
export interface Tally {
  rows: number;
  sum: number;
}

export function emptyTally(): Tally {
  return { rows: 0, sum: 0 };
}

export function addTo(tally: Tally, sum: string): void {
  tally.rows += 1;
  tally.sum = (tally.sum + part(sum)) % MODULUS;
}

export function takeFrom(tally: Tally, sum: string): void {
  tally.rows -= 1;
  tally.sum = (tally.sum - part(sum) + MODULUS) % MODULUS;
}

// 48 bits: two of them still add exactly in a JavaScript number.
const MODULUS = 2 ** 48;

function part(sum: string): number {
  return Number.parseInt(sum.slice(0, 12), 16);
}
