import { findDefinition } from "../../csn/find-definitions.ts";
import { compareCodePoints } from "../../model/order.ts";
import type { Disk } from "./disk.ts";
import { isLines } from "./layout.ts";
import type { OrderedLines } from "./ordered-lines.ts";
import { type Found, tokenOf } from "./place.ts";
import { PlaceTable, type Seat } from "./place-table.ts";
import type { SpaceMemory } from "./space-memory.ts";

/** Names that are noted even while they come in order. */
const NOTED = 16_384;

/**
 * The names that the listing of a space has met, each with where its definition stands.
 *
 * Exports are mostly written in the order of their names, and met from the end. While each name is lower than all before it none can
 * repeat another, and beyond the first thousands none is noted: so memory does not grow with the space. Where the order breaks later, what
 * was passed over is read once more.
 */
export class SeenNames {
  readonly #disk: Disk;
  readonly #memory: SpaceMemory;
  readonly #table: PlaceTable;
  readonly #files: string[] = [];
  readonly #again: () => AsyncIterable<readonly Found[]>;
  #most: number;
  #lowest: string | null = null;
  #met = 0;
  /** Null once all that is met is noted. */
  #noted: number | null = 0;

  /** `again` yields what was met so far, and perhaps more behind it. */
  constructor(
    disk: Disk,
    memory: SpaceMemory,
    again: () => AsyncIterable<readonly Found[]>,
    { table = new PlaceTable(), noted = NOTED }: { readonly table?: PlaceTable; readonly noted?: number } = {},
  ) {
    this.#disk = disk;
    this.#memory = memory;
    this.#again = again;
    this.#table = table;
    this.#most = noted;
  }

  /** Notes a name that is new, and answers true, where its order proves that it is. */
  meetInOrder(found: Found): boolean {
    if (this.#noted === null || (this.#lowest !== null && compareCodePoints(found.name, this.#lowest) >= 0)) return false;
    this.#lowest = found.name;
    this.#met++;
    if (this.#noted < this.#most) {
      this.#noted++;
      this.#note(found);
    }
    return true;
  }

  /** Answers true where the order of many names proves that all are new. None of them is noted, nor any that comes after them in order. */
  meetAllInOrder({ first, last, count }: OrderedLines): boolean {
    if (this.#noted === null || (this.#lowest !== null && compareCodePoints(last, this.#lowest) >= 0)) return false;
    this.#lowest = first;
    this.#met += count;
    this.#most = this.#noted;
    return true;
  }

  /** Notes a name that is new. Otherwise answers with the seats where it may have been met before. */
  async meet(found: Found): Promise<readonly Seat[]> {
    if (this.#noted !== null) await this.#noteAll(this.#noted);
    this.#noted = null;
    const seats = this.#table.candidates(found.name);
    if (seats.length === 0) this.#note(found);
    return seats;
  }

  /** The definition of this name among the seats. Null, and the name is noted, where they are of others that share its hash. */
  async earlier(found: Found, seats: readonly Seat[]): Promise<Found | null> {
    for (const seat of seats) {
      const seated = await this.#foundAt(seat, found.name);
      if (seated.name === found.name) return seated;
    }
    this.#note(found);
    return null;
  }

  async #noteAll(noted: number): Promise<void> {
    let at = 0;
    if (noted < this.#met)
      for await (const page of this.#again())
        for (const found of page) {
          if (at >= this.#met) return;
          if (at++ >= noted) this.#note(found);
        }
  }

  #note({ name, place }: Found): void {
    if (this.#files.at(-1) !== place.file) this.#files.push(place.file);
    this.#table.add(name, { file: this.#files.length - 1, at: place.at, length: place.length });
  }

  async #foundAt({ file: number, at, length }: Seat, likelyName: string): Promise<Found> {
    const file = this.#files[number] as string;
    if (!isLines(file)) return this.#memory.kept(file).find(({ place }) => place.at === at) as Found;
    await using open = await this.#disk.open(file);
    const line = await open.read(at, length);
    return { name: nameOf(line, likelyName), token: tokenOf(line), place: { file, at, length } };
  }
}

/** The name in a line. One that was listed at sight and turns out to be broken has, by its hash, the likely one. */
function nameOf(line: Buffer, likelyName: string): string {
  try {
    return findDefinition(line).name;
  } catch {
    return likelyName;
  }
}
