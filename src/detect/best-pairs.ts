export interface Pair<Item> {
  readonly left: Item;
  readonly right: Item;
  readonly similarity: number;
}

/** Candidates beyond this many pairs are too alike to tell apart, and too many to compare. */
const MOST_PAIRS = 1_024;

/** The pairs in which each is the other's single best match; a tie on either side is no match. */
export function bestPairs<Item>(
  lefts: readonly Item[],
  rights: readonly Item[],
  similarityOf: (left: Item, right: Item) => number,
): readonly Pair<Item>[] {
  if (lefts.length * rights.length > MOST_PAIRS) return [];
  const table = lefts.map((left) => rights.map((right) => similarityOf(left, right)));
  return lefts.flatMap((left, row) => {
    const similarities = table[row] as readonly number[];
    const column = singleBest(similarities);
    if (column === null || singleBest(table.map((other) => other[column] as number)) !== row) return [];
    return [{ left, right: rights[column] as Item, similarity: similarities[column] as number }];
  });
}

/** The index of the largest value, null where there is none or it occurs twice. */
function singleBest(values: readonly number[]): number | null {
  const best = Math.max(...values);
  const index = values.indexOf(best);
  return index < 0 || values.lastIndexOf(best) !== index ? null : index;
}
