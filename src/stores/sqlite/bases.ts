import { addTo } from "../shared/tally.ts";
import { type Ledger } from "./ledger.ts";
import { sealed } from "../shared/row-sum.ts";
import { COLUMNS } from "./schema.ts";
import { intact, rowAt } from "./read-rows.ts";
import type { Queries, StateDatabase } from "./state-database.ts";
import { stateDamaged } from "../shared/state-error.ts";

/** What an entry's fingerprints rest on. Nearly all entries of a state share one, so it is stored once and numbered. */
export interface Basis {
  readonly scheme: string;
  /** Basis of the raw fingerprint; null where there is none. */
  readonly raw: string | null;
  /** Null until the target acknowledged the asset. */
  readonly mapping: string | null;
}

/** The bases that were met so far. They are only ever added, so what is known stays right. */
export class Bases {
  readonly #byId = new Map<number, Basis>();
  readonly #ids = new Map<string, number>();

  of(state: Queries, id: number): Basis {
    const known = this.#byId.get(id);
    if (known !== undefined) return known;
    const row = rowAt(state, "basis", id);
    if (row === undefined) throw stateDamaged(state.path, `the row ${id} of basis is missing`);
    const [, scheme, raw, mapping] = row;
    const basis = { scheme, raw, mapping };
    this.#remember(id, basis);
    return basis;
  }

  /** The basis's number; a new basis is written. */
  idOf(state: StateDatabase, ledger: Ledger, basis: Basis): number {
    const known = this.#ids.get(keyOf(basis));
    if (known !== undefined) return known;
    const { scheme, raw, mapping } = basis;
    const found = state.rows(`SELECT ${COLUMNS.basis} FROM basis WHERE scheme = ? AND raw IS ? AND mapping IS ?`, scheme, raw, mapping);
    const [row] = intact(state, "basis", found);
    const id = row?.[0] ?? this.#add(state, ledger, basis);
    this.#remember(id, basis);
    return id;
  }

  /** Forgets all: what a failed transaction added is gone. */
  forget(): void {
    this.#byId.clear();
    this.#ids.clear();
  }

  #add(state: StateDatabase, ledger: Ledger, { scheme, raw, mapping }: Basis): number {
    const id = ledger.tallies.basis.rows + 1;
    const row = sealed([id, scheme, raw, mapping]);
    state.run(`INSERT INTO basis (${COLUMNS.basis}) VALUES (?, ?, ?, ?, ?)`, ...row);
    addTo(ledger.tallies.basis, row.at(-1) as string);
    return id;
  }

  #remember(id: number, basis: Basis): void {
    this.#byId.set(id, basis);
    this.#ids.set(keyOf(basis), id);
  }
}

function keyOf({ scheme, raw, mapping }: Basis): string {
  return JSON.stringify([scheme, raw, mapping]);
}
