import { isDeepStrictEqual } from "node:util";
import type { TableDocument } from "./table-document.ts";

/** Whether updates leave no archived version; `unless_schema`: but for those that change the columns. */
export type SkipArchive = boolean | "unless_schema";

/** Whether the update from one table to the other leaves no archived version. */
export function skipArchive(option: SkipArchive): (before: TableDocument, after: TableDocument) => boolean {
  return option === "unless_schema" ? (before, after) => isDeepStrictEqual(structureOf(before), structureOf(after)) : (): boolean => option;
}

/** Names, types and order of the columns. */
function structureOf({ StorageDescriptor, PartitionKeys = [] }: TableDocument): readonly (readonly unknown[])[] {
  return [StorageDescriptor?.Columns ?? [], PartitionKeys].map((columns) => columns.map(({ Name, Type }) => [Name, Type]));
}
