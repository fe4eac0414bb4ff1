import { expect, test } from "vitest";
import { aGlueSandbox } from "../../../test/helpers/sandbox-glue.ts";

test("calls and bytes are counted by operation, and the control API's own are not", async () => {
  const { glue, sandbox } = await aGlueSandbox();
  await glue.createDatabase({ DatabaseInput: { Name: "d" } });
  await glue.getDatabases({});
  await expect(glue.getDatabase({ Name: "none" })).rejects.toThrow("not found");
  const { body: counts } = await control(sandbox.url, "GET", "counts");

  expect(counts).toEqual(sandbox.counts());
  expect(counts).toMatchObject({
    calls: 3,
    errors: 1,
    throttled: 0,
    faults: 0,
    reads: 2,
    writes: 1,
    writes_applied: 1,
    operations: {
      CreateDatabase: { calls: 1, bytes_in: '{"DatabaseInput":{"Name":"d"}}'.length, bytes_out: 2 },
      GetDatabase: { calls: 1, errors: 1 },
      GetDatabases: { calls: 1, bytes_in: 2 },
    },
  });
});

test("the log tells each call with its names and what came of it", async () => {
  const { glue, sandbox } = await aGlueSandbox();
  await glue.createDatabase({ DatabaseInput: { Name: "d" } });
  await glue.createTable({ DatabaseName: "d", TableInput: { Name: "T" } });
  await expect(glue.deleteTable({ DatabaseName: "d", Name: "u" })).rejects.toThrow("not found");
  await glue.batchDeleteTable({ CatalogId: "123456789012", DatabaseName: "d", TablesToDelete: ["t"] });

  expect((await control(sandbox.url, "GET", "requests")).body).toEqual({
    requests: [
      { seq: 1, operation: "CreateDatabase", writes: true, database: "d", status: 200, applied: true },
      { seq: 2, operation: "CreateTable", writes: true, database: "d", table: "T", status: 200, applied: true },
      {
        seq: 3,
        operation: "DeleteTable",
        writes: true,
        database: "d",
        table: "u",
        status: 400,
        applied: false,
        error: "EntityNotFoundException",
      },
      {
        seq: 4,
        operation: "BatchDeleteTable",
        writes: true,
        catalog: "123456789012",
        database: "d",
        tables: ["t"],
        status: 200,
        applied: true,
      },
    ],
  });
  expect((await control(sandbox.url, "GET", "requests?limit=1")).body).toMatchObject({ requests: [{ seq: 4 }] });
});

test("faults are set, listed with what they saw, and cleared", async () => {
  const { glue, sandbox } = await aGlueSandbox();
  await control(sandbox.url, "POST", "faults", [
    { fault: "throttle", operation: "GetDatabases", times: 2 },
    { fault: "html", at: 9 },
  ]);
  await expect(glue.getDatabases({})).rejects.toMatchObject({ name: "ThrottlingException" });

  expect((await control(sandbox.url, "GET", "faults")).body).toEqual({
    faults: [
      { fault: "throttle", operation: "GetDatabases", times: 2, seen: 1, struck: 1 },
      { fault: "html", at: 9, seen: 1, struck: 0 },
    ],
  });
  await control(sandbox.url, "DELETE", "faults");
  await expect(glue.getDatabases({})).resolves.toBeDefined();
});

test("settings change one by one", async () => {
  const { sandbox } = await aGlueSandbox({ latencyMs: 1 });
  const changed = await control(sandbox.url, "POST", "settings", { writes_per_second: 5, version_limit: 3 });

  expect(changed.body).toMatchObject({ writes_per_second: 5, latency_ms: 1, version_limit: 3 });
  expect((await control(sandbox.url, "POST", "settings", { writes_per_second: null })).body).toMatchObject({
    writes_per_second: null,
    version_limit: 3,
  });
  expect((await control(sandbox.url, "GET", "settings")).body).toEqual(sandbox.settings());
});

test("a reset takes everything back to the start, or only the counts", async () => {
  const { glue, sandbox } = await aGlueSandbox({ latencyMs: 1 });
  await glue.createDatabase({ DatabaseInput: { Name: "d" } });
  await glue.createTable({ DatabaseName: "d", TableInput: { Name: "t" } });
  await control(sandbox.url, "POST", "reset", { counts: true });

  expect(sandbox.counts().calls).toBe(0);
  expect(sandbox.tables("d").length).toBe(1);

  await control(sandbox.url, "POST", "settings", { latency_ms: 7 });
  await control(sandbox.url, "POST", "faults", { fault: "html", times: "always" });
  await control(sandbox.url, "POST", "reset");

  expect(sandbox.settings().latency_ms).toBe(1);
  expect((await glue.getDatabases({})).DatabaseList).toEqual([]);
});

test.each([
  ["POST", "faults", [{ fault: "earthquake" }]],
  ["POST", "faults", [{ fault: "html", at: 0 }]],
  ["POST", "faults", [{ fault: "html", whenever: true }]],
  ["POST", "settings", { latency_ms: "slow" }],
  ["POST", "settings", { speed: 1 }],
  ["POST", "settings", { calls_per_second: { NoSuchOperation: 1 } }],
  ["POST", "reset", { count: true }],
  ["GET", "requests?limit=many", undefined],
])("%s %s with %j is refused with its reason", async (method, path, body) => {
  const { sandbox } = await aGlueSandbox();
  const answer = await control(sandbox.url, method, path, body);

  expect(answer.status).toBe(400);
  expect((answer.body as { error: string }).error.length).toBeGreaterThan(10);
});

test("what is no JSON is refused too, and an unknown path is not found", async () => {
  const { sandbox } = await aGlueSandbox();

  expect((await fetch(`${sandbox.url}/__sandbox/faults`, { method: "POST", body: "{" })).status).toBe(400);
  expect((await fetch(`${sandbox.url}/__sandbox/nothing`)).status).toBe(404);
});

async function control(
  url: string,
  method: string,
  path: string,
  body?: unknown,
): Promise<{ readonly status: number; readonly body: unknown }> {
  const answer = await fetch(`${url}/__sandbox/${path}`, { method, ...(body !== undefined && { body: JSON.stringify(body) }) });
  return { status: answer.status, body: await answer.json() };
}
