import { isDeepStrictEqual } from "node:util";
import type { Column, Table, TableInput } from "@aws-sdk/client-glue";

/** A table as the API takes it, in plain JSON: its two points in time are texts. What checkpoints keep, merges work on and writes send. */
export type TableDocument = Omit<TableInput, "Name" | Times> & { readonly Name: string } & { readonly [time in Times]?: string };

export type ColumnDocument = Column;

export type Parameters = { readonly [key: string]: string };

/** The document of a table that was read: only what may be sent back, so that nothing is lost by sending it. */
export function documentOf(table: Table): TableDocument {
  const kept = Object.fromEntries(
    MEMBERS.flatMap((member) => (table[member] === undefined || table[member] === null ? [] : [[member, table[member]]])),
  );
  return JSON.parse(JSON.stringify(kept)) as TableDocument;
}

/** What is sent for a document. */
export function inputOf(document: TableDocument): TableInput {
  const { LastAccessTime, LastAnalyzedTime, ...rest } = document;
  return {
    ...rest,
    ...(LastAccessTime !== undefined && { LastAccessTime: new Date(LastAccessTime) }),
    ...(LastAnalyzedTime !== undefined && { LastAnalyzedTime: new Date(LastAnalyzedTime) }),
  };
}

/**
 * True where two documents say the same. An empty text, list or object equals an absent one: Glue leaves some of them out of its
 * answers, and a table that never reads as it was written would be written again and again.
 */
export function sameTable(a: TableDocument, b: TableDocument): boolean {
  return isDeepStrictEqual(withoutEmpty(a), withoutEmpty(b));
}

type Times = "LastAccessTime" | "LastAnalyzedTime";

// Every member that a table's input and its reading have in common. A view's definition is not among them: the two differ, and such
// tables are never written.
const MEMBERS = [
  "Name",
  "Description",
  "Owner",
  "LastAccessTime",
  "LastAnalyzedTime",
  "Retention",
  "StorageDescriptor",
  "PartitionKeys",
  "ViewOriginalText",
  "ViewExpandedText",
  "TableType",
  "Parameters",
  "TargetTable",
  "FederatedTable",
] as const satisfies readonly (keyof Table & keyof TableInput)[];

/** A value without empty texts, lists and objects; undefined where nothing is left. */
export function withoutEmpty(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 0 ? undefined : value.map((item) => withoutEmpty(item) ?? null);
  if (typeof value !== "object" || value === null) return value === "" || value === null ? undefined : value;
  const entries = Object.entries(value).flatMap(([key, item]) => {
    const kept = withoutEmpty(item);
    return kept === undefined ? [] : [[key, kept] as const];
  });
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}
