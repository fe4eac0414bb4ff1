import { fold } from "./catalogs.ts";
import type { Column, StorageDescriptor, Table, TableInput } from "./documents.ts";

/** What the service knows of a table beside its input. */
export type TableFacts = Pick<Table, "DatabaseName" | "CatalogId" | "CreateTime" | "UpdateTime" | "VersionId">;

/**
 * The table that the service stores for an input: names of table and top-level columns folded to lower case (what stands inside
 * `struct<…>` keeps its case, and two columns may fold to one name), and a few members filled in that the input left out.
 */
export function storedTable(input: TableInput, facts: TableFacts): Table {
  const { StorageDescriptor: storage, PartitionKeys: keys } = input;
  return {
    ...input,
    ...facts,
    Name: fold(input.Name),
    Retention: input.Retention ?? 0,
    ...(storage !== undefined && { StorageDescriptor: storedStorage(storage) }),
    ...(keys !== undefined && { PartitionKeys: keys.map(foldedColumn) }),
    CreatedBy: `arn:aws:iam::${facts.CatalogId}:user/sandbox`,
    IsRegisteredWithLakeFormation: false,
    IsMultiDialectView: input.ViewDefinition !== undefined,
  };
}

function storedStorage(storage: StorageDescriptor): StorageDescriptor {
  return {
    Compressed: false,
    NumberOfBuckets: 0,
    SortColumns: [],
    StoredAsSubDirectories: false,
    ...storage,
    ...(storage.Columns !== undefined && { Columns: storage.Columns.map(foldedColumn) }),
  };
}

function foldedColumn(column: Column): Column {
  return { ...column, Name: fold(column.Name) };
}
