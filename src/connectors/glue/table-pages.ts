import { TidemarkError } from "../../model/errors.ts";
import type { Called } from "./calls.ts";
import type { GlueParts } from "./glue-parts.ts";
import { observedTable, type Present } from "./observed-table.ts";

/** Glue's most for a page. */
const PAGE = 100;

/** A page of what is listed; the token leads to the next one, undefined after the last. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | undefined;
}

/** One page of a database's tables. */
export async function tablePage(
  parts: GlueParts,
  database: string,
  token: string | undefined,
  signal: AbortSignal,
): Promise<Called<Page<Present>>> {
  const called = await parts.calls.read(
    (glue, options) => glue.getTables({ CatalogId: parts.catalogId, DatabaseName: database, MaxResults: PAGE, NextToken: token }, options),
    signal,
  );
  if (!called.ok) return called;
  const items = (called.value.TableList ?? []).map((table) => observedTable(`${database}.${table.Name}`, table));
  return { ok: true, value: { items, next: called.value.NextToken || undefined } };
}

/** One page of the catalog's databases: the names of those that hold tables of their own. */
export async function databasePage(parts: GlueParts, token: string | undefined, signal: AbortSignal): Promise<Called<Page<string>>> {
  const called = await parts.calls.read(
    (glue, options) => glue.getDatabases({ CatalogId: parts.catalogId, MaxResults: PAGE, NextToken: token }, options),
    signal,
  );
  if (!called.ok) return called;
  const own = (called.value.DatabaseList ?? []).filter((database) => database.TargetDatabase === undefined);
  return { ok: true, value: { items: own.flatMap((database) => database.Name ?? []), next: called.value.NextToken || undefined } };
}

/**
 * Every page up to the one without a token; short and empty pages do not end a listing. Throws `target_unavailable` where one is
 * refused, or where the tokens lead nowhere. What is gone (a database deleted meanwhile) has no pages.
 */
export async function* allPages<T>(
  parts: GlueParts,
  what: string,
  page: (token: string | undefined) => Promise<Called<Page<T>>>,
): AsyncIterable<readonly T[]> {
  const unseen = (why: string, remedy: string, cause?: unknown): TidemarkError =>
    new TidemarkError("target_unavailable", `AWS Glue (${parts.address}) cannot be seen whole: listing ${what} ${why}.`, { remedy, cause });
  const tokens = new Set<string>();
  let empty = 0;
  let token: string | undefined;
  do {
    const called = await page(token);
    if (!called.ok && called.kind === "absent") return;
    if (!called.ok) throw unseen(`was refused (${called.message})`, "Grant what is missing, then run again.", called.cause);
    const { items, next } = called.value;
    if (items.length > 0) yield items;
    empty = items.length === 0 ? empty + 1 : 0;
    const isCircle = items.length > 0 && next !== undefined && tokens.has(next);
    if (isCircle || empty > MOST_EMPTY_PAGES) throw unseen("leads from page to page without end", "Run again.");
    token = next;
    if (token !== undefined) tokens.add(token);
  } while (token !== undefined);
}

const MOST_EMPTY_PAGES = 100;
