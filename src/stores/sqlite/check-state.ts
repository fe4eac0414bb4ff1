import { TidemarkError } from "../../model/errors.ts";
import type { JournalEnd } from "../shared/journal-line.ts";
import { type Ledger, ledgerFrom } from "./ledger.ts";
import { isIntact, type Row } from "../shared/row-sum.ts";
import { APPLICATION_ID, FORMAT, TABLES_OF } from "./schema.ts";
import type { Queries } from "./state-database.ts";
import { stateDamaged } from "../shared/state-error.ts";

/**
 * The check of every opening, in constant time: that this is a state, of a format known here, with the very tables of that format and
 * readable rows in `meta`. Rows are checked as they are read; `verifyState` checks all there is.
 */
export function checkState(state: Queries): void {
  const applicationId = only(state, "PRAGMA application_id");
  const { format } = state;
  if (applicationId !== APPLICATION_ID) throw stateDamaged(state.path, "it is an SQLite database, but not a Tidemark state");
  if (format > FORMAT) {
    throw new TidemarkError("state_newer", `The state ${state.path} has format ${format}; this Tidemark knows formats up to ${FORMAT}.`, {
      remedy: "Use the newer Tidemark that wrote it.",
    });
  }
  const expected = TABLES_OF.get(format)?.toSorted();
  if (expected === undefined) throw stateDamaged(state.path, `its format ${format} was never in use`);
  const tables = state.rows("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY sql").map(([sql]) => sql);
  if (tables.length !== expected.length || tables.some((sql, i) => sql !== expected[i]))
    throw stateDamaged(state.path, "its tables are not those of its format");
  readMeta(state, "head");
  readLedger(state);
}

/** `journal` is up to where the state holds its journal. */
export type MetaKey = "head" | "ledger" | "journal";

/** A row of `meta`, its sum checked. */
export function readMeta(state: Queries, key: MetaKey): string {
  const value = metaAt(state, key);
  if (value === null) throw stateDamaged(state.path, `its ${key} is missing`);
  return value;
}

export function readLedger(state: Queries): Ledger {
  return ledgerFrom(readMeta(state, "ledger"));
}

/** Null for a state that has no journal yet. */
export function readPosition(state: Queries): (JournalEnd & { readonly journal: string }) | null {
  const value = metaAt(state, "journal");
  return value === null ? null : (JSON.parse(value) as JournalEnd & { readonly journal: string });
}

function metaAt(state: Queries, key: MetaKey): string | null {
  const [row] = state.rows("SELECT key, value, sum FROM meta WHERE key = ?", key);
  if (row === undefined) return null;
  if (!isIntact(row)) throw stateDamaged(state.path, `its ${key} is not what was written`);
  return String(row[1]);
}

function only(state: Queries, sql: string): Row[number] {
  return state.rows(sql)[0]?.[0] ?? null;
}
