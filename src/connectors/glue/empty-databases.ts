import type { Problem } from "../../model/errors.ts";
import type { OwnerMark } from "../../ports/target.ts";
import { type GlueParts, problemOf } from "./glue-parts.ts";
import { DATABASE } from "./marks.ts";
import { allPages, tablePage } from "./table-pages.ts";

/**
 * Deletes a database that this history of the pipeline made, once nothing stands in it. Answers with what is to be told where that did
 * not succeed; null where it did, or where the database is not to be deleted.
 *
 * Glue deletes a database with all that is in it and cannot compare: a table that somebody makes between the look and the deletion goes
 * with it. So it is done only when asked for.
 */
export async function deleteIfEmpty(parts: GlueParts, database: string, mark: OwnerMark, signal: AbortSignal): Promise<Problem | null> {
  const { calls, catalogId } = parts;
  try {
    const found = await calls.read((glue, options) => glue.getDatabase({ CatalogId: catalogId, Name: database }, options), signal);
    if (!found.ok) return found.kind === "absent" ? null : left(database, problemOf(found, `Reading database ${database} in AWS Glue`));
    const { Parameters = {}, TargetDatabase, FederatedDatabase } = found.value.Database ?? {};
    const isOurs = Parameters[DATABASE.owner] === mark.lineage && Parameters[DATABASE.pipeline] === mark.pipeline;
    if (!isOurs || TargetDatabase !== undefined || FederatedDatabase !== undefined) return null;
    for await (const _tables of allPages(parts, `the tables of ${database}`, (token) => tablePage(parts, database, token, signal)))
      return null;
    const deleted = await calls.write((glue, options) => glue.deleteDatabase({ CatalogId: catalogId, Name: database }, options), signal);
    parts.databases.forget(database);
    return deleted.ok || deleted.kind === "absent" ? null : left(database, problemOf(deleted, `Deleting database ${database} in AWS Glue`));
  } catch (error) {
    // The tables are deleted, whatever became of their database.
    return left(database, { code: "target_unavailable", message: (error as Error).message });
  }
}

function left(database: string, { message }: Problem): Problem {
  return {
    code: "database_left",
    message: `The database ${database} is empty and may still be there. ${message} Delete it by hand if it is.`,
  };
}
