import { ACCOUNT, fold } from "./catalogs.ts";
import type { Database, DatabaseInput } from "./documents.ts";
import { GlueError, invalidInput } from "./glue-error.ts";
import { databaseInput } from "./input-shapes.ts";
import * as limits from "./limits.ts";
import { reading, writing, type Operation } from "./operation.ts";
import { pageOf, type PageRequest } from "./page.ts";
import { Rows } from "./rows.ts";
import { integer, oneOf, text } from "./scalar-shapes.ts";
import { list, map, notSimulated, required, structure } from "./shape.ts";

interface NamedDatabase {
  readonly CatalogId?: string;
  readonly Name: string;
}

const namedDatabase = structure<NamedDatabase>({ CatalogId: limits.name, Name: required(limits.name) });

interface CreateDatabase {
  readonly CatalogId?: string;
  readonly DatabaseInput: DatabaseInput;
  readonly Tags?: Readonly<Record<string, string>>;
}

const createDatabase: Operation = writing(
  structure<CreateDatabase>({
    CatalogId: limits.name,
    DatabaseInput: required(databaseInput),
    Tags: map(limits.tagKey, limits.tagValue, { max: 50 }),
  }),
  ({ CatalogId = ACCOUNT, DatabaseInput, Tags = {} }, { catalogs, quotas, now }) => {
    const databases = catalogs.databases(CatalogId);
    const name = fold(DatabaseInput.Name);
    if (databases.get(name) !== undefined) throw new GlueError("AlreadyExistsException", "Database already exists.");
    if (databases.size >= quotas.database_limit)
      throw new GlueError("ResourceNumberLimitExceededException", `The catalog holds ${databases.size} databases, which is its limit.`);
    const database: Database = { ...DatabaseInput, Name: name, CreateTime: now(), CatalogId };
    databases.set(name, { database, tags: new Map(Object.entries(Tags)), tables: new Rows() });
    return {};
  },
);

const getDatabase: Operation = reading(namedDatabase, ({ CatalogId, Name }, { catalogs }) => ({
  Database: catalogs.database(CatalogId, Name).database,
}));

interface GetDatabases extends PageRequest {
  readonly CatalogId?: string;
  readonly AttributesToGet?: readonly string[];
  readonly ResourceShareType?: never;
}

const getDatabases: Operation = reading(
  structure<GetDatabases>({
    CatalogId: limits.name,
    NextToken: text(),
    MaxResults: integer({ min: 1, max: 100 }),
    AttributesToGet: list(oneOf(["NAME", "TARGET_DATABASE"])),
    ResourceShareType: notSimulated(),
  }),
  (request, world) => {
    const { CatalogId = ACCOUNT, AttributesToGet: attributes } = request;
    if (attributes !== undefined && !attributes.includes("NAME")) throw invalidInput("AttributesToGet must include NAME.");
    const { rows, next } = pageOf(["GetDatabases", CatalogId], request, world, (key) => world.catalogs.databases(CatalogId).after(key));
    return { DatabaseList: rows.map(({ database }) => selected(database, attributes)), ...next };
  },
);

function selected(database: Database, attributes: readonly string[] | undefined): object {
  if (attributes === undefined) return database;
  const { Name, TargetDatabase } = database;
  return attributes.includes("TARGET_DATABASE") && TargetDatabase !== undefined ? { Name, TargetDatabase } : { Name };
}

interface UpdateDatabase extends NamedDatabase {
  readonly DatabaseInput: DatabaseInput;
}

const updateDatabase: Operation = writing(
  structure<UpdateDatabase>({ CatalogId: limits.name, Name: required(limits.name), DatabaseInput: required(databaseInput) }),
  ({ CatalogId, Name, DatabaseInput }, { catalogs }) => {
    const stored = catalogs.database(CatalogId, Name);
    if (fold(DatabaseInput.Name) !== stored.database.Name) throw invalidInput("Database cannot be renamed");
    const { CreateTime, CatalogId: catalog } = stored.database;
    stored.database = { ...DatabaseInput, Name: stored.database.Name, CreateTime, CatalogId: catalog };
    return {};
  },
);

const deleteDatabase: Operation = writing(namedDatabase, ({ CatalogId, Name }, { catalogs }) => {
  catalogs.databases(CatalogId).delete(catalogs.database(CatalogId, Name).database.Name);
  return {};
});

export const databaseOperations: Readonly<Record<string, Operation>> = {
  CreateDatabase: createDatabase,
  GetDatabase: getDatabase,
  GetDatabases: getDatabases,
  UpdateDatabase: updateDatabase,
  DeleteDatabase: deleteDatabase,
};
