import type { TableInput } from "@aws-sdk/client-glue";
import { expect, test } from "vitest";
import { aGlueSandbox } from "../../../test/helpers/sandbox-glue.ts";

const WHOLE: TableInput = {
  Name: "t",
  Description: "two\nlines",
  Owner: "somebody",
  LastAccessTime: new Date(1_700_000_000_000),
  LastAnalyzedTime: new Date(1_700_000_001_000),
  Retention: 7,
  StorageDescriptor: {
    Columns: [{ Name: "c", Type: "int", Comment: "a comment", Parameters: { "tidemark.name": "C" } }],
    Location: "s3://bucket/t",
    AdditionalLocations: ["s3://bucket/u"],
    InputFormat: "in",
    OutputFormat: "out",
    Compressed: true,
    NumberOfBuckets: 3,
    SerdeInfo: { Name: "serde", SerializationLibrary: "lib", Parameters: { a: "b" } },
    BucketColumns: ["c"],
    SortColumns: [{ Column: "c", SortOrder: 1 }],
    Parameters: { p: "q" },
    SkewedInfo: { SkewedColumnNames: ["c"], SkewedColumnValues: ["1"], SkewedColumnValueLocationMaps: { a: "b" } },
    StoredAsSubDirectories: true,
    SchemaReference: { SchemaId: { SchemaName: "s", RegistryName: "r" }, SchemaVersionNumber: 2 },
  },
  PartitionKeys: [{ Name: "p", Type: "string" }],
  ViewOriginalText: "select",
  ViewExpandedText: "select all",
  TableType: "EXTERNAL_TABLE",
  Parameters: { EXTERNAL: "TRUE" },
};

test("a table comes back with every member that it was made with", async () => {
  const { glue } = await aGlueSandbox();
  await glue.createDatabase({ DatabaseInput: { Name: "d" } });
  await glue.createTable({ DatabaseName: "d", TableInput: WHOLE });

  expect((await glue.getTable({ DatabaseName: "d", Name: "t" })).Table).toMatchObject(WHOLE);
});

test("what an input leaves out is filled in as the service does, and only that", async () => {
  const { glue } = await aGlueSandbox();
  await glue.createDatabase({ DatabaseInput: { Name: "d" } });
  await glue.createTable({ DatabaseName: "d", TableInput: { Name: "bare" } });
  await glue.createTable({ DatabaseName: "d", TableInput: { Name: "t", StorageDescriptor: { Columns: [] } } });

  const { TableList } = await glue.getTables({ DatabaseName: "d" });
  const facts = {
    DatabaseName: "d",
    CatalogId: "123456789012",
    CreatedBy: "arn:aws:iam::123456789012:user/sandbox",
    IsRegisteredWithLakeFormation: false,
    IsMultiDialectView: false,
    VersionId: "0",
  };
  const times = { CreateTime: expect.any(Date), UpdateTime: expect.any(Date) };
  expect(TableList).toEqual([
    { ...facts, ...times, Name: "bare", Retention: 0 },
    {
      ...facts,
      ...times,
      Name: "t",
      Retention: 0,
      StorageDescriptor: { Columns: [], Compressed: false, NumberOfBuckets: 0, SortColumns: [], StoredAsSubDirectories: false },
    },
  ]);
});

test("an update replaces the whole table: what it leaves out is gone", async () => {
  const { glue } = await aGlueSandbox();
  await glue.createDatabase({ DatabaseInput: { Name: "d" } });
  await glue.createTable({ DatabaseName: "d", TableInput: WHOLE });
  await glue.updateTable({ DatabaseName: "d", TableInput: { Name: "T", Parameters: { a: "b" } } });

  const { Table } = await glue.getTable({ DatabaseName: "d", Name: "t" });
  expect(Table).toMatchObject({ Name: "t", Parameters: { a: "b" }, VersionId: "1", Retention: 0 });
  expect(
    Object.keys(Table ?? {}).filter((key) =>
      ["Description", "Owner", "StorageDescriptor", "PartitionKeys", "TableType", "ViewOriginalText"].includes(key),
    ),
  ).toEqual([]);
});

test("an update of a database replaces it whole and keeps its tables and its time of creation", async () => {
  const { glue } = await aGlueSandbox();
  await glue.createDatabase({ DatabaseInput: { Name: "d", Description: "before", Parameters: { a: "b" } } });
  const { Database: before } = await glue.getDatabase({ Name: "d" });
  await glue.createTable({ DatabaseName: "d", TableInput: { Name: "t" } });
  await glue.updateDatabase({ Name: "D", DatabaseInput: { Name: "D", LocationUri: "s3://bucket" } });

  expect((await glue.getDatabase({ Name: "d" })).Database).toEqual({
    Name: "d",
    LocationUri: "s3://bucket",
    CatalogId: "123456789012",
    CreateTime: before?.CreateTime,
  });
  expect((await glue.getTables({ DatabaseName: "d" })).TableList?.length).toBe(1);
});

test("a database goes with its tables", async () => {
  const { glue, sandbox } = await aGlueSandbox();
  await glue.createDatabase({ DatabaseInput: { Name: "d" } });
  await glue.createTable({ DatabaseName: "d", TableInput: { Name: "t" } });
  await glue.deleteDatabase({ Name: "D" });

  await expect(glue.getDatabase({ Name: "d" })).rejects.toMatchObject({ name: "EntityNotFoundException" });
  expect(sandbox.tables()).toEqual([]);
});

test("whatever is not there is not found", async () => {
  const { glue } = await aGlueSandbox();
  await glue.createDatabase({ DatabaseInput: { Name: "d" } });
  const missing = { name: "EntityNotFoundException", $metadata: { httpStatusCode: 400 } };

  await expect(glue.getTable({ DatabaseName: "Nowhere", Name: "t" })).rejects.toMatchObject({
    ...missing,
    message: "Database Nowhere not found.",
  });
  await expect(glue.getTable({ DatabaseName: "d", Name: "Nothing" })).rejects.toMatchObject({
    ...missing,
    message: "Table Nothing not found.",
  });
  await expect(glue.getTables({ DatabaseName: "nowhere" })).rejects.toMatchObject(missing);
  await expect(glue.createTable({ DatabaseName: "nowhere", TableInput: { Name: "t" } })).rejects.toMatchObject(missing);
  await expect(glue.updateTable({ DatabaseName: "d", TableInput: { Name: "t" } })).rejects.toMatchObject(missing);
  await expect(glue.deleteTable({ DatabaseName: "d", Name: "t" })).rejects.toMatchObject(missing);
  await expect(glue.batchDeleteTable({ DatabaseName: "nowhere", TablesToDelete: ["t"] })).rejects.toMatchObject(missing);
  await expect(glue.deleteDatabase({ Name: "nowhere" })).rejects.toMatchObject(missing);
  await expect(glue.updateDatabase({ Name: "nowhere", DatabaseInput: { Name: "nowhere" } })).rejects.toMatchObject(missing);
  await expect(glue.getTableVersions({ DatabaseName: "d", TableName: "t" })).rejects.toMatchObject(missing);
});

test("several tables are deleted at once, and the answer names those that were not there", async () => {
  const { glue, sandbox } = await aGlueSandbox();
  await glue.createDatabase({ DatabaseInput: { Name: "d" } });
  for (const Name of ["a", "b", "c"]) await glue.createTable({ DatabaseName: "d", TableInput: { Name } });

  const answer = await glue.batchDeleteTable({ DatabaseName: "d", TablesToDelete: ["A", "x", "b", "a"] });

  expect(answer.$metadata.httpStatusCode).toBe(200);
  expect(answer.Errors).toEqual([
    { TableName: "x", ErrorDetail: { ErrorCode: "EntityNotFoundException", ErrorMessage: "Table x not found" } },
    { TableName: "a", ErrorDetail: { ErrorCode: "EntityNotFoundException", ErrorMessage: "Table a not found" } },
  ]);
  expect(sandbox.tables("D").map((table) => table.Name)).toEqual(["c"]);
});

test("one version is read by its number, the current one without", async () => {
  const { glue } = await aGlueSandbox();
  await glue.createDatabase({ DatabaseInput: { Name: "d" } });
  await glue.createTable({ DatabaseName: "d", TableInput: { Name: "t", Description: "old" } });
  await glue.updateTable({ DatabaseName: "d", TableInput: { Name: "t", Description: "new" } });

  expect((await glue.getTableVersion({ DatabaseName: "d", TableName: "T", VersionId: "0" })).TableVersion).toMatchObject({
    VersionId: "0",
    Table: { Description: "old", VersionId: "0" },
  });
  expect((await glue.getTableVersion({ DatabaseName: "d", TableName: "t" })).TableVersion).toMatchObject({
    VersionId: "1",
    Table: { Description: "new" },
  });
  await expect(glue.getTableVersion({ DatabaseName: "d", TableName: "t", VersionId: "5" })).rejects.toMatchObject({
    name: "EntityNotFoundException",
  });
  await expect(glue.getTableVersion({ DatabaseName: "d", TableName: "t", VersionId: "x" })).rejects.toMatchObject({
    name: "InvalidInputException",
  });
});

test("resource links are kept and listed with the others", async () => {
  const { glue } = await aGlueSandbox();
  await glue.createDatabase({ DatabaseInput: { Name: "linked", TargetDatabase: { CatalogId: "42", DatabaseName: "there" } } });
  await glue.createTable({
    DatabaseName: "linked",
    TableInput: { Name: "link", TargetTable: { CatalogId: "42", DatabaseName: "there", Name: "t" } },
  });

  expect((await glue.getDatabases({})).DatabaseList).toMatchObject([{ TargetDatabase: { CatalogId: "42", DatabaseName: "there" } }]);
  expect((await glue.getDatabases({ AttributesToGet: ["NAME", "TARGET_DATABASE"] })).DatabaseList).toEqual([
    { Name: "linked", TargetDatabase: { CatalogId: "42", DatabaseName: "there" } },
  ]);
  expect((await glue.getTables({ DatabaseName: "linked" })).TableList).toMatchObject([
    { TargetTable: { CatalogId: "42", DatabaseName: "there", Name: "t" } },
  ]);
});

test("a view of several dialects says that it is one", async () => {
  const { glue } = await aGlueSandbox();
  await glue.createDatabase({ DatabaseInput: { Name: "d" } });
  const ViewDefinition = {
    IsProtected: true,
    Representations: [{ Dialect: "ATHENA" as const, DialectVersion: "3", ViewOriginalText: "select 1" }],
  };
  await glue.createTable({ DatabaseName: "d", TableInput: { Name: "v", ViewDefinition } });

  expect((await glue.getTable({ DatabaseName: "d", Name: "v" })).Table).toMatchObject({ IsMultiDialectView: true, ViewDefinition });
});

test("a table does not become governed, nor cease to be", async () => {
  const { glue } = await aGlueSandbox();
  await glue.createDatabase({ DatabaseInput: { Name: "d" } });
  await glue.createTable({ DatabaseName: "d", TableInput: { Name: "t" } });

  await expect(glue.updateTable({ DatabaseName: "d", TableInput: { Name: "t", TableType: "GOVERNED" } })).rejects.toMatchObject({
    name: "InvalidInputException",
  });
});

test("a VersionId that is no integer is invalid input", async () => {
  const { glue } = await aGlueSandbox();
  await glue.createDatabase({ DatabaseInput: { Name: "d" } });
  await glue.createTable({ DatabaseName: "d", TableInput: { Name: "t" } });

  await expect(glue.updateTable({ DatabaseName: "d", TableInput: { Name: "t" }, VersionId: "latest" })).rejects.toMatchObject({
    name: "InvalidInputException",
  });
  await expect(glue.updateTable({ DatabaseName: "d", TableInput: { Name: "t" }, VersionId: "1" })).rejects.toMatchObject({
    name: "ConcurrentModificationException",
  });
});

test("what is not simulated is refused by its name, not ignored", async () => {
  const { glue } = await aGlueSandbox();
  await glue.createDatabase({ DatabaseInput: { Name: "d" } });

  await expect(glue.getTables({ DatabaseName: "d", TransactionId: "1" })).rejects.toMatchObject({
    name: "InvalidInputException",
    message: "The sandbox does not simulate 'transactionId'.",
  });
  await expect(
    glue.createTable({ DatabaseName: "d", TableInput: { Name: "t" }, PartitionIndexes: [{ IndexName: "i", Keys: ["k"] }] }),
  ).rejects.toMatchObject({ name: "InvalidInputException" });
});

test("a parameter and a column named __proto__ are like any other", async () => {
  const { glue, sandbox } = await aGlueSandbox();
  await glue.createDatabase({ DatabaseInput: { Name: "d" } });
  const body =
    '{"DatabaseName":"d","TableInput":{"Name":"__proto__","Parameters":{"__proto__":"p","a":"b"},"StorageDescriptor":{"Columns":[{"Name":"__proto__"}]}}}';
  await fetch(sandbox.url, {
    method: "POST",
    headers: { "content-type": "application/x-amz-json-1.1", "x-amz-target": "AWSGlue.CreateTable" },
    body,
  });

  const [table] = sandbox.tables("d");
  expect(JSON.stringify(table?.Parameters)).toBe('{"__proto__":"p","a":"b"}');
  expect(table).toMatchObject({ Name: "__proto__", StorageDescriptor: { Columns: [{ Name: "__proto__" }] } });
});

test("members that the model does not know are ignored, as the protocol demands", async () => {
  const { sandbox, glue } = await aGlueSandbox();
  await glue.createDatabase({ DatabaseInput: { Name: "d" } });
  const body = JSON.stringify({
    DatabaseName: "d",
    Unknown: 1,
    TableInput: { Name: "t", CreateTime: 1, VersionId: "9", Surprise: {}, Description: null },
  });
  const answer = await fetch(sandbox.url, {
    method: "POST",
    headers: { "content-type": "application/x-amz-json-1.1", "x-amz-target": "AWSGlue.CreateTable" },
    body,
  });

  expect(answer.status).toBe(200);
  const [table] = sandbox.tables();
  expect(table).toMatchObject({ VersionId: "0", CreateTime: expect.any(Number) });
  expect(table?.CreateTime).toBeGreaterThan(1);
  expect(Object.keys(table ?? {}).filter((key) => key === "Surprise" || key === "Description")).toEqual([]);
});
