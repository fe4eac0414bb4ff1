import { sumOf } from "../shared/row-sum.ts";
import { emptyTally, type Tally } from "../shared/tally.ts";
import type { SummedTable } from "../shared/rows.ts";

/**
 * What a state knows of its own rows, one row of `meta` that every write replaces.
 *
 * It does two things. As the fence: a writer changes the state only while the ledger is, to the letter, the one that it wrote last, so
 * that of two writers the one who was overtaken finds out. As the count: a damaged page can lose whole rows that no sum of a row can
 * miss; a scan adds up what it met and compares.
 */
export interface Ledger {
  /** Plus 1 each time the lease is taken. */
  epoch: number;
  /** Plus 1 at each write. */
  writes: number;
  /** The last number given in each table that numbers its rows. */
  readonly last: { intent: number; history: number; run: number; version: number };
  readonly tallies: { readonly [table in SummedTable]: Tally };
}

/** The ledger of a state that holds nothing. */
export function emptyLedger(): Ledger {
  return {
    epoch: 1,
    writes: 0,
    last: { intent: 0, history: 0, run: 0, version: 0 },
    tallies: {
      basis: emptyTally(),
      entry: emptyTally(),
      intent: emptyTally(),
      history: emptyTally(),
      run: emptyTally(),
      memory: emptyTally(),
      version: emptyTally(),
    },
  };
}

export function ledgerText(ledger: Ledger): string {
  return JSON.stringify(ledger);
}

/** What a journal of that format tells of a ledger. */
export function ledgerSum(ledger: Ledger, format: number): string {
  return sumOf([format === 1 ? textOfFormat1(ledger) : ledgerText(ledger)]);
}

/** A ledger of the first format lacks what came later: nothing of it was there. */
export function ledgerFrom(text: string): Ledger {
  const { epoch, writes, last, tallies } = JSON.parse(text) as Ledger;
  const empty = emptyLedger();
  return { epoch, writes, last: { ...empty.last, ...last }, tallies: { ...empty.tallies, ...tallies } };
}

function textOfFormat1({ epoch, writes, last, tallies }: Ledger): string {
  const { intent, history, run } = last;
  const { version: _version, ...counted } = tallies;
  return JSON.stringify({ epoch, writes, last: { intent, history, run }, tallies: counted });
}
