import { type Basis, KnownBases } from "../shared/known-bases.ts";
import { sealed } from "../shared/row-sum.ts";
import { stateDamaged } from "./server-error.ts";
import { type LedgeredRows, scanRows } from "./scan-rows.ts";
import { addRows, type WritableRows } from "./state-rows.ts";
import type { RowIn } from "./tables.ts";

/** The bases of a state, of which there are a few: all are read when one is first needed. */
export class Bases {
  readonly #known = new KnownBases();
  #isLoaded = false;

  /** The basis of each of these entries, in their order. */
  async of(rows: LedgeredRows, entries: readonly RowIn["entry"][]): Promise<readonly Basis[]> {
    if (entries.some(([, id]) => this.#known.at(id) === undefined)) await this.#load(rows);
    return entries.map(([, id]) => {
      const basis = this.#known.at(id);
      if (basis === undefined) throw stateDamaged(rows.shown, `the row ${id} of basis is missing`);
      return basis;
    });
  }

  /** The basis's number; a new basis is written. */
  async idOf(rows: WritableRows & LedgeredRows, basis: Basis): Promise<number> {
    if (!this.#isLoaded) await this.#load(rows);
    const known = this.#known.idOf(basis);
    if (known !== undefined) return known;
    const id = (rows.next.last.basis += 1);
    await addRows(rows, "basis", [sealed([id, basis.scheme, basis.raw, basis.mapping]) as RowIn["basis"]]);
    this.#known.add(id, basis);
    return id;
  }

  /** Forgets all: what a failed transaction added is gone. */
  forget(): void {
    this.#known.clear();
    this.#isLoaded = false;
  }

  async #load(rows: LedgeredRows): Promise<void> {
    for await (const page of scanRows(rows, "basis"))
      for (const [id, scheme, raw, mapping] of page) this.#known.add(id, { scheme, raw, mapping });
    this.#isLoaded = true;
  }
}
