import type { AssetId } from "../../model/asset.ts";
import { compareCodePoints } from "../../model/order.ts";
import { Columns } from "./listed-page.ts";

/** Listed ids in strictly ascending order, in pages that are read one after the other. Of an id in several runs that of the earlier one counts. */
export interface Run {
  readonly first: AssetId;
  readonly last: AssetId;
  readonly pages: readonly (() => Columns)[];
}

/** An id that stood in the listing before. */
export interface Repeated {
  readonly id: AssetId;
  readonly scope: string;
}

/** True where no run holds ids between those of another. */
export function areApart(runs: readonly Run[]): boolean {
  const inOrder = runs.toSorted((a, b) => compareCodePoints(a.first, b.first));
  return inOrder.every((run, at) => at === 0 || compareCodePoints((inOrder[at - 1] as Run).last, run.first) < 0);
}

/** Ids of a page that is put together of several. */
const PAGE = 500;

/**
 * Runs as one, in order, each id once. Where runs do not overlap their pages pass as they are; where they do, one page of each is held.
 */
export function* mergeRuns(runs: readonly Run[], onRepeated: (repeated: Repeated) => void): Generator<Columns> {
  const waiting = runs.map((run, age) => ({ run, age })).sort((a, b) => compareCodePoints(a.run.first, b.run.first) || a.age - b.age);
  const open: Cursor[] = [];
  const merged = new Merged(onRepeated);
  for (;;) {
    for (;;) {
      const next = waiting[0];
      const low = lowest(open);
      if (next === undefined || (low !== null && compareCodePoints(next.run.first, low.id) > 0)) break;
      waiting.shift();
      open.push(new Cursor(next.run, next.age));
    }
    const low = lowest(open);
    if (low === null) break;
    const bound = waiting[0]?.run.first;
    if (
      open.length === 1 &&
      low.index === 0 &&
      low.id !== merged.last &&
      (bound === undefined || compareCodePoints(low.lastOfPage, bound) < 0)
    ) {
      const rest = merged.take();
      if (rest !== null) yield rest;
      yield low.page;
      low.nextPage();
    } else {
      merged.add(low.page, low.index);
      if (merged.size >= PAGE) yield merged.take() as Columns;
      low.next();
    }
    if (low.ended) open.splice(open.indexOf(low), 1);
  }
  const rest = merged.take();
  if (rest !== null) yield rest;
}

// Of equal ids the older run's comes first.
function lowest(open: readonly Cursor[]): Cursor | null {
  let low: Cursor | null = null;
  for (const cursor of open) {
    const order = low === null ? -1 : compareCodePoints(cursor.id, low.id);
    if (low === null || order < 0 || (order === 0 && cursor.age < low.age)) low = cursor;
  }
  return low;
}

class Cursor {
  readonly age: number;
  readonly #pages: Iterator<() => Columns>;
  page: Columns;
  index = 0;
  ended = false;

  constructor({ pages }: Run, age: number) {
    this.age = age;
    this.#pages = pages[Symbol.iterator]();
    this.page = (this.#pages.next().value as () => Columns)();
  }

  get id(): AssetId {
    return this.page.ids[this.index] as AssetId;
  }

  get lastOfPage(): AssetId {
    return this.page.ids.at(-1) as AssetId;
  }

  next(): void {
    if (++this.index >= this.page.ids.length) this.nextPage();
  }

  nextPage(): void {
    const { done, value } = this.#pages.next();
    this.index = 0;
    if (done === true) this.ended = true;
    else this.page = value();
  }
}

/** Rows of several pages as one; drops what repeats. */
class Merged {
  readonly #onRepeated: (repeated: Repeated) => void;
  #rows: { readonly page: Columns; readonly index: number }[] = [];
  /** The id that was added last. */
  last: AssetId | null = null;

  constructor(onRepeated: (repeated: Repeated) => void) {
    this.#onRepeated = onRepeated;
  }

  get size(): number {
    return this.#rows.length;
  }

  add(page: Columns, index: number): void {
    const id = page.ids[index] as AssetId;
    if (id === this.last) this.#onRepeated({ id, scope: page.scopeAt(index) });
    else this.#rows.push({ page, index });
    this.last = id;
  }

  take(): Columns | null {
    const rows = this.#rows;
    this.#rows = [];
    if (rows.length === 0) return null;
    return new Columns(
      rows.map(({ page, index }) => page.ids[index] as AssetId),
      rows.map(({ page, index }) => page.tokens[index] as string | null),
      rows.map(({ page, index }) => page.refs[index] as string),
      rows.map(({ page, index }) => page.scopeAt(index)),
      rows.map(({ page, index }) => page.locatorTextAt(index)).join("\n"),
    );
  }
}
