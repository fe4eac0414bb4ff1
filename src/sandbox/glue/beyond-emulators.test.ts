import { gzipSync } from "node:zlib";
import type { Glue } from "@aws-sdk/client-glue";
import { expect, test } from "vitest";
import { aGlueSandbox } from "../../../test/helpers/sandbox-glue.ts";

// Where common emulators of Glue are more lenient than the service, or answer otherwise: one claim for each such place.

test("a listing comes in pages of at most 100, and its token leads to the next", async () => {
  const { glue } = await aGlueSandbox();
  await glue.createDatabase({ DatabaseInput: { Name: "sales" } });
  for (let index = 0; index < 101; index++)
    await glue.createTable({ DatabaseName: "sales", TableInput: { Name: `t${String(index).padStart(3, "0")}` } });

  const first = await glue.getTables({ DatabaseName: "sales" });
  const second = await glue.getTables({ DatabaseName: "sales", NextToken: first.NextToken });

  expect(first.TableList?.length).toBe(100);
  expect(first.NextToken).toBeTypeOf("string");
  expect(second).toMatchObject({ TableList: [{ Name: "t100" }] });
  expect(second.NextToken).toBeUndefined();
});

test("databases and versions are paged too", async () => {
  const { glue } = await aGlueSandbox();
  for (const name of ["a", "b", "c"]) await glue.createDatabase({ DatabaseInput: { Name: name } });
  await glue.createTable({ DatabaseName: "a", TableInput: { Name: "t" } });
  await glue.updateTable({ DatabaseName: "a", TableInput: { Name: "t" } });
  await glue.updateTable({ DatabaseName: "a", TableInput: { Name: "t" } });

  const databases = await glue.getDatabases({ MaxResults: 2 });
  const versions = await glue.getTableVersions({ DatabaseName: "a", TableName: "t", MaxResults: 2 });

  expect(databases).toMatchObject({ DatabaseList: [{ Name: "a" }, { Name: "b" }] });
  expect(await glue.getDatabases({ MaxResults: 2, NextToken: databases.NextToken })).toMatchObject({ DatabaseList: [{ Name: "c" }] });
  expect(versions.TableVersions?.map((version) => version.VersionId)).toEqual(["2", "1"]);
  const rest = await glue.getTableVersions({ DatabaseName: "a", TableName: "t", NextToken: versions.NextToken });
  expect(rest.TableVersions?.map((version) => version.VersionId)).toEqual(["0"]);
});

test("a table that comes and one that goes between two pages repeat and lose no other", async () => {
  const { glue } = await aGlueSandbox();
  await withTables(glue, "sales", ["b", "d", "f", "h"]);

  const first = await glue.getTables({ DatabaseName: "sales", MaxResults: 2 });
  await glue.deleteTable({ DatabaseName: "sales", Name: "d" });
  await glue.createTable({ DatabaseName: "sales", TableInput: { Name: "a" } });
  const second = await glue.getTables({ DatabaseName: "sales", MaxResults: 2, NextToken: first.NextToken });

  expect(first.TableList?.map((table) => table.Name)).toEqual(["b", "d"]);
  expect(second.TableList?.map((table) => table.Name)).toEqual(["f", "h"]);
});

test("a token of another listing is refused", async () => {
  const { glue } = await aGlueSandbox();
  await withTables(glue, "sales", ["a", "b"]);
  await withTables(glue, "hr", ["a", "b"]);
  const { NextToken } = await glue.getTables({ DatabaseName: "sales", MaxResults: 1 });

  await expect(glue.getTables({ DatabaseName: "hr", NextToken })).rejects.toMatchObject({ name: "InvalidInputException" });
  await expect(glue.getTables({ DatabaseName: "sales", NextToken: "nonsense" })).rejects.toMatchObject({ name: "InvalidInputException" });
});

test("an update with a stale VersionId is refused and changes nothing", async () => {
  const { glue } = await aGlueSandbox();
  await withTables(glue, "sales", ["orders"]);
  await glue.updateTable({ DatabaseName: "sales", TableInput: { Name: "orders", Description: "first" }, VersionId: "0" });

  await expect(
    glue.updateTable({ DatabaseName: "sales", TableInput: { Name: "orders", Description: "second" }, VersionId: "0" }),
  ).rejects.toMatchObject({
    name: "ConcurrentModificationException",
    message: "Update table failed due to concurrent modifications.",
    $metadata: { httpStatusCode: 400 },
  });
  expect((await glue.getTable({ DatabaseName: "sales", Name: "orders" })).Table).toMatchObject({ Description: "first", VersionId: "1" });
});

test("versions begin at 0, also of a table that was deleted and made again", async () => {
  const { glue } = await aGlueSandbox();
  await withTables(glue, "sales", ["orders"]);
  await glue.updateTable({ DatabaseName: "sales", TableInput: { Name: "orders" } });
  await glue.deleteTable({ DatabaseName: "sales", Name: "orders" });
  await glue.createTable({ DatabaseName: "sales", TableInput: { Name: "orders" } });

  expect(await versionsOf(glue, "sales", "orders")).toEqual(["0"]);
});

test("SkipArchive keeps no old version, and the version advances all the same", async () => {
  const { glue } = await aGlueSandbox();
  await withTables(glue, "sales", ["orders"]);
  await glue.updateTable({ DatabaseName: "sales", TableInput: { Name: "orders" } });
  await glue.updateTable({ DatabaseName: "sales", TableInput: { Name: "orders" }, SkipArchive: true });

  expect(await versionsOf(glue, "sales", "orders")).toEqual(["2", "0"]);
});

test("versions are listed newest first, and an identical update makes one", async () => {
  const { glue } = await aGlueSandbox();
  await withTables(glue, "sales", ["orders"]);
  await glue.updateTable({ DatabaseName: "sales", TableInput: { Name: "orders" } });
  await glue.updateTable({ DatabaseName: "sales", TableInput: { Name: "orders", Description: "third" } });

  const { TableVersions: versions } = await glue.getTableVersions({ DatabaseName: "sales", TableName: "orders" });
  expect(versions?.map(({ VersionId, Table }) => [VersionId, Table?.Description])).toEqual([
    ["2", "third"],
    ["1", undefined],
    ["0", undefined],
  ]);
});

test("names of databases, tables and top-level columns are folded, and found in any case", async () => {
  const { glue } = await aGlueSandbox();
  await glue.createDatabase({ DatabaseInput: { Name: "Sales" } });
  await glue.createTable({
    DatabaseName: "SALES",
    TableInput: {
      Name: "Orders",
      StorageDescriptor: { Columns: [{ Name: "CustomerId", Type: "struct<StreetName:string>" }] },
      PartitionKeys: [{ Name: "Year", Type: "int" }],
    },
  });

  expect((await glue.getTable({ DatabaseName: "sALES", Name: "oRDERS" })).Table).toMatchObject({
    Name: "orders",
    DatabaseName: "sales",
    StorageDescriptor: { Columns: [{ Name: "customerid", Type: "struct<StreetName:string>" }] },
    PartitionKeys: [{ Name: "year" }],
  });
  await expect(glue.createTable({ DatabaseName: "sales", TableInput: { Name: "ORDERS" } })).rejects.toMatchObject({
    name: "AlreadyExistsException",
    message: "Table already exists.",
  });
  await expect(glue.createDatabase({ DatabaseInput: { Name: "SALES" } })).rejects.toMatchObject({ name: "AlreadyExistsException" });
});

test("lengths, characters and list sizes are checked, and told with value, path and constraint", async () => {
  const { glue } = await aGlueSandbox();
  await withTables(glue, "sales", ["orders"]);
  const comment = "x".repeat(256);

  await expect(
    glue.createTable({
      DatabaseName: "sales",
      TableInput: { Name: "t", StorageDescriptor: { Columns: [{ Name: "a" }, { Name: "b", Comment: comment }] } },
    }),
  ).rejects.toMatchObject({
    name: "ValidationException",
    message: `1 validation error detected: Value '${comment}' at 'table.storageDescriptor.columns.2.member.comment' failed to satisfy constraint: Member must have length less than or equal to 255`,
    $metadata: { httpStatusCode: 400 },
  });
  await expect(
    glue.createTable({
      DatabaseName: "sales",
      TableInput: { Name: "n".repeat(300), StorageDescriptor: { Columns: [{ Name: "a", Comment: "two\nlines" }] } },
    }),
  ).rejects.toThrow(/^2 validation errors detected: /);
  await expect(
    glue.batchDeleteTable({ DatabaseName: "sales", TablesToDelete: Array.from({ length: 101 }, (_, index) => `t${index}`) }),
  ).rejects.toMatchObject({ name: "ValidationException" });
  expect((await glue.getTables({ DatabaseName: "sales" })).TableList?.map((table) => table.Name)).toEqual(["orders"]);
});

test("columns that fold to one name, and types that no engine knows, are stored as they come", async () => {
  const { glue } = await aGlueSandbox();
  await glue.createDatabase({ DatabaseInput: { Name: "sales" } });
  await glue.createTable({
    DatabaseName: "sales",
    TableInput: { Name: "t", StorageDescriptor: { Columns: [{ Name: "Id", Type: "no type at all" }, { Name: "id" }] } },
  });

  const { Table } = await glue.getTable({ DatabaseName: "sales", Name: "t" });
  expect(Table?.StorageDescriptor?.Columns).toEqual([{ Name: "id", Type: "no type at all" }, { Name: "id" }]);
});

test("AttributesToGet leaves the name, or name and type, and takes no other combination", async () => {
  const { glue } = await aGlueSandbox();
  await glue.createDatabase({ DatabaseInput: { Name: "sales", Description: "d" } });
  await glue.createTable({ DatabaseName: "sales", TableInput: { Name: "t", TableType: "EXTERNAL_TABLE", Description: "d" } });

  expect((await glue.getTables({ DatabaseName: "sales", AttributesToGet: ["NAME"] })).TableList).toEqual([{ Name: "t" }]);
  expect((await glue.getTables({ DatabaseName: "sales", AttributesToGet: ["NAME", "TABLE_TYPE"] })).TableList).toEqual([
    { Name: "t", TableType: "EXTERNAL_TABLE" },
  ]);
  expect((await glue.getDatabases({ AttributesToGet: ["NAME"] })).DatabaseList).toEqual([{ Name: "sales" }]);
  await expect(glue.getTables({ DatabaseName: "sales", AttributesToGet: ["TABLE_TYPE"] })).rejects.toMatchObject({
    name: "InvalidInputException",
  });
  await expect(glue.getTables({ DatabaseName: "sales", AttributesToGet: [] })).rejects.toMatchObject({ name: "InvalidInputException" });
  await expect(glue.getDatabases({ AttributesToGet: ["TARGET_DATABASE"] })).rejects.toMatchObject({ name: "InvalidInputException" });
  expect((await glue.getTable({ DatabaseName: "sales", Name: "t", AttributesToGet: ["DEFAULT"] })).Table?.Description).toBe("d");
  await expect(glue.getTable({ DatabaseName: "sales", Name: "t", AttributesToGet: ["NAME"] })).rejects.toMatchObject({
    name: "InvalidInputException",
  });
});

test("each CatalogId is a catalog of its own", async () => {
  const { glue } = await aGlueSandbox();
  await glue.createDatabase({ DatabaseInput: { Name: "sales" } });
  await glue.createDatabase({ CatalogId: "other", DatabaseInput: { Name: "sales", Description: "the other" } });

  expect((await glue.getDatabase({ Name: "sales" })).Database?.Description).toBeUndefined();
  expect((await glue.getDatabase({ Name: "sales", CatalogId: "123456789012" })).Database?.CatalogId).toBe("123456789012");
  expect((await glue.getDatabase({ Name: "sales", CatalogId: "other" })).Database).toMatchObject({
    Description: "the other",
    CatalogId: "other",
  });
  await expect(glue.getTables({ DatabaseName: "sales", CatalogId: "third" })).rejects.toMatchObject({ name: "EntityNotFoundException" });
});

test("UpdateTime is there from the beginning, and an update keeps CreateTime", async () => {
  const { glue } = await aGlueSandbox();
  await withTables(glue, "sales", ["orders"]);
  const { Table: created } = await glue.getTable({ DatabaseName: "sales", Name: "orders" });
  await glue.updateTable({ DatabaseName: "sales", TableInput: { Name: "orders" } });
  const { Table: updated } = await glue.getTable({ DatabaseName: "sales", Name: "orders" });

  expect(created?.UpdateTime).toEqual(created?.CreateTime);
  expect(updated?.CreateTime).toEqual(created?.CreateTime);
  expect(updated?.UpdateTime).toBeInstanceOf(Date);
});

test("a database cannot be renamed", async () => {
  const { glue } = await aGlueSandbox();
  await glue.createDatabase({ DatabaseInput: { Name: "sales" } });

  await expect(glue.updateDatabase({ Name: "sales", DatabaseInput: { Name: "revenue" } })).rejects.toMatchObject({
    name: "InvalidInputException",
    message: "Database cannot be renamed",
  });
});

test("databases bear tags, tables do not", async () => {
  const { glue } = await aGlueSandbox();
  await glue.createDatabase({ DatabaseInput: { Name: "sales" }, Tags: { team: "data" } });
  await glue.createTable({ DatabaseName: "sales", TableInput: { Name: "orders" } });
  const database = "arn:aws:glue:eu-central-1:123456789012:database/sales";
  await glue.tagResource({ ResourceArn: database, TagsToAdd: { stage: "test", team: "metadata" } });
  await glue.untagResource({ ResourceArn: database, TagsToRemove: ["stage", "unknown"] });

  expect((await glue.getTags({ ResourceArn: database })).Tags).toEqual({ team: "metadata" });
  await expect(
    glue.tagResource({ ResourceArn: "arn:aws:glue:eu-central-1:123456789012:table/sales/orders", TagsToAdd: { a: "b" } }),
  ).rejects.toMatchObject({ name: "InvalidInputException" });
  await expect(glue.getTags({ ResourceArn: "arn:aws:glue:eu-central-1:123456789012:database/none" })).rejects.toMatchObject({
    name: "EntityNotFoundException",
  });
});

test("Expression is a regular expression on the whole name", async () => {
  const { glue } = await aGlueSandbox();
  await withTables(glue, "sales", ["fact_orders", "fact_returns", "orders"]);
  const named = async (Expression: string): Promise<unknown> =>
    (await glue.getTables({ DatabaseName: "sales", Expression })).TableList?.map((table) => table.Name);

  expect(await named("fact_.*")).toEqual(["fact_orders", "fact_returns"]);
  expect(await named("orders|fact_returns")).toEqual(["fact_returns", "orders"]);
  expect(await named("fact")).toEqual([]);
  await expect(named("(")).rejects.toMatchObject({ name: "InvalidInputException" });
});

test("the current version cannot be deleted, and an unknown one is not found", async () => {
  const { glue } = await aGlueSandbox();
  await withTables(glue, "sales", ["orders"]);
  await glue.updateTable({ DatabaseName: "sales", TableInput: { Name: "orders" } });
  const version = (VersionId: string): { DatabaseName: string; TableName: string; VersionId: string } => ({
    DatabaseName: "sales",
    TableName: "orders",
    VersionId,
  });

  await expect(glue.deleteTableVersion(version("1"))).rejects.toMatchObject({ name: "InvalidInputException" });
  await expect(glue.deleteTableVersion(version("7"))).rejects.toMatchObject({ name: "EntityNotFoundException" });
  await expect(glue.deleteTableVersion(version("one"))).rejects.toMatchObject({ name: "InvalidInputException" });
  await glue.deleteTableVersion(version("0"));
  expect(await versionsOf(glue, "sales", "orders")).toEqual(["1"]);
});

test("CreateTable and UpdateTable without TableInput are invalid input", async () => {
  const { glue } = await aGlueSandbox();
  await withTables(glue, "sales", ["orders"]);

  await expect(glue.createTable({ DatabaseName: "sales" })).rejects.toMatchObject({ name: "InvalidInputException" });
  await expect(glue.updateTable({ DatabaseName: "sales" })).rejects.toMatchObject({ name: "InvalidInputException" });
});

test("throttling, quotas and refused access can be had, and a signature is not asked for", async () => {
  const { glue, sandbox } = await aGlueSandbox({ writesPerSecond: 1, versionLimit: 2 });
  await glue.createDatabase({ DatabaseInput: { Name: "sales" } });
  await expect(glue.createDatabase({ DatabaseInput: { Name: "hr" } })).rejects.toMatchObject({
    name: "ThrottlingException",
    message: "Rate exceeded",
    $metadata: { httpStatusCode: 400 },
  });
  sandbox.settings({ writes_per_second: null });
  await glue.createTable({ DatabaseName: "sales", TableInput: { Name: "orders" } });
  await glue.updateTable({ DatabaseName: "sales", TableInput: { Name: "orders" } });
  await expect(glue.updateTable({ DatabaseName: "sales", TableInput: { Name: "orders" } })).rejects.toMatchObject({
    name: "ResourceNumberLimitExceededException",
  });
  sandbox.fault({ fault: "access_denied" });
  await expect(glue.getDatabases({})).rejects.toMatchObject({ name: "AccessDeniedException" });

  const unsigned = await fetch(sandbox.url, {
    method: "POST",
    headers: { "content-type": "application/x-amz-json-1.1", "x-amz-target": "AWSGlue.GetDatabases" },
    body: "{}",
  });
  expect(unsigned.status).toBe(200);
});

test("an operation that is not simulated answers with an error of the protocol, never with a page of HTML", async () => {
  const { glue } = await aGlueSandbox();

  await expect(glue.searchTables({ SearchText: "orders" })).rejects.toMatchObject({
    name: "UnknownOperationException",
    $metadata: { httpStatusCode: 400 },
  });
  await expect(glue.getColumnStatisticsForTable({ DatabaseName: "a", TableName: "b", ColumnNames: ["c"] })).rejects.toMatchObject({
    name: "UnknownOperationException",
  });
});

test("several versions are deleted at once, each that fails with its reason", async () => {
  const { glue } = await aGlueSandbox();
  await withTables(glue, "sales", ["orders"]);
  await glue.updateTable({ DatabaseName: "sales", TableInput: { Name: "orders" } });
  await glue.updateTable({ DatabaseName: "sales", TableInput: { Name: "orders" } });

  const { Errors } = await glue.batchDeleteTableVersion({ DatabaseName: "sales", TableName: "orders", VersionIds: ["0", "2", "9"] });

  expect(Errors).toMatchObject([
    { TableName: "orders", VersionId: "2", ErrorDetail: { ErrorCode: "InvalidInputException" } },
    { TableName: "orders", VersionId: "9", ErrorDetail: { ErrorCode: "EntityNotFoundException" } },
  ]);
  expect(await versionsOf(glue, "sales", "orders")).toEqual(["2", "1"]);
});

test("a compressed request body is not understood, and says so", async () => {
  const { sandbox } = await aGlueSandbox();

  const answer = await fetch(sandbox.url, {
    method: "POST",
    headers: { "content-type": "application/x-amz-json-1.1", "content-encoding": "gzip", "x-amz-target": "AWSGlue.GetDatabases" },
    body: gzipSync("{}"),
  });

  expect(answer.status).toBe(400);
  expect(await answer.json()).toMatchObject({ __type: "SerializationException" });
});

async function withTables(glue: Glue, database: string, tables: readonly string[]): Promise<void> {
  await glue.createDatabase({ DatabaseInput: { Name: database } });
  for (const name of tables) await glue.createTable({ DatabaseName: database, TableInput: { Name: name } });
}

async function versionsOf(glue: Glue, database: string, table: string): Promise<(string | undefined)[] | undefined> {
  const { TableVersions } = await glue.getTableVersions({ DatabaseName: database, TableName: table });
  return TableVersions?.map((version) => version.VersionId);
}
