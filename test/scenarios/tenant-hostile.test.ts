import { writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { parseJson } from "../../src/model/parse-json.ts";
import type { JsonObject } from "../../src/model/json.ts";
import type { RunReport } from "../../src/model/report.ts";
import { type DatasphereSandbox, startDatasphereSandbox } from "../../src/sandbox/datasphere/start-datasphere-sandbox.ts";
import type { GlueSandbox } from "../../src/sandbox/glue/start-glue-sandbox.ts";
import { runCli } from "../helpers/cli.ts";
import { aGlueSandbox } from "../helpers/sandbox-glue.ts";
import { aTable } from "../helpers/tenant-pipeline.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";

// Every byte of a tenant is untrusted. The command line itself runs here, since what counts is its exit code and what it prints.

const SECRET = "canary-secret-5f1d7";

interface Scene {
  readonly tenant: DatasphereSandbox;
  readonly glue: GlueSandbox;
  /** What another host was asked for. Nobody may ask it for anything. */
  readonly elsewhere: { readonly url: string; readonly asked: readonly string[] };
  sync(): Promise<{ readonly code: number; readonly report: Report }>;
}

type Report = RunReport & { readonly error?: { readonly code: string; readonly message: string } };

/** A tenant with one asset in HR and three in SALES, synced once: whatever it answers afterwards may delete nothing. */
async function aSyncedScene(settings: object = {}, begin: (tenant: DatasphereSandbox) => void = () => undefined): Promise<Scene> {
  const { sandbox: glue } = await aGlueSandbox();
  const tenant = await startDatasphereSandbox({ assets: 1, spaces: ["SALES", "HR"], requestsPerMinute: null, clientSecret: SECRET });
  onTestFinished(() => tenant.close());
  tenant.edit({ edit: "random", does: "delete", count: 1 });
  for (const name of ["A", "B", "C"]) tenant.edit({ edit: "add", space: "SALES", name, type: "views", definition: aView() });
  tenant.edit({ edit: "add", space: "HR", name: "P", type: "views", definition: aView() });
  begin(tenant);
  const cwd = await temporaryFolder();
  const auth = { client_id: tenant.clientId, client_secret: "${SECRET}", token_url: tenant.tokenUrl };
  const source = { type: "datasphere", url: tenant.url, auth, ...settings };
  const target = { type: "glue", region: "eu-central-1", endpoint: glue.url, database_prefix: "dsp_" };
  const retry = { attempts: 2, base_ms: 1, max_ms: 5 };
  await writeFile(join(cwd, "tidemark.json"), JSON.stringify({ pipelines: [{ name: "hostile", source, target }], retry }));
  const scene: Scene = {
    tenant,
    glue,
    elsewhere: await anotherHost(),
    async sync() {
      const { code, stdout, stderr } = await runCli(["sync", "--json"], { cwd, env: { SECRET } });
      expect(stdout + stderr).not.toMatch(new RegExp(`${SECRET}|${encodeURIComponent(SECRET)}|eyJ`));
      return { code, report: JSON.parse(stdout) as Report };
    },
  };
  expect(await scene.sync()).toMatchObject({ code: 0, report: { summary: { created: 4 } } });
  return scene;
}

function aView(columns?: readonly string[]): JsonObject {
  return aTable(columns, { "@DataWarehouse.consumption.external": true, query: { SELECT: { from: { ref: ["ELSEWHERE"] } } } });
}

async function anotherHost(): Promise<Scene["elsewhere"]> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.url} ${request.headers.authorization ?? ""}`);
    response.end("[]");
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/collect`, asked };
}

const tables = ({ glue }: Scene): readonly string[] =>
  ["dsp_sales", "dsp_hr"].flatMap((database) => glue.tables(database).map(({ Name }) => Name)).toSorted();

test("a list that is redirected to another host is not followed: no token goes there, its space is incomplete (8), the rest is synced", async () => {
  const scene = await aSyncedScene();
  scene.tenant.edit({ edit: "add", space: "HR", name: "Q", type: "localtables", definition: aTable() });
  scene.tenant.fault({ fault: "redirect", operation: "list_objects", space: "SALES", times: "always", location: scene.elsewhere.url });
  const { code, report } = await scene.sync();
  expect(code).toBe(8);
  expect(report).toMatchObject({ status: "partial", summary: { created: 1, deleted: 0 } });
  expect(report.problems).toMatchObject([{ code: "listing_incomplete", message: expect.stringMatching(/SALES.*points elsewhere/) }]);
  expect(scene.elsewhere.asked).toEqual([]);
  expect(tables(scene)).toEqual(["a", "b", "c", "p", "q"]);
});

test("a login that is redirected gets no secret, and the run ends (1)", async () => {
  const scene = await aSyncedScene();
  scene.tenant.fault({ fault: "redirect", operation: "token", times: "always", location: scene.elsewhere.url });
  expect(await scene.sync()).toMatchObject({ code: 1, report: { error: { code: "source_unavailable" } } });
  expect(scene.elsewhere.asked).toEqual([]);
});

test("a read that is redirected fails its asset (3), and nothing is asked elsewhere", async () => {
  const scene = await aSyncedScene();
  scene.tenant.fault({ fault: "redirect", operation: "read_object", name: "A", times: "always", location: scene.elsewhere.url });
  expect(await scene.sync()).toMatchObject({
    code: 3,
    report: { summary: { failed: 1, deleted: 0 }, problems: [{ asset_id: "SALES.A" }] },
  });
  expect(scene.elsewhere.asked).toEqual([]);
  expect(tables(scene)).toEqual(["a", "b", "c", "p"]);
});

test("a list that unpacks to a gigabyte is not read to its end: its space is incomplete (8)", async () => {
  const scene = await aSyncedScene();
  scene.tenant.fault({ fault: "gzip_bomb", operation: "list_objects", space: "SALES", times: "always", bytes: 1024 ** 3 });
  const { code, report } = await scene.sync();
  expect(code).toBe(8);
  expect(report.problems).toMatchObject([
    { code: "listing_incomplete", message: expect.stringMatching(/SALES.*larger than [\d,]+ bytes/) },
  ]);
  expect(tables(scene)).toEqual(["a", "b", "c", "p"]);
});

test("a definition that unpacks to a gigabyte fails its asset (3), and the others are synced", async () => {
  const scene = await aSyncedScene();
  scene.tenant.edit({ edit: "change", space: "SALES", name: "B", definition: aView(["ID", "MORE"]) });
  scene.tenant.fault({ fault: "gzip_bomb", operation: "read_object", name: "A", times: "always", bytes: 1024 ** 3 });
  expect(await scene.sync()).toMatchObject({
    code: 3,
    report: { summary: { failed: 1, schema_changed: 1, deleted: 0 }, problems: [{ asset_id: "SALES.A" }] },
  });
});

test("70 levels of JSON in a definition fail its asset (3); in a list its space is incomplete (8)", async () => {
  const scene = await aSyncedScene();
  scene.tenant.fault({ fault: "deep_json", operation: "read_object", name: "A", times: "always", levels: 70 });
  const inRead = await scene.sync();
  expect(inRead).toMatchObject({
    code: 3,
    report: { summary: { failed: 1, deleted: 0 }, problems: [{ asset_id: "SALES.A", code: "asset_too_deep" }] },
  });
  scene.tenant.clearFaults();
  scene.tenant.fault({ fault: "deep_json", operation: "list_objects", space: "SALES", times: "always", levels: 100_000 });
  expect(await scene.sync()).toMatchObject({
    code: 8,
    report: { summary: { deleted: 0 }, problems: [{ code: "listing_incomplete", message: expect.stringContaining("SALES") }] },
  });
  expect(tables(scene)).toEqual(["a", "b", "c", "p"]);
});

test("names such as __proto__, ../../etc/passwd and ones with line ends and escapes are assets and columns like any other", async () => {
  const scene = await aSyncedScene();
  const names = [
    "__proto__",
    "constructor",
    "../../etc/passwd",
    "a/b?c#d%2e",
    "two\r\nlines: x",
    "esc\u001b[31m",
    "'; DROP",
    "\u202eright",
  ];
  for (const name of names) scene.tenant.edit({ edit: "add", space: "SALES", name, type: "localtables", definition: strangeColumns() });
  const first = await scene.sync();
  expect(first).toMatchObject({ code: 0, report: { summary: { created: names.length, failed: 0 } } });
  const columns = scene.glue.tables("dsp_sales").find((table) => table.Parameters?.["tidemark.asset"] === "SALES.__proto__")
    ?.StorageDescriptor?.Columns;
  expect(columns?.map(({ Name, Type }) => [Name, Type])).toEqual([
    ["__proto__", "date"],
    ["constructor", "int"],
  ]);
  expect(await scene.sync()).toMatchObject({ code: 0, report: { summary: { unchanged: names.length + 4 } } });
  expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
});

function strangeColumns(): JsonObject {
  return parseJson(
    '{"kind":"entity","__proto__":{"polluted":1},"elements":{"__proto__":{"type":"cds.Date"},"constructor":{"type":"cds.Integer"}}}',
  ) as JsonObject;
}

test("a name that no store could hold makes its space incomplete (8) instead of an asset", async () => {
  const scene = await aSyncedScene();
  scene.tenant.edit({ edit: "add", space: "SALES", name: "N".repeat(2_000), type: "localtables", definition: aTable() });
  const { code, report } = await scene.sync();
  expect(code).toBe(8);
  expect(report.summary.deleted).toBe(0);
  expect(report.problems).toMatchObject([{ code: "listing_incomplete", message: expect.stringContaining("SALES") }]);
});

test("a link to another host is not followed: no token goes there, and its space is incomplete (8)", async () => {
  const scene = await aSyncedScene({ exposed_only: true });
  scene.tenant.edit({ edit: "delete", space: "SALES", name: "A" });
  const foreign = { fault: "foreign_next_link", operation: "catalog_assets", space: "SALES", times: "always" } as const;
  scene.tenant.fault({ ...foreign, location: `${scene.elsewhere.url}?$skiptoken=1` });
  const { code, report } = await scene.sync();
  expect(code).toBe(8);
  expect(report.problems).toMatchObject([
    { code: "listing_incomplete", message: expect.stringMatching(/SALES.*no address of the tenant/) },
  ]);
  expect(scene.elsewhere.asked).toEqual([]);
  expect(tables(scene)).toEqual(["a", "b", "c", "p"]);
});

test.each([
  ["200,000 elements inside one another", { fault: "deep_xml", levels: 200_000 }, "asset_too_deep"],
  ["entities that expand a billionfold", { fault: "entity_expansion" }, "asset_unreadable"],
  ["an entity that is a file", { fault: "external_entity" }, "asset_unreadable"],
] as const)("%s in a document fail its asset (3), and the others are synced", async (_what, fault, problem) => {
  const scene = await aSyncedScene({ exposed_only: true }, (tenant) => {
    for (const operation of ["list_objects", "read_object"] as const) tenant.fault({ fault: "forbidden", operation, times: "always" });
  });
  scene.tenant.fault({ ...fault, operation: "metadata", name: "A", times: "always" });
  const { code, report } = await scene.sync();
  expect(code).toBe(3);
  expect(report.summary).toMatchObject({ failed: 1, deleted: 0 });
  expect(report.problems).toContainEqual(expect.objectContaining({ asset_id: "SALES.A", code: problem }));
  expect(tables(scene)).toEqual(["a", "b", "c", "p"]);
});
