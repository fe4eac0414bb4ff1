/** Where a name was met: the number of its file, and its line or definition there. */
export interface Seat {
  readonly file: number;
  readonly at: number;
  readonly length: number;
}

/**
 * The names of a space with where they were met, in some 40 bytes for each instead of the hundred and more of a `Map` of strings.
 *
 * It keeps a hash of each name, not the name: what it answers are candidates, whose names are to be compared. Two names share a hash
 * once in ten thousand catalogs of a million assets.
 */
export class PlaceTable {
  // Rows in the order of their names' coming, and slots that point to them (row number + 1; 0 is empty).
  #hashes = new Float64Array(FIRST_ROWS);
  #files = new Uint32Array(FIRST_ROWS);
  #ats = new Float64Array(FIRST_ROWS);
  #lengths = new Uint32Array(FIRST_ROWS);
  #slots = new Uint32Array(FIRST_ROWS * 2);
  #rows = 0;
  readonly #hashOf: (name: string) => number;

  constructor(hash: (name: string) => number = hashOf) {
    this.#hashOf = hash;
  }

  /** The seats of all names with this one's hash. */
  candidates(name: string): readonly Seat[] {
    const hash = this.#hashOf(name);
    const seats: Seat[] = [];
    for (let slot = this.#slotOf(hash); this.#slots[slot] !== 0; slot = this.#next(slot)) {
      const row = (this.#slots[slot] as number) - 1;
      if (this.#hashes[row] !== hash) continue;
      seats.push({ file: this.#files[row] as number, at: this.#ats[row] as number, length: this.#lengths[row] as number });
    }
    return seats;
  }

  add(name: string, { file, at, length }: Seat): void {
    if (this.#rows === this.#hashes.length) this.#grow();
    const row = this.#rows++;
    this.#hashes[row] = this.#hashOf(name);
    this.#files[row] = file;
    this.#ats[row] = at;
    this.#lengths[row] = length;
    this.#point(row);
  }

  #point(row: number): void {
    let slot = this.#slotOf(this.#hashes[row] as number);
    while (this.#slots[slot] !== 0) slot = this.#next(slot);
    this.#slots[slot] = row + 1;
  }

  #slotOf(hash: number): number {
    return hash % this.#slots.length;
  }

  #next(slot: number): number {
    return (slot + 1) % this.#slots.length;
  }

  #grow(): void {
    const rows = this.#rows * 2;
    this.#hashes = widened(this.#hashes, new Float64Array(rows));
    this.#files = widened(this.#files, new Uint32Array(rows));
    this.#ats = widened(this.#ats, new Float64Array(rows));
    this.#lengths = widened(this.#lengths, new Uint32Array(rows));
    this.#slots = new Uint32Array(rows * 2);
    for (let row = 0; row < this.#rows; row++) this.#point(row);
  }
}

const FIRST_ROWS = 1024;

function widened<T extends Float64Array | Uint32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}

/** 53 bits out of two FNV-1a runs over the UTF-16 units. */
function hashOf(name: string): number {
  let high = 0x811c9dc5;
  let low = 0x2545f491;
  for (let i = 0; i < name.length; i++) {
    const unit = name.charCodeAt(i);
    high = Math.imul(high ^ unit, 0x01000193);
    low = Math.imul(low ^ unit, 0x5bd1e995);
  }
  return (high & 0x1fffff) * 0x1_0000_0000 + (low >>> 0);
}
