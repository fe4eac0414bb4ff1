import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { aGlueSandbox } from "../../../test/helpers/sandbox-glue.ts";
import { temporaryFolder } from "../../../test/helpers/temporary-folder.ts";
import { choosePipeline, loadConfig } from "../load.ts";
import type { Pipeline } from "../pipeline.ts";
import type { Check } from "./check.ts";
import { examine, type ExamineOptions } from "./examine.ts";
import type { CsnSourceConfig } from "../written-config.ts";

const READS = ["GetDatabases", "GetDatabase", "GetTables", "GetTable"];
const PROBED_WRITES = ["CreateTable", "UpdateTable", "DeleteTable", "BatchDeleteTable"];

async function aPipeline(
  target: object,
  files: { readonly [path: string]: string } = { "SALES/all.json": '{"definitions":{}}' },
  source: object = { type: "csn", path: "exports" },
): Promise<Pipeline> {
  const cwd = await temporaryFolder();
  for (const [path, text] of Object.entries(files)) {
    await mkdir(join(cwd, "exports", path, ".."), { recursive: true });
    await writeFile(join(cwd, "exports", path), text);
  }
  await writeFile(join(cwd, "tidemark.json"), JSON.stringify({ pipelines: [{ name: "sales", source, target }] }));
  return choosePipeline(await loadConfig({ cwd, env: {} }), undefined);
}

async function checksOf(pipeline: Pipeline, options: Partial<ExamineOptions> = {}): Promise<ReadonlyMap<string, Check>> {
  const checks = await Array.fromAsync(examine(pipeline, { probeWrites: false, signal: new AbortController().signal, ...options }));
  const byName = new Map(checks.map((check) => [check.name, check]));
  expect(byName.size).toBe(checks.length);
  return byName;
}

function named(checks: ReadonlyMap<string, Check>, status: Check["status"]): readonly string[] {
  return [...checks.values()].filter((check) => check.status === status).map(({ name }) => name);
}

test("where all is well, nothing fails, and no request asks for a write", async () => {
  const { sandbox } = await aGlueSandbox();
  const checks = await checksOf(await aPipeline({ type: "glue", endpoint: sandbox.url, database_prefix: "dsp_" }));

  expect([named(checks, "failed"), named(checks, "warning")]).toEqual([[], []]);
  expect(named(checks, "ok")).toEqual([
    "sqlite",
    "store",
    "state",
    "lease",
    "source",
    "endpoint",
    "clock",
    ...READS.map((name) => `glue:${name}`),
  ]);
  expect(sandbox.counts().writes).toBe(0);
});

test("probes of permissions to write are sent and write nothing, under the pipeline's prefix", async () => {
  const { sandbox } = await aGlueSandbox();
  const checks = await checksOf(await aPipeline({ type: "glue", endpoint: sandbox.url, database_prefix: "DSP_" }), { probeWrites: true });

  expect(named(checks, "failed")).toEqual([]);
  for (const name of PROBED_WRITES) expect(checks.get(`glue:${name}`)?.status).toBe("ok");
  expect(checks.get("glue:CreateDatabase")?.message).toContain("Not probed");
  const writes = sandbox.requests().filter((request) => request.writes);
  expect(writes.map(({ operation, applied }) => [operation, applied])).toEqual(PROBED_WRITES.map((name) => [name, false]));
  for (const { database } of writes) expect(database).toMatch(/^dsp_tidemark_doctor_/);
});

test.each([...READS, ...PROBED_WRITES])("a caller who may not call %s is told the action by name", async (operation) => {
  const { sandbox } = await aGlueSandbox();
  sandbox.fault({ fault: "access_denied", operation });
  const checks = await checksOf(await aPipeline({ type: "glue", endpoint: sandbox.url }), { probeWrites: true });

  expect(named(checks, "failed")).toEqual([`glue:${operation}`]);
  expect(checks.get(`glue:${operation}`)).toMatchObject({
    message: expect.stringContaining(`glue:${operation} is refused`) as unknown,
    remedy: expect.stringContaining(`Allow glue:${operation} to the caller`) as unknown,
  });
});

test("a permission that the endpoint does not decide on is a warning, not a refusal", async () => {
  const { sandbox } = await aGlueSandbox();
  sandbox.fault({ fault: "throttle", operation: "DeleteTable" });
  const checks = await checksOf(await aPipeline({ type: "glue", endpoint: sandbox.url }), { probeWrites: true });

  expect([named(checks, "failed"), named(checks, "warning")]).toEqual([[], ["glue:DeleteTable"]]);
});

test("a database that stands under the prefix is the one that is asked for", async () => {
  const { sandbox, glue } = await aGlueSandbox();
  for (const Name of ["other", "dsp_sales"]) await glue.createDatabase({ DatabaseInput: { Name } });
  await checksOf(await aPipeline({ type: "glue", endpoint: sandbox.url, database_prefix: "dsp_" }));

  const asked = sandbox.requests().filter(({ operation }) => operation === "GetDatabase" || operation.startsWith("GetTable"));
  expect(asked.map(({ database }) => database)).toEqual(["dsp_sales", "dsp_sales", "dsp_sales"]);
});

test("an endpoint that nobody listens at fails once; what could not be asked is skipped", async () => {
  const { sandbox } = await aGlueSandbox();
  await sandbox.close();
  const checks = await checksOf(await aPipeline({ type: "glue", endpoint: sandbox.url }), { probeWrites: true });

  expect(named(checks, "failed")).toEqual(["endpoint"]);
  expect(checks.get("endpoint")?.exit).toBe(9);
  expect(checks.get("glue:GetTables")).toEqual({
    name: "glue:GetTables",
    status: "skipped",
    message: "Not asked: the endpoint was not reached.",
  });
});

test("an export that cannot be read makes the source incomplete", async () => {
  const { sandbox } = await aGlueSandbox();
  const pipeline = await aPipeline({ type: "glue", endpoint: sandbox.url });
  await symlink("/etc/hostname", join((pipeline.source as CsnSourceConfig).path, "SALES", "outside.json"));

  expect((await checksOf(pipeline)).get("source")).toMatchObject({
    status: "failed",
    exit: 8,
    message: expect.stringContaining("SALES/outside.json is no file") as unknown,
  });
});

test("a folder of exports that is missing fails; one without any is a warning", async () => {
  const target = { type: "changefeed", path: "feed.ndjson" };

  expect((await checksOf(await aPipeline(target, {}))).get("source")).toMatchObject({ status: "failed", exit: 1 });
  expect((await checksOf(await aPipeline(target, { "SALES/readme.txt": "" }))).get("source")).toMatchObject({ status: "warning" });
});

test("a change feed is checked for being written to, without being made", async () => {
  const pipeline = await aPipeline({ type: "changefeed", path: "exports" });

  expect((await checksOf(pipeline)).get("target")).toMatchObject({ status: "failed", exit: 9 });
  expect((await checksOf(await aPipeline({ type: "changefeed", path: "feed.ndjson" }))).get("target")?.message).toMatch(
    /feed\.ndjson is not there yet/,
  );
});

test("a Glue catalog as source is asked for what reading takes, under names of its own", async () => {
  const { sandbox, glue } = await aGlueSandbox();
  await glue.createDatabase({ DatabaseInput: { Name: "sales_eu" } });
  sandbox.fault({ fault: "access_denied", operation: "GetTables" });
  const feed = { type: "changefeed", path: "feed.ndjson" };
  const open = await checksOf(await aPipeline(feed, {}, { type: "glue", endpoint: sandbox.url, databases: ["Sales_*"] }));
  const byName = await checksOf(await aPipeline(feed, {}, { type: "glue", endpoint: sandbox.url, databases: ["sales_eu"] }));

  expect(named(open, "failed")).toEqual(["source glue:GetTables"]);
  expect([...open.keys()].filter((name) => name.includes("glue:"))).toEqual([
    "source glue:GetDatabases",
    "source glue:GetTables",
    "source glue:GetTable",
  ]);
  expect([...byName.keys()].filter((name) => name.includes("glue:"))).toEqual(["source glue:GetTables", "source glue:GetTable"]);
  expect(
    sandbox
      .requests()
      .filter(({ operation }) => operation === "GetTables")
      .map(({ database }) => database),
  ).toEqual(["sales_eu", "sales_eu"]);
});

test("where all tables go to one database, no write is probed: a request that cannot write needs one that does not exist", async () => {
  const { sandbox } = await aGlueSandbox();
  const pipeline = await aPipeline({ type: "glue", endpoint: sandbox.url, database: "catalog", table: "{space}_{name}" });
  const checks = await checksOf(pipeline, { probeWrites: true });

  expect(checks.get("glue:CreateTable")?.message).toContain("all tables go to one database");
  expect(sandbox.counts().writes).toBe(0);
});

test("a folder for CSN files is checked for being written to, without being made", async () => {
  const target = async (path: string): Promise<Check | undefined> => (await checksOf(await aPipeline({ type: "csn", path }))).get("target");

  expect((await target("new/below"))?.message).toMatch(/new\/below is not there yet; the first sync makes it in /);
  expect(await target("tidemark.json/below")).toMatchObject({
    status: "failed",
    exit: 9,
    message: expect.stringContaining("is no folder") as unknown,
  });
});
