import { emptyTally, type Tally } from "../shared/tally.ts";
import { SUMMED_TABLES, type SummedTable } from "./tables.ts";

/**
 * What a state knows of its own rows: one row of `meta`, which every write locks first and replaces last.
 *
 * As the fence: a lease writes only while the ledger is, to the letter, the one that it wrote last. As the count: damage can lose whole
 * rows, which no sum of a row can miss; a scan adds up what it met and compares.
 */
export interface Ledger {
  /** Plus 1 each time the lease is taken. */
  epoch: number;
  /** Plus 1 at each write. */
  writes: number;
  /** The last number given in each table that numbers its rows. */
  readonly last: { [table in NumberedTable]: number };
  readonly tallies: { readonly [table in SummedTable]: Tally };
}

export type NumberedTable = "basis" | "intent" | "version" | "history" | "run" | "dictionary";

/** The ledger of a state that holds nothing. */
export function emptyLedger(): Ledger {
  const tallies = Object.fromEntries(SUMMED_TABLES.map((table) => [table, emptyTally()])) as Ledger["tallies"];
  return { epoch: 1, writes: 0, last: { basis: 0, intent: 0, version: 0, history: 0, run: 0, dictionary: 0 }, tallies };
}

/** A ledger of the first format lacks what came later: nothing of it was there. */
export function ledgerFrom(text: string): Ledger {
  const { epoch, writes, last, tallies } = JSON.parse(text) as Ledger;
  const empty = emptyLedger();
  return { epoch, writes, last: { ...empty.last, ...last }, tallies: { ...empty.tallies, ...tallies } };
}
