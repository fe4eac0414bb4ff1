import { TidemarkError } from "../../model/errors.ts";
import type { Called } from "./calls.ts";
import type { GlueParts } from "./glue-parts.ts";
import { observedTable, type Present } from "./observed-table.ts";
import { type Gap, type Page, walkPages } from "./walk-pages.ts";

/** Glue's most for a page. */
const PAGE = 100;

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

/** One page of the names of a database's tables. */
export async function namePage(
  parts: GlueParts,
  database: string,
  token: string | undefined,
  signal: AbortSignal,
): Promise<Called<Page<string>>> {
  const called = await parts.calls.read(
    (glue, options) =>
      glue.getTables(
        { CatalogId: parts.catalogId, DatabaseName: database, MaxResults: PAGE, NextToken: token, AttributesToGet: ["NAME"] },
        options,
      ),
    signal,
  );
  if (!called.ok) return called;
  return {
    ok: true,
    value: { items: (called.value.TableList ?? []).flatMap(({ Name }) => Name ?? []), next: called.value.NextToken || undefined },
  };
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
 * Every page up to the last. Throws `target_unavailable` where one is refused, or where the tokens lead nowhere. What is gone (a
 * database deleted meanwhile) has no pages.
 */
export async function* allPages<T>(
  parts: GlueParts,
  what: string,
  page: (token: string | undefined) => Promise<Called<Page<T>>>,
): AsyncIterable<readonly T[]> {
  for await (const walked of walkPages(page)) {
    if (walked.kind === "page") {
      if (walked.items.length > 0) yield walked.items;
    } else if (walked.reason !== "absent") throw unseen(parts, what, walked);
  }
}

function unseen({ address }: GlueParts, what: string, { reason, why, cause }: Gap): unknown {
  if (reason === "silent") return cause;
  return new TidemarkError("target_unavailable", `AWS Glue (${address}) cannot be seen whole: listing ${what} ${why}.`, {
    remedy: reason === "refused" ? "Grant what is missing, then run again." : "Run again.",
    cause,
  });
}
