import { compareCodePoints } from "../../model/order.ts";
import type { VersionOptions } from "../../ports/checkpoint-store.ts";
import { addTo, emptyTally } from "../shared/tally.ts";
import type { Ledger } from "./ledger.ts";
import type { Session } from "./session.ts";
import { leaseLost, stateDamaged } from "./server-error.ts";
import { intact, nextPage, readMeta, type Rows } from "./state-rows.ts";
import { TABLES } from "./tables.ts";
import type { RowOf, SummedTable } from "../shared/rows.ts";

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
): AsyncGenerator<readonly RowOf[T][]> {
  const { after, pageSize = PAGE } = options;
  const before = await rows.ledger();
  const met = emptyTally();
  let last: string | number | undefined = after;
  for (;;) {
    const page: readonly RowOf[T][] = await nextPage(rows, table, { after: last, size: pageSize });
    for (const row of page) addTo(met, row.at(-1) as string);
    const end: string | number | undefined = page.at(-1)?.[0];
    if (end !== undefined && last !== undefined && !isBehind(end, last))
      throw stateDamaged(rows.shown, `the rows of ${table} are out of order`);
    if (page.length > 0) yield page;
    if (page.length < pageSize) break;
    last = end;
  }
  if (after !== undefined) return;
  const ledger = await rows.ledger();
  const { rows: expected, sum } = ledger.tallies[table];
  if (ledger.writes !== before.writes || (expected === met.rows && sum === met.sum)) return;
  await requireOwn(rows, ledger);
  throw stateDamaged(rows.shown, `${table} should hold ${expected} rows and holds ${met.rows === expected ? "others" : met.rows}`);
}

// Rows that another has written since are no damage.
async function requireOwn(rows: Rows, ledger: Ledger): Promise<void> {
  if ((await readMeta(rows, "ledger")) !== JSON.stringify(ledger)) throw leaseLost(rows.shown, "another run has written the state since");
}

/** Reads versions in the order of their age, or against it; all of them also proves that none is missing. */
export async function* scanVersions(rows: LedgeredRows, options: VersionOptions): AsyncGenerator<readonly RowOf["version"][]> {
  const { oldest_first = false, ...wanted } = options;
  const named = Object.entries(wanted).filter((entry): entry is [string, string] => entry[1] !== undefined);
  if (oldest_first && named.length === 0) {
    yield* scanRows(rows, "version", { pageSize: VERSION_PAGE });
    return;
  }
  // Text that UTF-8 cannot hold was never stored.
  if (named.some(([, value]) => !value.isWellFormed())) return;
  const [beyond, order] = oldest_first ? [">", "ASC"] : ["<", "DESC"];
  const conditions = named.map(([column], at) => ` AND ${column} = $${at + 3}`).join("");
  const sql = `SELECT ${TABLES.version.columns.join()} FROM ${rows.schema}.version WHERE state = $1 AND seq ${beyond} $2${conditions} ORDER BY seq ${order} LIMIT ${VERSION_PAGE}`;
  const before = await rows.ledger();
  let [last, met] = [oldest_first ? 0 : Number.MAX_SAFE_INTEGER, 0];
  for (;;) {
    const page = intact(rows, "version", await rows.queries.rows(sql, rows.id, last, ...named.map(([, value]) => value)));
    if (page.length > 0) yield page;
    met += page.length;
    if (page.length < VERSION_PAGE) break;
    last = (page.at(-1) as RowOf["version"])[0];
  }
  const ledger = await rows.ledger();
  if (named.length > 0 || ledger.writes !== before.writes || met === ledger.tallies.version.rows) return;
  await requireOwn(rows, ledger);
  throw stateDamaged(rows.shown, "rows of version are missing");
}

/** Snapshots are wide: a page of them is about as many bytes as a page of entries. */
const VERSION_PAGE = 100;

/** The last rows of a table that grows at its end only, the newest first and without the very last `skip`, proved to be all there are. */
export async function newestRows<T extends "run" | "history">(
  rows: OpenRows,
  table: T,
  { limit, skip = 0 }: { readonly limit: number; readonly skip?: number },
): Promise<readonly RowOf[T][]> {
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
