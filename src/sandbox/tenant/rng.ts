/**
 * A seeded generator of pseudo-random numbers (the small fast counter generator "sfc32"): the same keys give the same draws on every
 * machine. Keys are integers, such as a seed, the number of an asset and a constant that tells one use from another.
 */
export class Rng {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  constructor(...keys: readonly number[]) {
    this.#a = 0x243f6a88;
    this.#b = 0x85a308d3 | 0;
    this.#c = 0x13198a2e;
    for (const key of keys) {
      this.#a ^= key | 0;
      this.#b ^= Math.floor(key / 0x1_0000_0000) | 0;
      // Keys that differ in one bit are far apart after this many rounds.
      for (let round = 0; round < 12; round++) this.#bits();
    }
  }

  #bits(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }

  /** At least 0, below 1. */
  next(): number {
    return this.#bits() / 0x1_0000_0000;
  }

  /** An integer of at least 0, below `limit`. */
  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  /** An integer of at least `low` and at most `high`. */
  between(low: number, high: number): number {
    return low + this.below(high - low + 1);
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** One of the items, which must not be none. */
  pick<T>(items: readonly T[]): T {
    if (items.length === 0) throw new RangeError("there is nothing to pick from");
    return items[this.below(items.length)] as T;
  }

  /** One of the keys, each as likely as its weight is great. */
  likely<T extends string>(weights: Readonly<Record<T, number>>): T {
    const items = Object.entries<number>(weights) as [T, number][];
    let rest = this.next() * items.reduce((sum, [, weight]) => sum + weight, 0);
    for (const [item, weight] of items) {
      rest -= weight;
      if (rest < 0) return item;
    }
    return this.pick(items)[0];
  }

  /** The same items in another order. */
  shuffle<T>(items: readonly T[]): readonly T[] {
    const shuffled = [...items];
    for (let last = shuffled.length - 1; last > 0; last--) {
      const other = this.below(last + 1);
      [shuffled[last], shuffled[other]] = [shuffled[other] as T, shuffled[last] as T];
    }
    return shuffled;
  }

  /** A string of that many characters out of the alphabet. */
  text(length: number, alphabet: string): string {
    return Array.from({ length }, () => alphabet.charAt(this.below(alphabet.length))).join("");
  }
}
