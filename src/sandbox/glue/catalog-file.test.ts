import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { aGlueSandbox, glueClient } from "../../../test/helpers/sandbox-glue.ts";
import { startGlueSandbox } from "./start-glue-sandbox.ts";

test("a catalog in a file is there again after a restart, with versions and tags", async () => {
  const file = join(await aFolder(), "catalog");
  const first = await aGlueSandbox({ file });
  await first.glue.createDatabase({ DatabaseInput: { Name: "d" }, Tags: { team: "data" } });
  await first.glue.createDatabase({ CatalogId: "other", DatabaseInput: { Name: "e" } });
  await first.glue.createTable({
    DatabaseName: "d",
    TableInput: { Name: "t", Parameters: { a: "ü", b: "\u2028\u2029\r\n" }, Description: "old" },
  });
  await first.glue.updateTable({ DatabaseName: "d", TableInput: { Name: "t", Description: "new" } });
  const before = first.sandbox.tables();
  await first.sandbox.close();

  const second = await aGlueSandbox({ file });

  expect(second.sandbox.tables()).toEqual(before);
  expect((await second.glue.getTags({ ResourceArn: "arn:aws:glue:eu-central-1:123456789012:database/d" })).Tags).toEqual({ team: "data" });
  expect((await second.glue.getDatabase({ CatalogId: "other", Name: "e" })).Database?.CatalogId).toBe("other");
  const { TableVersions: versions } = await second.glue.getTableVersions({ DatabaseName: "d", TableName: "t" });
  expect(versions?.map(({ VersionId, Table }) => [VersionId, Table?.Description])).toEqual([
    ["1", "new"],
    ["0", "old"],
  ]);
  await second.glue.updateTable({ DatabaseName: "d", TableInput: { Name: "t" }, VersionId: "1" });
});

test("changes are saved soon, without a close, and nothing else is left in the folder", async () => {
  const folder = await aFolder();
  const { glue } = await aGlueSandbox({ file: join(folder, "catalog") });
  await glue.createDatabase({ DatabaseInput: { Name: "d" } });
  await expect.poll(() => readdir(folder), { timeout: 10_000 }).toEqual(["catalog"]);

  expect((await stat(join(folder, "catalog"))).mode & 0o777).toBe(0o600);
  expect(await readFile(join(folder, "catalog"), "utf8")).toContain('"Name":"d"');
});

test("reading alone writes no file", async () => {
  const folder = await aFolder();
  const { glue, sandbox } = await aGlueSandbox({ file: join(folder, "catalog") });
  await glue.getDatabases({});
  await sandbox.close();

  expect(await readdir(folder)).toEqual([]);
});

test("a file that is not whole, or another's, is refused and left alone", async () => {
  const folder = await aFolder();
  const file = join(folder, "catalog");
  const sandbox = await startGlueSandbox({ file });
  const glue = glueClient(sandbox.url);
  await glue.createDatabase({ DatabaseInput: { Name: "d" } });
  await sandbox.close();
  const whole = await readFile(file, "utf8");

  for (const content of [whole.slice(0, -10), whole.split("\n").slice(0, 2).join("\n"), "{}\n", "not JSON", ""]) {
    await writeFile(file, content);
    await expect(startGlueSandbox({ file })).rejects.toThrow(`cannot read its catalog from ${file}`);
    expect(await readFile(file, "utf8")).toBe(content);
  }
});

test("what cannot be saved is told when the sandbox closes", async () => {
  const folder = await aFolder();
  const sandbox = await startGlueSandbox({ file: join(folder, "gone", "catalog") });
  const glue = glueClient(sandbox.url);
  await glue.createDatabase({ DatabaseInput: { Name: "d" } });

  await expect(sandbox.close()).rejects.toThrow("could not save its catalog");
});

async function aFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "tidemark-sandbox-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
