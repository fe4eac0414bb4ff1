import { isPlainObject } from "./violation.ts";

/** What a request speaks of, as far as it can be told before the request is checked. */
export interface Named {
  readonly catalog?: string;
  readonly database?: string;
  readonly table?: string;
  readonly tables?: readonly string[];
}

/** The names in a request, spelled as the caller did, for the request log. */
export function namedIn(operation: string, input: unknown): Named {
  if (!isPlainObject(input)) return {};
  const ofDatabase = operation.endsWith("Database");
  const { CatalogId: catalog, DatabaseName, DatabaseInput, TableInput, TableName, TablesToDelete: tables, Name, ResourceArn } = input;
  const database = [
    DatabaseName,
    ofDatabase ? Name : undefined,
    isPlainObject(DatabaseInput) ? DatabaseInput["Name"] : undefined,
    ResourceArn,
  ].find(isString);
  const table = [TableName, isPlainObject(TableInput) ? TableInput["Name"] : undefined, ofDatabase ? undefined : Name].find(isString);
  return {
    ...(isString(catalog) && { catalog }),
    ...(database !== undefined && { database }),
    ...(table !== undefined && { table }),
    ...(Array.isArray(tables) && { tables: tables.filter(isString) }),
  };
}

function isString(value: unknown): value is string {
  return typeof value === "string";
}
