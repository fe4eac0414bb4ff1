import { createHash } from "node:crypto";
import { canonicalText } from "../../csn/canonical-text.ts";
import type { Json } from "../../model/json.ts";
import { isOurs, MARK } from "./marks.ts";
import type { ColumnDocument, Parameters, TableDocument } from "./table-document.ts";

/**
 * Hash of our part of a table, of one that we are about to write as of one that was read: the parameters that are ours, and the names,
 * types and order of our columns. It moves with every edit of that part and with no other.
 *
 * Not in it: descriptions, comments and what else people may change as they like, because our parameters hold the source's texts
 * whole; and the marks that say whose the table is, because who takes it over changes nothing of the asset.
 */
export function fingerprintOf(table: TableDocument): string {
  const part: Json = {
    name: table.Name,
    parameters: ours(table.Parameters, ABOUT_OWNERSHIP),
    columns: ourColumns(table).map(({ Name, Type, Parameters }) => [Name ?? "", Type ?? "", ours(Parameters)]),
  };
  return createHash("sha256").update(canonicalText(part)).digest("hex");
}

/** The columns that bear our parameters, in the table's order. */
export function ourColumns(table: TableDocument): readonly ColumnDocument[] {
  return (table.StorageDescriptor?.Columns ?? []).filter((column) => Object.keys(column.Parameters ?? {}).some(isOurs));
}

const ABOUT_OWNERSHIP: ReadonlySet<string> = new Set([MARK.owner, MARK.pipeline, MARK.fingerprint, MARK.tombstone]);

function ours(parameters: Parameters | undefined, except: ReadonlySet<string> = new Set()): Json {
  return Object.fromEntries(Object.entries(parameters ?? {}).filter(([key]) => isOurs(key) && !except.has(key)));
}
