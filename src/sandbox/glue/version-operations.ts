import { ACCOUNT, type StoredTable } from "./catalogs.ts";
import type { Table } from "./documents.ts";
import { GlueError, invalidInput, notFound } from "./glue-error.ts";
import * as limits from "./limits.ts";
import { reading, writing, type Operation } from "./operation.ts";
import { pageOf, type PageRequest } from "./page.ts";
import { integer, text } from "./scalar-shapes.ts";
import { list, required, structure } from "./shape.ts";

interface OfTable {
  readonly CatalogId?: string;
  readonly DatabaseName: string;
  readonly TableName: string;
}

const ofTable = { CatalogId: limits.name, DatabaseName: required(limits.name), TableName: required(limits.name) };

interface OneVersion extends OfTable {
  readonly VersionId: string;
}

interface PerhapsOneVersion extends OfTable {
  /** The current version where it is absent. */
  readonly VersionId?: string;
}

const getTableVersion: Operation = reading(
  structure<PerhapsOneVersion>({ ...ofTable, VersionId: limits.name }),
  ({ CatalogId, DatabaseName, TableName, VersionId }, { catalogs }) => {
    const stored = catalogs.table(CatalogId, DatabaseName, TableName);
    const version =
      VersionId === undefined ? stored.current : newestFirst(stored).find((table) => table.VersionId === integerIn(VersionId));
    if (version === undefined) throw versionNotFound(TableName, VersionId);
    return { TableVersion: asVersion(version) };
  },
);

const getTableVersions: Operation = reading(
  structure<OfTable & PageRequest>({ ...ofTable, NextToken: text(), MaxResults: integer({ min: 1, max: 100 }) }),
  (request, world) => {
    const { CatalogId = ACCOUNT, DatabaseName, TableName } = request;
    const stored = world.catalogs.table(CatalogId, DatabaseName, TableName);
    const { rows, next } = pageOf(
      ["GetTableVersions", CatalogId, stored.current.DatabaseName, stored.current.Name],
      request,
      world,
      function* (key) {
        for (const table of newestFirst(stored))
          if (key === null || Number(table.VersionId) < Number(key)) yield [table.VersionId, table] as const;
      },
    );
    return { TableVersions: rows.map(asVersion), ...next };
  },
);

const deleteTableVersion: Operation = writing(
  structure<OneVersion>({ ...ofTable, VersionId: required(limits.name) }),
  ({ CatalogId, DatabaseName, TableName, VersionId }, { catalogs }) => {
    deleteVersion(catalogs.table(CatalogId, DatabaseName, TableName), TableName, VersionId);
    return {};
  },
);

interface BatchDeleteTableVersion extends OfTable {
  readonly VersionIds: readonly string[];
}

const batchDeleteTableVersion: Operation = writing(
  structure<BatchDeleteTableVersion>({ ...ofTable, VersionIds: required(list(limits.name, { max: 100 })) }),
  ({ CatalogId, DatabaseName, TableName, VersionIds }, { catalogs }) => {
    const stored = catalogs.table(CatalogId, DatabaseName, TableName);
    const errors: object[] = [];
    for (const id of VersionIds) {
      try {
        deleteVersion(stored, TableName, id);
      } catch (error) {
        if (!(error instanceof GlueError)) throw error;
        errors.push({ TableName, VersionId: id, ErrorDetail: { ErrorCode: error.code, ErrorMessage: error.message } });
      }
    }
    return { Errors: errors };
  },
);

function deleteVersion(stored: StoredTable, tableName: string, id: string): void {
  const version = integerIn(id);
  if (version === stored.current.VersionId)
    throw invalidInput(`Version ${id} of table ${tableName} is the current one: it goes with the table only.`);
  const index = stored.archived.findIndex((table) => table.VersionId === version);
  if (index === -1) throw versionNotFound(tableName, id);
  stored.archived.splice(index, 1);
}

function* newestFirst(stored: StoredTable): Generator<Table> {
  yield stored.current;
  for (let index = stored.archived.length - 1; index >= 0; index--) yield stored.archived[index] as Table;
}

function asVersion(table: Table): object {
  return { Table: table, VersionId: table.VersionId };
}

function integerIn(id: string): string {
  if (!/^\d+$/.test(id)) throw invalidInput(`The VersionId '${id}' is not an integer.`);
  return id;
}

function versionNotFound(tableName: string, id: string | undefined): GlueError {
  return notFound(`Version ${id} of table ${tableName}`);
}

export const versionOperations: Readonly<Record<string, Operation>> = {
  GetTableVersion: getTableVersion,
  GetTableVersions: getTableVersions,
  DeleteTableVersion: deleteTableVersion,
  BatchDeleteTableVersion: batchDeleteTableVersion,
};
