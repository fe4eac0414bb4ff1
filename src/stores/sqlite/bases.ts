import { type Basis, KnownBases } from "../shared/known-bases.ts";
import { addTo } from "../shared/tally.ts";
import { type Ledger } from "./ledger.ts";
import { sealed } from "../shared/row-sum.ts";
import { COLUMNS } from "./schema.ts";
import { intact, rowAt } from "./read-rows.ts";
import type { Queries, StateDatabase } from "./state-database.ts";
import { stateDamaged } from "../shared/state-error.ts";

/** The bases of a state, each read when it is first met. */
export class Bases {
  readonly #known = new KnownBases();

  of(state: Queries, id: number): Basis {
    const known = this.#known.at(id);
    if (known !== undefined) return known;
    const row = rowAt(state, "basis", id);
    if (row === undefined) throw stateDamaged(state.path, `the row ${id} of basis is missing`);
    const [, scheme, raw, mapping] = row;
    const basis = { scheme, raw, mapping };
    this.#known.add(id, basis);
    return basis;
  }

  /** The basis's number; a new basis is written. */
  idOf(state: StateDatabase, ledger: Ledger, basis: Basis): number {
    const known = this.#known.idOf(basis);
    if (known !== undefined) return known;
    const { scheme, raw, mapping } = basis;
    const found = state.rows(`SELECT ${COLUMNS.basis} FROM basis WHERE scheme = ? AND raw IS ? AND mapping IS ?`, scheme, raw, mapping);
    const [row] = intact(state, "basis", found);
    const id = row?.[0] ?? this.#add(state, ledger, basis);
    this.#known.add(id, basis);
    return id;
  }

  /** Forgets all: what a failed transaction added is gone. */
  forget(): void {
    this.#known.clear();
  }

  #add(state: StateDatabase, ledger: Ledger, { scheme, raw, mapping }: Basis): number {
    const id = ledger.tallies.basis.rows + 1;
    const row = sealed([id, scheme, raw, mapping]);
    state.run(`INSERT INTO basis (${COLUMNS.basis}) VALUES (?, ?, ?, ?, ?)`, ...row);
    addTo(ledger.tallies.basis, row.at(-1) as string);
    return id;
  }
}
