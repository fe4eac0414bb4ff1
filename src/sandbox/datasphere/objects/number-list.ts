/** Numbers in ascending order, without repetition: which objects a list has. */
export class NumberList {
  readonly #numbers: number[] = [];

  get length(): number {
    return this.#numbers.length;
  }

  has(number: number): boolean {
    return this.#numbers[this.#place(number)] === number;
  }

  add(number: number): void {
    const at = this.#place(number);
    if (this.#numbers[at] !== number) this.#numbers.splice(at, 0, number);
  }

  delete(number: number): void {
    const at = this.#place(number);
    if (this.#numbers[at] === number) this.#numbers.splice(at, 1);
  }

  slice(start: number, end: number): readonly number[] {
    return this.#numbers.slice(start, end);
  }

  [Symbol.iterator](): Iterator<number> {
    return this.#numbers[Symbol.iterator]();
  }

  // Where the number stands, or would. Most come in ascending order, at the end.
  #place(number: number): number {
    let low = 0;
    let high = this.#numbers.length;
    if (high === 0 || (this.#numbers[high - 1] as number) < number) return high;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#numbers[middle] as number) < number) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
