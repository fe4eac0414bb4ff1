import type { Bases } from "./bases.ts";
import type { JournalEnd } from "../shared/journal-line.ts";
import type { Journal } from "./journal.ts";
import type { JournalLine } from "./read-journal.ts";
import { type Ledger, ledgerSum, ledgerText } from "./ledger.ts";
import type { StateChange } from "../shared/state-change.ts";
import { applyChange } from "./apply-change.ts";
import type { StateDatabase } from "./state-database.ts";
import { writeMeta } from "./write-meta.ts";

/** Where a change is carried out. */
export interface Stand {
  readonly state: StateDatabase;
  readonly bases: Bases;
  /** As the state holds it. */
  readonly ledger: Ledger;
  /** Whether snapshots are packed. */
  readonly compress: boolean;
  readonly journal: Pick<Journal, "id" | "start">;
}

/**
 * Carries one change out within a transaction of the caller's, and writes down up to where the state holds its journal. `inJournal` is
 * given the journal's line of it, last of all but that, and answers with the place behind it.
 */
export function carryOutChange(
  { state, bases, ledger: held, compress, journal }: Stand,
  change: StateChange,
  inJournal: (line: JournalLine) => JournalEnd,
): { readonly ledger: Ledger; readonly end: JournalEnd } {
  const ledger = structuredClone(held);
  ledger.writes += 1;
  applyChange({ state, ledger, bases, compress }, change);
  const end = inJournal({ writes: ledger.writes, ledger: ledgerSum(ledger, journal.start.format), change });
  writeMeta(state, "ledger", ledgerText(ledger));
  writeMeta(state, "journal", JSON.stringify({ journal: journal.id, ...end }));
  return { ledger, end };
}
