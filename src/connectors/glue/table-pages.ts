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
export async function tablePage(parts: GlueParts, database: string, token: string | undefined, signal: AbortSignal): Promise<Called<Page<Present>>> {
  const called = await parts.calls.read((glue, options) => glue.getTables({ CatalogId: parts.catalogId, DatabaseName: database, MaxResults: PAGE, NextToken: token }, options), signal);
  if (!called.ok) return called;
  const items = (called.value.TableList ?? []).map((table) => observedTable(`${database}.${table.Name}`, table));
  return { ok: true, value: { items, next: called.value.NextToken || undefined } };
}

/** One page of the catalog's databases: the names of those that hold tables of their own. */
export async function databasePage(parts: GlueParts, token: string | undefined, signal: AbortSignal): Promise<Called<Page<string>>> {
  const called = await parts.calls.read((glue, options) => glue.getDatabases({ CatalogId: parts.catalogId, MaxResults: PAGE, NextToken: token }, options), signal);
  if (!called.ok) return called;
  const own = (called.value.DatabaseList ?? []).filter((database) => database.TargetDatabase === undefined);
  return { ok: true, value: { items: own.flatMap((database) => database.Name ?? []), next: called.value.NextToken || undefined } };
}

/**
 * Every page up to the one without a token; short and empty pages do not end a listing. Throws `target_unavailable` where one is
 * refused, or where the tokens go round in a circle. What is gone (a database deleted meanwhile) has no pages.
 */
export async function* allPages<T>(parts: GlueParts, what: string, page: (token: string | undefined) => Promise<Called<Page<T>>>): AsyncIterable<readonly T[]> {
  const seen = new Set<string>();
  let token: string | undefined;
  do {
    const called = await page(token);
    if (!called.ok && called.kind === "absent") return;
    if (!called.ok) throw new TidemarkError("target_unavailable", `AWS Glue (${parts.address}) cannot be seen whole: listing ${what} was refused (${called.message}).`, { remedy: "Grant what is missing, then run again.", cause: called.cause });
    yield called.value.items;
    token = called.value.next;
    if (token !== undefined && seen.has(token)) throw new TidemarkError("target_unavailable", `AWS Glue (${parts.address}) cannot be seen whole: listing ${what} leads from page to page in a circle.`, { remedy: "Run again." });
    if (token !== undefined) seen.add(token);
  } while (token !== undefined);
}
