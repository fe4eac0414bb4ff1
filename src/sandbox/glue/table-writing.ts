import { ACCOUNT, fold } from "./catalogs.ts";
import type { TableInput } from "./documents.ts";
import { GlueError, invalidInput } from "./glue-error.ts";
import { tableInput } from "./input-shapes.ts";
import * as limits from "./limits.ts";
import { writing, type Operation } from "./operation.ts";
import { boolean } from "./scalar-shapes.ts";
import { list, notSimulated, required, structure } from "./shape.ts";
import { storedTable } from "./stored-table.ts";

interface InDatabase {
  readonly CatalogId?: string;
  readonly DatabaseName: string;
  readonly TransactionId?: never;
}

interface CreateTable extends InDatabase {
  readonly TableInput?: TableInput;
  readonly Name?: never;
  readonly PartitionIndexes?: never;
  readonly OpenTableFormatInput?: never;
}

const createTable: Operation = writing(
  structure<CreateTable>({
    CatalogId: limits.name,
    DatabaseName: required(limits.name),
    TableInput: tableInput,
    TransactionId: notSimulated(),
    Name: notSimulated(),
    PartitionIndexes: notSimulated(),
    OpenTableFormatInput: notSimulated(),
  }),
  ({ CatalogId = ACCOUNT, DatabaseName, TableInput }, { catalogs, quotas, now }) => {
    if (TableInput === undefined) throw invalidInput("TableInput must be given.");
    const { database, tables } = catalogs.database(CatalogId, DatabaseName);
    const name = fold(TableInput.Name);
    if (tables.get(name) !== undefined) throw new GlueError("AlreadyExistsException", "Table already exists.");
    if (tables.size >= quotas.table_limit)
      throw new GlueError("ResourceNumberLimitExceededException", `The database holds ${tables.size} tables, which is its limit.`);
    const time = now();
    const facts = { DatabaseName: database.Name, CatalogId, CreateTime: time, UpdateTime: time, VersionId: "0" };
    tables.set(name, { current: storedTable(TableInput, facts), archived: [] });
    return {};
  },
);

interface UpdateTable extends InDatabase {
  readonly TableInput?: TableInput;
  readonly SkipArchive?: boolean;
  readonly VersionId?: string;
  readonly Name?: never;
  readonly ViewUpdateAction?: never;
  readonly Force?: boolean;
  readonly UpdateOpenTableFormatInput?: never;
}

const updateTable: Operation = writing(
  structure<UpdateTable>({
    CatalogId: limits.name,
    DatabaseName: required(limits.name),
    TableInput: tableInput,
    SkipArchive: boolean(),
    VersionId: limits.name,
    TransactionId: notSimulated(),
    Name: notSimulated(),
    ViewUpdateAction: notSimulated(),
    // Concerns views of several dialects only.
    Force: boolean(),
    UpdateOpenTableFormatInput: notSimulated(),
  }),
  ({ CatalogId, DatabaseName, TableInput, SkipArchive = false, VersionId }, { catalogs, quotas, now }) => {
    if (TableInput === undefined) throw invalidInput("TableInput must be given.");
    const table = catalogs.table(CatalogId, DatabaseName, TableInput.Name);
    const before = table.current;
    if (VersionId !== undefined) assertCurrent(VersionId, before.VersionId);
    if ((before.TableType === "GOVERNED") !== (TableInput.TableType === "GOVERNED"))
      throw invalidInput("The table type cannot be changed to or from GOVERNED.");
    if (!SkipArchive && table.archived.length + 1 >= quotas.version_limit) {
      throw new GlueError(
        "ResourceNumberLimitExceededException",
        `Table ${before.Name} has ${table.archived.length + 1} versions, which is the limit.`,
      );
    }
    if (!SkipArchive) table.archived.push(before);
    const { DatabaseName: database, CatalogId: catalog, CreateTime } = before;
    table.current = storedTable(TableInput, {
      DatabaseName: database,
      CatalogId: catalog,
      CreateTime,
      UpdateTime: now(),
      VersionId: String(Number(before.VersionId) + 1),
    });
    return {};
  },
);

function assertCurrent(given: string, current: string): void {
  if (!/^-?\d+$/.test(given)) throw invalidInput(`The VersionId '${given}' is not an integer.`);
  if (given !== current) throw new GlueError("ConcurrentModificationException", "Update table failed due to concurrent modifications.");
}

interface DeleteTable extends InDatabase {
  readonly Name: string;
}

const deleteTable: Operation = writing(
  structure<DeleteTable>({
    CatalogId: limits.name,
    DatabaseName: required(limits.name),
    Name: required(limits.name),
    TransactionId: notSimulated(),
  }),
  ({ CatalogId, DatabaseName, Name }, { catalogs }) => {
    const { current } = catalogs.table(CatalogId, DatabaseName, Name);
    catalogs.database(CatalogId, DatabaseName).tables.delete(current.Name);
    return {};
  },
);

interface BatchDeleteTable extends InDatabase {
  readonly TablesToDelete: readonly string[];
}

const batchDeleteTable: Operation = writing(
  structure<BatchDeleteTable>({
    CatalogId: limits.name,
    DatabaseName: required(limits.name),
    TablesToDelete: required(list(limits.name, { max: 100 })),
    TransactionId: notSimulated(),
  }),
  ({ CatalogId, DatabaseName, TablesToDelete }, { catalogs }) => {
    const { tables } = catalogs.database(CatalogId, DatabaseName);
    const errors: object[] = [];
    for (const name of TablesToDelete) {
      if (tables.get(fold(name)) !== undefined) tables.delete(fold(name));
      else errors.push({ TableName: name, ErrorDetail: { ErrorCode: "EntityNotFoundException", ErrorMessage: `Table ${name} not found` } });
    }
    return { Errors: errors };
  },
);

export const tableWriting: Readonly<Record<string, Operation>> = {
  CreateTable: createTable,
  UpdateTable: updateTable,
  DeleteTable: deleteTable,
  BatchDeleteTable: batchDeleteTable,
};
