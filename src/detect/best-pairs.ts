export interface Pair<Item> {
  readonly left: Item;
  readonly right: Item;
  readonly similarity: number;
}

const MOST_PAIRS = 1_024;

/** Whether so many on either side are to be compared: beyond that they are too alike to tell apart, and too many. */
export function isComparable(lefts: number, rights: number): boolean {
  return lefts * rights <= MOST_PAIRS;
}

/** The pairs in which each is the other's single best match; a tie on either side is no match. */
export function bestPairs<Item>(
  lefts: readonly Item[],
  rights: readonly Item[],
  similarityOf: (left: Item, right: Item) => number,
): readonly Pair<Item>[] {
  if (!isComparable(lefts.length, rights.length)) return [];
  const matches = new BestMatches<Item>();
  for (const left of lefts) for (const right of rights) matches.add({ left, right, similarity: similarityOf(left, right) });
  return matches.pairs();
}

/** The best match of each side among pairs that are compared one after the other: of what was compared it keeps nothing else. */
export class BestMatches<Item> {
  readonly #lefts = new Map<Item, Best<Item>>();
  readonly #rights = new Map<Item, Best<Item>>();

  /** Adds a pair, each pair once. */
  add({ left, right, similarity }: Pair<Item>): void {
    note(this.#lefts, left, right, similarity);
    note(this.#rights, right, left, similarity);
  }

  /** The pairs in which each is the other's single best match; in the order in which their left sides came. */
  pairs(): readonly Pair<Item>[] {
    return [...this.#lefts].flatMap(([left, { of: right, similarity, isTied }]) => {
      const back = this.#rights.get(right);
      return isTied || back === undefined || back.isTied || back.of !== left ? [] : [{ left, right, similarity }];
    });
  }
}

interface Best<Item> {
  readonly of: Item;
  readonly similarity: number;
  /** Another is as similar. */
  readonly isTied: boolean;
}

function note<Item>(bests: Map<Item, Best<Item>>, item: Item, of: Item, similarity: number): void {
  const best = bests.get(item);
  if (best === undefined || similarity > best.similarity) bests.set(item, { of, similarity, isTied: false });
  else if (similarity === best.similarity) bests.set(item, { ...best, isTied: true });
}
