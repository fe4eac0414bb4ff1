import { compareCodePoints } from "../../model/order.ts";

/** Rows by folded name, listed in code-point order of the names. The order is made anew only after a name came or went. */
export class Rows<T> {
  readonly #rows = new Map<string, T>();
  #order: readonly string[] | null = null;

  get size(): number {
    return this.#rows.size;
  }

  get(name: string): T | undefined {
    return this.#rows.get(name);
  }

  set(name: string, row: T): void {
    if (!this.#rows.has(name)) this.#order = null;
    this.#rows.set(name, row);
  }

  delete(name: string): void {
    if (this.#rows.delete(name)) this.#order = null;
  }

  values(): Iterable<T> {
    return this.#rows.values();
  }

  /** The rows whose names come after the given one, all of them for null. */
  *after(name: string | null): Iterable<readonly [string, T]> {
    this.#order ??= [...this.#rows.keys()].sort(compareCodePoints);
    const order = this.#order;
    for (let index = name === null ? 0 : firstAfter(order, name); index < order.length; index++) {
      const key = order[index] as string;
      const row = this.#rows.get(key);
      if (row !== undefined) yield [key, row];
    }
  }
}

function firstAfter(order: readonly string[], name: string): number {
  let low = 0;
  let high = order.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareCodePoints(order[middle] as string, name) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
