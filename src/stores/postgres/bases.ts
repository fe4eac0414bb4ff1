import { sealed } from "../shared/row-sum.ts";
import { stateDamaged } from "./server-error.ts";
import { type LedgeredRows, scanRows } from "./scan-rows.ts";
import { addRows, type WritableRows } from "./state-rows.ts";
import type { RowOf } from "./tables.ts";

/** What an entry's fingerprints rest on. Nearly all entries of a state share one, so it is stored once and numbered. */
export interface Basis {
  readonly scheme: string;
  /** Basis of the raw fingerprint; null where there is none. */
  readonly raw: string | null;
  /** Null until the target acknowledged the asset. */
  readonly mapping: string | null;
}

/** The bases of a state, of which there are a few. They are only ever added, so what is known stays right. */
export class Bases {
  readonly #byId = new Map<number, Basis>();
  readonly #ids = new Map<string, number>();
  #isLoaded = false;

  /** The basis of each of these entries, in their order. */
  async of(rows: LedgeredRows, entries: readonly RowOf["entry"][]): Promise<readonly Basis[]> {
    if (entries.some(([, id]) => !this.#byId.has(id))) await this.#load(rows);
    return entries.map(([, id]) => {
      const basis = this.#byId.get(id);
      if (basis === undefined) throw stateDamaged(rows.shown, `the row ${id} of basis is missing`);
      return basis;
    });
  }

  /** The basis's number; a new basis is written. */
  async idOf(rows: WritableRows & LedgeredRows, basis: Basis): Promise<number> {
    const key = keyOf(basis);
    if (!this.#isLoaded) await this.#load(rows);
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    const id = (rows.next.last.basis += 1);
    await addRows(rows, "basis", [sealed([id, basis.scheme, basis.raw, basis.mapping]) as RowOf["basis"]]);
    this.#remember(id, basis);
    return id;
  }

  /** Forgets all: what a failed transaction added is gone. */
  forget(): void {
    this.#byId.clear();
    this.#ids.clear();
    this.#isLoaded = false;
  }

  async #load(rows: LedgeredRows): Promise<void> {
    for await (const page of scanRows(rows, "basis"))
      for (const [id, scheme, raw, mapping] of page) this.#remember(id, { scheme, raw, mapping });
    this.#isLoaded = true;
  }

  #remember(id: number, basis: Basis): void {
    this.#byId.set(id, basis);
    this.#ids.set(keyOf(basis), id);
  }
}

function keyOf({ scheme, raw, mapping }: Basis): string {
  return JSON.stringify([scheme, raw, mapping]);
}
