import type { DatabaseInput, TableInput } from "@aws-sdk/client-glue";
import { expect, test } from "vitest";
import { aGlueSandbox } from "../../../test/helpers/sandbox-glue.ts";

type Table = Partial<TableInput>;

const LONGEST: readonly [place: string, longest: number, make: (value: string) => Table][] = [
  ["table.name", 255, (Name) => ({ Name })],
  ["table.description", 2048, (Description) => ({ Description })],
  ["table.owner", 255, (Owner) => ({ Owner })],
  ["table.tableType", 255, (TableType) => ({ TableType })],
  ["table.viewOriginalText", 409600, (ViewOriginalText) => ({ ViewOriginalText })],
  ["table.viewExpandedText", 409600, (ViewExpandedText) => ({ ViewExpandedText })],
  ["table.partitionKeys.1.member.name", 255, (Name) => ({ PartitionKeys: [{ Name }] })],
  ["table.targetTable.databaseName", 255, (DatabaseName) => ({ TargetTable: { DatabaseName } })],
  ["table.storageDescriptor.location", 2056, (Location) => ({ StorageDescriptor: { Location } })],
  ["table.storageDescriptor.inputFormat", 128, (InputFormat) => ({ StorageDescriptor: { InputFormat } })],
  ["table.storageDescriptor.outputFormat", 128, (OutputFormat) => ({ StorageDescriptor: { OutputFormat } })],
  ["table.storageDescriptor.serdeInfo.name", 255, (Name) => ({ StorageDescriptor: { SerdeInfo: { Name } } })],
  [
    "table.storageDescriptor.serdeInfo.serializationLibrary",
    255,
    (SerializationLibrary) => ({ StorageDescriptor: { SerdeInfo: { SerializationLibrary } } }),
  ],
  ["table.storageDescriptor.columns.1.member.name", 255, (Name) => ({ StorageDescriptor: { Columns: [{ Name }] } })],
  ["table.storageDescriptor.columns.1.member.type", 131072, (Type) => ({ StorageDescriptor: { Columns: [{ Name: "c", Type }] } })],
  ["table.storageDescriptor.columns.1.member.comment", 255, (Comment) => ({ StorageDescriptor: { Columns: [{ Name: "c", Comment }] } })],
];

test.each(LONGEST)("%s takes %i characters and not one more", async (place, longest, make) => {
  const { glue } = await aGlueSandbox();
  await glue.createDatabase({ DatabaseInput: { Name: "d" } });
  const create = (length: number): Promise<unknown> =>
    glue.createTable({ DatabaseName: "d", TableInput: { Name: "t", ...make("x".repeat(length)) } });

  await expect(create(longest)).resolves.toBeDefined();
  await expect(create(longest + 1)).rejects.toMatchObject({
    name: "ValidationException",
    message: expect.stringContaining(
      `' at '${place}' failed to satisfy constraint: Member must have length less than or equal to ${longest}`,
    ),
  });
});

const LONGEST_OF_DATABASE: readonly [place: string, longest: number, make: (value: string) => Partial<DatabaseInput>][] = [
  ["database.name", 255, (Name) => ({ Name })],
  ["database.description", 2048, (Description) => ({ Description })],
  ["database.locationUri", 1024, (LocationUri) => ({ LocationUri })],
];

test.each(LONGEST_OF_DATABASE)("%s takes %i characters and not one more", async (place, longest, make) => {
  const { glue } = await aGlueSandbox();
  const create = (length: number): Promise<unknown> => glue.createDatabase({ DatabaseInput: { Name: "d", ...make("x".repeat(length)) } });

  await expect(create(longest)).resolves.toBeDefined();
  await expect(create(longest + 1)).rejects.toMatchObject({
    name: "ValidationException",
    message: expect.stringContaining(
      `' at '${place}' failed to satisfy constraint: Member must have length less than or equal to ${longest}`,
    ),
  });
});

test("a parameter's key takes 255 characters, its value 512,000", async () => {
  const { glue } = await aGlueSandbox();
  await glue.createDatabase({ DatabaseInput: { Name: "d" } });
  const create = (Parameters: Record<string, string>): Promise<unknown> =>
    glue.createTable({ DatabaseName: "d", TableInput: { Name: "t", Parameters } });

  await expect(create({ ["k".repeat(256)]: "v" })).rejects.toThrow(
    /Map keys must satisfy constraint: \[Member must have length less than or equal to 255, Member must have length greater than or equal to 1, /,
  );
  await expect(create({ "": "v" })).rejects.toMatchObject({ name: "ValidationException" });
  await expect(create({ "two\nlines": "v" })).rejects.toMatchObject({ name: "ValidationException" });
  await expect(create({ k: "v".repeat(512_001) })).rejects.toThrow(
    /at 'table.parameters' failed to satisfy constraint: Map value must satisfy constraint: \[Member must have length less than or equal to 512000\]/,
  );
  await expect(create({ ["k".repeat(255)]: `${"v".repeat(511_998)}\n\u0000` })).resolves.toBeDefined();
});

test("a name has at least one character", async () => {
  const { glue } = await aGlueSandbox();
  await glue.createDatabase({ DatabaseInput: { Name: "d" } });

  await expect(glue.createTable({ DatabaseName: "d", TableInput: { Name: "" } })).rejects.toThrow(
    "Value '' at 'table.name' failed to satisfy constraint: Member must have length greater than or equal to 1",
  );
  await expect(glue.getTable({ DatabaseName: "", Name: "t" })).rejects.toThrow(/at 'databaseName'/);
  await expect(glue.createDatabase({ DatabaseInput: { Name: "e", LocationUri: "" } })).rejects.toThrow(
    "1 validation error detected: Value '' at 'database.locationUri' failed to satisfy constraint: Member must have length greater than or equal to 1",
  );
});

test("what must be there is told when it is not", async () => {
  const { glue } = await aGlueSandbox();

  await expect(glue.createTable({ DatabaseName: undefined, TableInput: { Name: undefined } })).rejects.toMatchObject({
    name: "ValidationException",
    message:
      "2 validation errors detected: Value null at 'databaseName' failed to satisfy constraint: Member must not be null; Value null at 'table.name' failed to satisfy constraint: Member must not be null",
  });
});

test.each([
  ["a line feed", "a\nb", false, true],
  ["a carriage return", "a\rb", false, true],
  ["a tab", "a\tb", true, true],
  ["another control character", "a\u0007b", false, false],
  ["a lone surrogate", "a\ud800b", false, false],
  ["a character beyond the basic plane", "a\u{1f600}b", true, true],
  ["a noncharacter", "a\uffffb", false, false],
])("%s in a comment, and in a description", async (_claim, text, inComment, inDescription) => {
  const { glue } = await aGlueSandbox();
  await glue.createDatabase({ DatabaseInput: { Name: "d" } });
  const accepted = (input: Table): Promise<boolean> =>
    glue.createTable({ DatabaseName: "d", TableInput: { Name: `t${JSON.stringify(input).length}`, ...input } }).then(
      () => true,
      (error: Error) => {
        expect(error).toMatchObject({
          name: "ValidationException",
          message: expect.stringContaining("Member must satisfy regular expression pattern: [\\u0020-\\uD7FF"),
        });
        return false;
      },
    );

  expect(await accepted({ StorageDescriptor: { Columns: [{ Name: "c", Comment: text }] } })).toBe(inComment);
  expect(await accepted({ Description: text })).toBe(inDescription);
});

test("a character beyond the basic plane counts as two", async () => {
  const { glue } = await aGlueSandbox();
  await glue.createDatabase({ DatabaseInput: { Name: "d" } });
  const create = (Comment: string): Promise<unknown> =>
    glue.createTable({ DatabaseName: "d", TableInput: { Name: "t", StorageDescriptor: { Columns: [{ Name: "c", Comment }] } } });

  await expect(create("\u{1f600}".repeat(128))).rejects.toMatchObject({ name: "ValidationException" });
  await expect(create(`x${"\u{1f600}".repeat(127)}`)).resolves.toBeDefined();
});

test("lists hold 100 names or versions, tags 50, a page between 1 and 100 rows", async () => {
  const { glue } = await aGlueSandbox();
  await glue.createDatabase({ DatabaseInput: { Name: "d" } });
  await glue.createTable({ DatabaseName: "d", TableInput: { Name: "t" } });
  const names = (count: number): string[] => Array.from({ length: count }, (_, index) => String(index + 1));
  const tags = (count: number): Record<string, string> => Object.fromEntries(names(count).map((name) => [name, name]));
  const invalid = { name: "ValidationException" };

  expect((await glue.batchDeleteTable({ DatabaseName: "d", TablesToDelete: names(100) })).Errors?.length).toBe(100);
  await expect(glue.batchDeleteTable({ DatabaseName: "d", TablesToDelete: names(101) })).rejects.toThrow(
    /at 'tablesToDelete' failed to satisfy constraint: Member must have length less than or equal to 100/,
  );
  expect((await glue.batchDeleteTableVersion({ DatabaseName: "d", TableName: "t", VersionIds: names(100) })).Errors?.length).toBe(100);
  await expect(glue.batchDeleteTableVersion({ DatabaseName: "d", TableName: "t", VersionIds: names(101) })).rejects.toMatchObject(invalid);
  await expect(glue.createDatabase({ DatabaseInput: { Name: "e" }, Tags: tags(51) })).rejects.toMatchObject(invalid);
  await expect(glue.createDatabase({ DatabaseInput: { Name: "e" }, Tags: tags(50) })).resolves.toBeDefined();
  await expect(
    glue.tagResource({ ResourceArn: "arn:aws:glue:eu-central-1:123456789012:database/e", TagsToAdd: { more: "x" } }),
  ).rejects.toMatchObject({ name: "InvalidInputException" });
  await expect(glue.getTables({ DatabaseName: "d", MaxResults: 101 })).rejects.toThrow(
    "1 validation error detected: Value '101' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 100",
  );
  await expect(glue.getDatabases({ MaxResults: 0 })).rejects.toThrow(/greater than or equal to 1/);
  await expect(glue.getTableVersions({ DatabaseName: "d", TableName: "t", MaxResults: 101 })).rejects.toMatchObject(invalid);
  await expect(glue.getTables({ DatabaseName: "d", MaxResults: 100 })).resolves.toBeDefined();
});

test("a value of another type than the model's is not understood", async () => {
  const { sandbox } = await aGlueSandbox();
  const refusal = async (target: string, body: string): Promise<unknown> => {
    const answer = await fetch(sandbox.url, {
      method: "POST",
      headers: { "content-type": "application/x-amz-json-1.1", "x-amz-target": `AWSGlue.${target}` },
      body,
    });
    return { status: answer.status, type: ((await answer.json()) as { __type: string }).__type };
  };
  const notUnderstood = { status: 400, type: "SerializationException" };

  expect(await refusal("GetDatabases", '{"MaxResults":"many"}')).toEqual(notUnderstood);
  expect(await refusal("GetDatabases", '{"MaxResults":1.5}')).toEqual(notUnderstood);
  expect(await refusal("CreateDatabase", '{"DatabaseInput":"d"}')).toEqual(notUnderstood);
  expect(await refusal("CreateDatabase", '{"DatabaseInput":{"Name":1}}')).toEqual(notUnderstood);
  expect(await refusal("CreateDatabase", '{"DatabaseInput":{"Name":"d","Parameters":{"a":1}}}')).toEqual(notUnderstood);
  expect(await refusal("UpdateTable", '{"DatabaseName":"d","SkipArchive":"true"}')).toEqual(notUnderstood);
  expect(await refusal("BatchDeleteTable", '{"DatabaseName":"d","TablesToDelete":"t"}')).toEqual(notUnderstood);
  expect(await refusal("CreateTable", '{"DatabaseName":"d","TableInput":{"Name":"t","LastAccessTime":"yesterday"}}')).toEqual(
    notUnderstood,
  );
  expect(await refusal("GetDatabases", "[]")).toEqual(notUnderstood);
  expect(await refusal("GetDatabases", "{")).toEqual(notUnderstood);
});

test("null stands for absence in an object, and for nothing in a list or a map", async () => {
  const { sandbox } = await aGlueSandbox();
  const message = async (input: string): Promise<unknown> => {
    const headers = { "content-type": "application/x-amz-json-1.1", "x-amz-target": "AWSGlue.CreateTable" };
    const answer = await fetch(sandbox.url, { method: "POST", headers, body: `{"DatabaseName":"d","TableInput":{"Name":"t",${input}}}` });
    return ((await answer.json()) as { message: string }).message;
  };

  expect(await message('"Description":null')).toBe("Database d not found.");
  expect(await message('"PartitionKeys":[null]')).toBe(
    "1 validation error detected: Value null at 'table.partitionKeys.1.member' failed to satisfy constraint: Member must not be null",
  );
  expect(await message('"Parameters":{"a":null}')).toBe(
    "1 validation error detected: Value '{a=null}' at 'table.parameters' failed to satisfy constraint: Map value must satisfy constraint: [Member must not be null]",
  );
});

test("quotas of databases, tables and versions are kept", async () => {
  const { glue, sandbox } = await aGlueSandbox({ versionLimit: 2 });
  sandbox.settings({ database_limit: 1, table_limit: 1 });
  const exceeded = { name: "ResourceNumberLimitExceededException" };
  await glue.createDatabase({ DatabaseInput: { Name: "d" } });
  await glue.createTable({ DatabaseName: "d", TableInput: { Name: "t" } });
  await glue.updateTable({ DatabaseName: "d", TableInput: { Name: "t" } });

  await expect(glue.createDatabase({ DatabaseInput: { Name: "e" } })).rejects.toMatchObject(exceeded);
  await expect(glue.createTable({ DatabaseName: "d", TableInput: { Name: "u" } })).rejects.toMatchObject(exceeded);
  await expect(glue.updateTable({ DatabaseName: "d", TableInput: { Name: "t" } })).rejects.toMatchObject(exceeded);
  await glue.updateTable({ DatabaseName: "d", TableInput: { Name: "t" }, SkipArchive: true });
  await glue.deleteTableVersion({ DatabaseName: "d", TableName: "t", VersionId: "0" });
  await expect(glue.updateTable({ DatabaseName: "d", TableInput: { Name: "t" } })).resolves.toBeDefined();
});
