import type { Glue } from "@aws-sdk/client-glue";

/** One documented behaviour of AWS Glue that a writer of metadata meets, and a look at whether an endpoint has it. */
export interface Behaviour {
  /** What is done. */
  readonly done: string;
  /** What the service documents, or was seen to answer, in the words of `observe`. */
  readonly documented: string;
  /** Does it in an empty catalog, and says in a few words what came of it. */
  readonly observe: (glue: Glue) => Promise<string>;
}

const db = { DatabaseName: "sales" } as const;
const TAKEN = "taken";

/** What becomes of a call: "taken", or how it fails. */
async function fate(call: Promise<unknown>): Promise<string> {
  return await answer(call, () => TAKEN);
}

/** The same, where only that the input is refused is documented, not by which error. */
async function refused(call: Promise<unknown>): Promise<string> {
  const came = await fate(call);
  return came.endsWith("Exception") ? "refused" : came;
}

/** What a call answers, or how it fails. */
async function answer<T>(call: Promise<T>, tell: (value: T) => string): Promise<string> {
  try {
    return tell(await call);
  } catch (error) {
    return failure(error as SdkError);
  }
}

interface SdkError {
  readonly name: string;
  readonly $response?: { readonly statusCode: number };
}

/** The name of the service's error, or the status of an answer that is none of the protocol's. */
function failure({ name, $response }: SdkError): string {
  if (name === "InvalidAction") return "no such operation";
  const status = $response?.statusCode ?? 0;
  return status >= 500 ? `HTTP ${status}` : name;
}

async function withTables(glue: Glue, ...names: readonly string[]): Promise<void> {
  await glue.createDatabase({ DatabaseInput: { Name: db.DatabaseName } });
  for (const Name of names) await glue.createTable({ ...db, TableInput: { Name } });
}

async function update(glue: Glue, more: object = {}): Promise<unknown> {
  return await glue.updateTable({ ...db, TableInput: { Name: "orders" }, ...more });
}

const paged = (rows: readonly unknown[] | undefined, token: string | undefined): string =>
  `${rows?.length ?? 0} of them, ${token === undefined ? "no token" : "a token"}`;

const versions = async (glue: Glue): Promise<string> =>
  await answer(glue.getTableVersions({ ...db, TableName: "orders" }), ({ TableVersions = [] }) =>
    TableVersions.map(({ VersionId }) => VersionId).join(", "),
  );

async function createWith(glue: Glue, TableInput: object): Promise<string> {
  await withTables(glue);
  return await fate(glue.createTable({ ...db, TableInput: { Name: "t", ...TableInput } }));
}

/** Every behaviour, one row of the page each. */
export const BEHAVIOURS: readonly Behaviour[] = [
  {
    done: "`GetTables` in a database of 101 tables",
    documented: "100 of them, a token",
    observe: async (glue) => {
      await withTables(glue, ...Array.from({ length: 101 }, (_, index) => `t${index}`));
      return await answer(glue.getTables(db), ({ TableList, NextToken }) => paged(TableList, NextToken));
    },
  },
  {
    done: "`GetDatabases` with `MaxResults` 2 of 3",
    documented: "2 of them, a token",
    observe: async (glue) => {
      for (const Name of ["a", "b", "c"]) await glue.createDatabase({ DatabaseInput: { Name } });
      return await answer(glue.getDatabases({ MaxResults: 2 }), ({ DatabaseList, NextToken }) => paged(DatabaseList, NextToken));
    },
  },
  {
    done: "`GetTableVersions` with `MaxResults` 1 of 2",
    documented: "1 of them, a token",
    observe: async (glue) => {
      await withTables(glue, "orders");
      await update(glue);
      return await answer(glue.getTableVersions({ ...db, TableName: "orders", MaxResults: 1 }), ({ TableVersions, NextToken }) =>
        paged(TableVersions, NextToken),
      );
    },
  },
  {
    done: "`MaxResults` 101",
    documented: "ValidationException",
    observe: async (glue) => {
      await withTables(glue);
      return await fate(glue.getTables({ ...db, MaxResults: 101 }));
    },
  },
  {
    done: "`VersionId` of a new table",
    documented: "0",
    observe: async (glue) => {
      await withTables(glue, "orders");
      return await answer(glue.getTable({ ...db, Name: "orders" }), ({ Table }) => Table?.VersionId ?? "none");
    },
  },
  {
    done: "`UpdateTable` with a `VersionId` that is not the current one",
    documented: "ConcurrentModificationException",
    observe: async (glue) => {
      await withTables(glue, "orders");
      return await fate(update(glue, { VersionId: "999" }));
    },
  },
  {
    done: "Versions after two updates",
    documented: "2, 1, 0",
    observe: async (glue) => {
      await withTables(glue, "orders");
      await update(glue);
      await update(glue);
      return await versions(glue);
    },
  },
  {
    done: "How many versions an update with `SkipArchive` leaves of one",
    documented: "1",
    observe: async (glue) => {
      await withTables(glue, "orders");
      await update(glue, { SkipArchive: true });
      const left = await versions(glue);
      return /^[\d, ]+$/.test(left) ? String(left.split(", ").length) : left;
    },
  },
  {
    done: "A description that an update leaves out",
    documented: "gone",
    observe: async (glue) => {
      await withTables(glue, "orders");
      await update(glue, { TableInput: { Name: "orders", Description: "typed" } });
      await update(glue);
      return await answer(glue.getTable({ ...db, Name: "orders" }), ({ Table }) => (Table?.Description === undefined ? "gone" : "kept"));
    },
  },
  {
    done: "Columns that an update leaves out",
    documented: "gone",
    observe: async (glue) => {
      await withTables(glue, "orders");
      await update(glue, { TableInput: { Name: "orders", StorageDescriptor: { Columns: [{ Name: "id" }] } } });
      await update(glue);
      return await answer(glue.getTable({ ...db, Name: "orders" }), ({ Table }) =>
        (Table?.StorageDescriptor?.Columns ?? []).length === 0 ? "gone" : "kept",
      );
    },
  },
  {
    done: "Name under which the table `Orders` is stored",
    documented: "orders",
    observe: async (glue) => {
      await withTables(glue, "Orders");
      return await answer(glue.getTables(db), ({ TableList }) => TableList?.[0]?.Name ?? "none");
    },
  },
  {
    done: "`GetTable` of that table as `oRDERS`",
    documented: "found",
    observe: async (glue) => {
      await withTables(glue, "Orders");
      return await answer(glue.getTable({ ...db, Name: "oRDERS" }), () => "found");
    },
  },
  {
    done: "A second table `ORDERS` beside `orders`",
    documented: "AlreadyExistsException",
    observe: async (glue) => {
      await withTables(glue, "orders");
      return await fate(glue.createTable({ ...db, TableInput: { Name: "ORDERS" } }));
    },
  },
  {
    done: "Name under which the column `UserId` is stored",
    documented: "userid",
    observe: async (glue) => {
      await createWith(glue, { StorageDescriptor: { Columns: [{ Name: "UserId", Type: "int" }] } });
      return await answer(glue.getTable({ ...db, Name: "t" }), ({ Table }) => Table?.StorageDescriptor?.Columns?.[0]?.Name ?? "none");
    },
  },
  {
    done: "Parameters of a column",
    documented: "kept",
    observe: async (glue) => {
      await createWith(glue, { StorageDescriptor: { Columns: [{ Name: "id", Type: "int", Parameters: { a: "b" } }] } });
      return await answer(glue.getTable({ ...db, Name: "t" }), ({ Table }) =>
        Table?.StorageDescriptor?.Columns?.[0]?.Parameters?.["a"] === "b" ? "kept" : "lost",
      );
    },
  },
  {
    done: "A table's name of 256 characters",
    documented: "ValidationException",
    observe: (glue) => createWith(glue, { Name: "n".repeat(256) }),
  },
  {
    done: "A column's comment of 256 characters",
    documented: "ValidationException",
    observe: (glue) => createWith(glue, { StorageDescriptor: { Columns: [{ Name: "id", Comment: "x".repeat(256) }] } }),
  },
  {
    done: "A column's comment of two lines",
    documented: "ValidationException",
    observe: (glue) => createWith(glue, { StorageDescriptor: { Columns: [{ Name: "id", Comment: "two\nlines" }] } }),
  },
  {
    done: "A description of 2,049 characters",
    documented: "ValidationException",
    observe: (glue) => createWith(glue, { Description: "x".repeat(2049) }),
  },
  {
    done: "A parameter's value of 512,001 characters",
    documented: "ValidationException",
    observe: (glue) => createWith(glue, { Parameters: { a: "x".repeat(512_001) } }),
  },
  {
    done: "`BatchDeleteTable` of 101 names",
    documented: "ValidationException",
    observe: async (glue) => {
      await withTables(glue);
      return await fate(glue.batchDeleteTable({ ...db, TablesToDelete: Array.from({ length: 101 }, (_, index) => `t${index}`) }));
    },
  },
  {
    done: "`BatchDeleteTable` of a table that is not there",
    documented: "EntityNotFoundException in Errors",
    observe: async (glue) => {
      await withTables(glue);
      return await answer(
        glue.batchDeleteTable({ ...db, TablesToDelete: ["none"] }),
        ({ Errors = [] }) => `${Errors[0]?.ErrorDetail?.ErrorCode ?? "nothing"} in Errors`,
      );
    },
  },
  {
    done: "`CreateTable` in a database that is not there",
    documented: "EntityNotFoundException",
    observe: (glue) => fate(glue.createTable({ DatabaseName: "none", TableInput: { Name: "t" } })),
  },
  {
    done: "`UpdateTable` of a table that is not there",
    documented: "EntityNotFoundException",
    observe: async (glue) => {
      await withTables(glue);
      return await fate(update(glue));
    },
  },
  {
    done: "`DeleteTable` of a table that is not there",
    documented: "EntityNotFoundException",
    observe: async (glue) => {
      await withTables(glue);
      return await fate(glue.deleteTable({ ...db, Name: "none" }));
    },
  },
  {
    done: "`GetTables` with `AttributesToGet` `NAME`: what else comes",
    documented: "nothing",
    observe: async (glue) => {
      await createWith(glue, { Description: "d" });
      return await answer(glue.getTables({ ...db, AttributesToGet: ["NAME"] }), ({ TableList }) =>
        Object.keys(TableList?.[0] ?? {}).some((key) => key !== "Name") ? "the whole table" : "nothing",
      );
    },
  },
  {
    done: "A database of another `CatalogId`",
    documented: "not seen",
    observe: async (glue) => {
      await glue.createDatabase({ CatalogId: "111111111111", DatabaseInput: { Name: "sales" } });
      const seen = await fate(glue.getDatabase({ CatalogId: "222222222222", Name: "sales" }));
      return seen === "EntityNotFoundException" ? "not seen" : "seen";
    },
  },
  {
    done: "`UpdateDatabase` with another name",
    documented: "InvalidInputException",
    observe: async (glue) => {
      await withTables(glue);
      return await fate(glue.updateDatabase({ Name: "sales", DatabaseInput: { Name: "revenue" } }));
    },
  },
  {
    done: "Tables of a database that is deleted, once it is made anew",
    documented: "gone",
    observe: async (glue) => {
      await withTables(glue, "orders");
      await glue.deleteDatabase({ Name: "sales" });
      await withTables(glue);
      return await answer(glue.getTables(db), ({ TableList = [] }) => (TableList.length === 0 ? "gone" : "there again"));
    },
  },
  {
    done: "Tagging a table",
    documented: "refused",
    observe: async (glue) => {
      await withTables(glue, "orders");
      const ResourceArn = "arn:aws:glue:eu-central-1:123456789012:table/sales/orders";
      return await refused(glue.tagResource({ ResourceArn, TagsToAdd: { a: "b" } }));
    },
  },
  {
    done: "`GetTables` with `Expression` `a|b` among `a`, `b`, `c`",
    documented: "a, b",
    observe: async (glue) => {
      await withTables(glue, "a", "b", "c");
      return await answer(
        glue.getTables({ ...db, Expression: "a|b" }),
        ({ TableList = [] }) => TableList.map(({ Name }) => Name).join(", ") || "none",
      );
    },
  },
  {
    done: "`DeleteTableVersion` of the current version",
    documented: "refused",
    observe: async (glue) => {
      await withTables(glue, "orders");
      await update(glue);
      const current = (await glue.getTable({ ...db, Name: "orders" })).Table?.VersionId ?? "1";
      return await refused(glue.deleteTableVersion({ ...db, TableName: "orders", VersionId: current }));
    },
  },
  {
    done: "`CreateTable` without `TableInput`",
    documented: "refused",
    observe: async (glue) => {
      await withTables(glue);
      return await refused(glue.createTable(db));
    },
  },
];
