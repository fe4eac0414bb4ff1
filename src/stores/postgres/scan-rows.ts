import { compareCodePoints } from "../../model/order.ts";
import { addTo, emptyTally, type Tally } from "../shared/tally.ts";
import { type Ledger, ledgerFrom } from "./ledger.ts";
import type { Session } from "./session.ts";
import { leaseLost, stateDamaged } from "./server-error.ts";
import { intact, nextPage, readMeta, type Rows } from "./state-rows.ts";
import { type RowIn, type SummedTable, TABLES } from "./tables.ts";

/** The rows of a state that is open on a session of its own. */
export interface OpenRows extends Rows {
  readonly queries: Session;
  /** The ledger that these rows answer to: of the moment that is read, or as the lease wrote it last. */
  ledger(): Promise<Ledger>;
}

/** Rows with what they answer to; within a transaction, on its own queries. */
export type LedgeredRows = Rows & Pick<OpenRows, "ledger">;

/**
 * Reads a table in the order of its key, in pages, and proves on the way that no row was altered; from the first row on, also that none
 * was lost, doubled or left over. A scan that is written under (by the same lease) cannot prove the latter.
 */
export async function* scanRows<T extends SummedTable>(
  rows: LedgeredRows,
  table: T,
  options: { readonly after?: string | undefined; readonly pageSize?: number } = {},
): AsyncGenerator<readonly RowIn[T][]> {
  const { after, pageSize = PAGE } = options;
  const before = await rows.ledger();
  const met = emptyTally();
  let last: string | number | undefined = after;
  for (;;) {
    const page: readonly RowIn[T][] = await nextPage(rows, table, { after: last, size: pageSize });
    for (const row of page) addTo(met, row.at(-1) as string);
    const end: string | number | undefined = page.at(-1)?.[0];
    if (end !== undefined && last !== undefined && !isBehind(end, last))
      throw stateDamaged(rows.shown, `the rows of ${table} are out of order`);
    if (page.length > 0) yield page;
    if (page.length < pageSize) break;
    last = end;
  }
  if (after === undefined) await proveTally(rows, table, before, met);
}

/** Compares what a scan met with what the table should hold, unless it was written to since. */
export async function proveTally(rows: LedgeredRows, table: SummedTable, before: Ledger, met: Tally): Promise<void> {
  const ledger = await rows.ledger();
  const { rows: expected, sum } = ledger.tallies[table];
  if (ledger.writes !== before.writes || (expected === met.rows && sum === met.sum)) return;
  await requireOwn(rows, ledger);
  throw stateDamaged(rows.shown, `${table} should hold ${expected} rows and holds ${met.rows === expected ? "others" : met.rows}`);
}

// Rows that another has written since are no damage.
async function requireOwn(rows: Rows, ledger: Ledger): Promise<void> {
  if (JSON.stringify(ledgerFrom(await readMeta(rows, "ledger"))) !== JSON.stringify(ledger))
    throw leaseLost(rows.shown, "another run has written the state since");
}

/** The last rows of a table that grows at its end only, the newest first and without the very last `skip`, proved to be all there are. */
export async function newestRows<T extends "run" | "history">(
  rows: OpenRows,
  table: T,
  { limit, skip = 0 }: { readonly limit: number; readonly skip?: number },
): Promise<readonly RowIn[T][]> {
  const sql = `SELECT ${TABLES[table].columns.join()} FROM ${rows.schema}.${table} WHERE state = $1 ORDER BY seq DESC LIMIT $2 OFFSET $3`;
  return await rows.queries.together(async (queries) => {
    const ledger = await rows.ledger();
    const found = intact(rows, table, await queries.rows(sql, rows.id, limit, skip));
    if (found.length === Math.min(limit, Math.max(0, ledger.tallies[table].rows - skip))) return found;
    await requireOwn({ ...rows, queries }, ledger);
    throw stateDamaged(rows.shown, `rows of ${table} are missing`);
  });
}

const PAGE = 1_000;

function isBehind(a: string | number, b: string | number): boolean {
  return typeof a === "number" ? a > Number(b) : compareCodePoints(a, String(b)) > 0;
}
