import { findDefinition } from "../../csn/find-definitions.ts";
import type { Disk } from "./disk.ts";
import { isLines } from "./layout.ts";
import { type Found, tokenOf } from "./place.ts";
import { PlaceTable, type Seat } from "./place-table.ts";
import type { SpaceMemory } from "./space-memory.ts";

/** The names that the listing of a space has met, each with where its definition stands. */
export class SeenNames {
  readonly #disk: Disk;
  readonly #memory: SpaceMemory;
  readonly #table: PlaceTable;
  readonly #files: string[] = [];

  constructor(disk: Disk, memory: SpaceMemory, table: PlaceTable = new PlaceTable()) {
    this.#disk = disk;
    this.#memory = memory;
    this.#table = table;
  }

  /** Notes a name that is new. Otherwise answers with the seats where it may have been met before. */
  meet(found: Found): readonly Seat[] {
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
