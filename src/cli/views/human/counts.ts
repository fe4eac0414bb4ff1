import type { Change } from "../../../model/change.ts";
import { number } from "./text.ts";

/** Counts of changes as people speak of them, of a space or of all. */
export interface Counts {
  readonly created: number;
  readonly updated: number;
  /** Updates whose schema is among what differs. */
  readonly schema: number;
  readonly deleted: number;
}

export const NO_COUNTS: Counts = { created: 0, updated: 0, schema: 0, deleted: 0 };

/** The counts with one change more. */
export function addChange(counts: Counts, { change_type, facets }: Pick<Change, "change_type" | "facets">): Counts {
  if (change_type === "created") return { ...counts, created: counts.created + 1 };
  if (change_type === "deleted") return { ...counts, deleted: counts.deleted + 1 };
  return { ...counts, updated: counts.updated + 1, schema: counts.schema + (facets.includes("schema") ? 1 : 0) };
}

export function addCounts(one: Counts, other: Counts): Counts {
  return {
    created: one.created + other.created,
    updated: one.updated + other.updated,
    schema: one.schema + other.schema,
    deleted: one.deleted + other.deleted,
  };
}

export function totalOf({ created, updated, deleted }: Counts): number {
  return created + updated + deleted;
}

/** `12 to create, 97 to update (3 schema), 2 to delete`: the counts that are not zero. */
export function toDo({ created, updated, schema, deleted }: Counts): readonly string[] {
  return [
    ...(created > 0 ? [`${number(created)} to create`] : []),
    ...(updated > 0 ? [`${number(updated)} to update${schema > 0 ? ` (${number(schema)} schema)` : ""}`] : []),
    ...(deleted > 0 ? [`${number(deleted)} to delete`] : []),
  ];
}

/** `12 created, 97 changed (3 schema), 2 deleted`: the same of what was found, and is not said to be done. */
export function changed({ created, updated, schema, deleted }: Counts): readonly string[] {
  return [
    ...(created > 0 ? [`${number(created)} created`] : []),
    ...(updated > 0 ? [`${number(updated)} changed${schema > 0 ? ` (${number(schema)} schema)` : ""}`] : []),
    ...(deleted > 0 ? [`${number(deleted)} deleted`] : []),
  ];
}
