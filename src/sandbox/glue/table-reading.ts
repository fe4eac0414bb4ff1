import { ACCOUNT } from "./catalogs.ts";
import type { Table } from "./documents.ts";
import { invalidInput } from "./glue-error.ts";
import * as limits from "./limits.ts";
import { reading, type Operation } from "./operation.ts";
import { pageOf, type PageRequest } from "./page.ts";
import { boolean, integer, oneOf, text } from "./scalar-shapes.ts";
import { list, notSimulated, required, structure, type Shape } from "./shape.ts";

type TableAttribute = "NAME" | "TABLE_TYPE" | "DEFAULT" | "LATEST_ICEBERG_METADATA";

const attributesToGet: Shape<readonly TableAttribute[]> = list(
  oneOf<TableAttribute>(["NAME", "TABLE_TYPE", "DEFAULT", "LATEST_ICEBERG_METADATA"]),
);

interface GetTable {
  readonly CatalogId?: string;
  readonly DatabaseName: string;
  readonly Name: string;
  readonly IncludeStatusDetails?: boolean;
  readonly AttributesToGet?: readonly TableAttribute[];
  readonly TransactionId?: never;
  readonly QueryAsOfTime?: never;
}

const getTable: Operation = reading(
  structure<GetTable>({
    CatalogId: limits.name,
    DatabaseName: required(limits.name),
    Name: required(limits.name),
    IncludeStatusDetails: boolean(),
    AttributesToGet: attributesToGet,
    TransactionId: notSimulated(),
    QueryAsOfTime: notSimulated(),
  }),
  ({ CatalogId, DatabaseName, Name, AttributesToGet: attributes }, { catalogs }) => {
    if (attributes !== undefined && !attributes.includes("DEFAULT"))
      throw invalidInput("The sandbox answers GetTable with DEFAULT attributes only.");
    return { Table: catalogs.table(CatalogId, DatabaseName, Name).current };
  },
);

interface GetTables extends PageRequest {
  readonly CatalogId?: string;
  readonly DatabaseName: string;
  readonly Expression?: string;
  readonly IncludeStatusDetails?: boolean;
  readonly AttributesToGet?: readonly TableAttribute[];
  readonly TransactionId?: never;
  readonly QueryAsOfTime?: never;
  readonly ResourceShareType?: never;
}

const getTables: Operation = reading(
  structure<GetTables>({
    CatalogId: limits.name,
    DatabaseName: required(limits.name),
    Expression: limits.tableFilter,
    NextToken: text(),
    MaxResults: integer({ min: 1, max: 100 }),
    IncludeStatusDetails: boolean(),
    AttributesToGet: attributesToGet,
    TransactionId: notSimulated(),
    QueryAsOfTime: notSimulated(),
    ResourceShareType: notSimulated(),
  }),
  (request, world) => {
    const { CatalogId = ACCOUNT, DatabaseName, Expression = "" } = request;
    const select = selection(request.AttributesToGet);
    const matches = filter(Expression);
    const { database, tables } = world.catalogs.database(CatalogId, DatabaseName);
    const { rows, next } = pageOf(["GetTables", CatalogId, database.Name, Expression], request, world, function* (key) {
      for (const row of tables.after(key)) if (matches(row[0])) yield row;
    });
    return { TableList: rows.map((table) => select(table.current)), ...next };
  },
);

// The name alone or the name and type: the only documented combinations.
function selection(attributes: readonly TableAttribute[] | undefined): (table: Table) => object {
  if (attributes === undefined) return (table) => table;
  const wanted = new Set(attributes);
  const withType = wanted.delete("TABLE_TYPE");
  if (!wanted.delete("NAME") || wanted.size > 0) throw invalidInput("AttributesToGet must be NAME, or NAME and TABLE_TYPE.");
  return ({ Name, TableType }) => (withType && TableType !== undefined ? { Name, TableType } : { Name });
}

// A regular expression on the whole name. None, or an empty one, matches every name.
function filter(expression: string): (name: string) => boolean {
  if (expression === "") return () => true;
  try {
    const pattern = new RegExp(`^(?:${expression})$`, "u");
    return (name) => pattern.test(name);
  } catch {
    throw invalidInput(`The Expression '${expression}' is not a regular expression.`);
  }
}

export const tableReading: Readonly<Record<string, Operation>> = { GetTable: getTable, GetTables: getTables };
