import type { Glue } from "@aws-sdk/client-glue";
import { expect, test } from "vitest";
import { aGlueSandbox } from "../../../test/helpers/sandbox-glue.ts";
import { FAULTS, type Fault, type FaultName } from "./faults.ts";

const STRIKES: readonly [fault: Fault, isApplied: boolean, error: object][] = [
  [{ fault: "reset_before" }, false, { code: "ECONNRESET" }],
  [{ fault: "reset_after" }, true, { code: "ECONNRESET" }],
  [{ fault: "hang", ms: 20 }, false, { code: "ECONNRESET" }],
  [{ fault: "hang_after", ms: 20 }, true, { code: "ECONNRESET" }],
  [{ fault: "throttle" }, false, { name: "ThrottlingException", message: "Rate exceeded", $metadata: { httpStatusCode: 400 } }],
  [{ fault: "internal_error_before" }, false, { name: "InternalServiceException", $metadata: { httpStatusCode: 500 } }],
  [{ fault: "internal_error_after" }, true, { name: "InternalServiceException", $metadata: { httpStatusCode: 500 } }],
  [{ fault: "operation_timeout_before" }, false, { name: "OperationTimeoutException", $metadata: { httpStatusCode: 400 } }],
  [{ fault: "operation_timeout_after" }, true, { name: "OperationTimeoutException", $metadata: { httpStatusCode: 400 } }],
  [{ fault: "access_denied" }, false, { name: "AccessDeniedException", $metadata: { httpStatusCode: 400 } }],
  [
    { fault: "concurrent_modification" },
    false,
    { name: "ConcurrentModificationException", message: "Update table failed due to concurrent modifications." },
  ],
  [
    { fault: "error_before", code: "GlueEncryptionException", message: "no key" },
    false,
    { name: "GlueEncryptionException", message: "no key" },
  ],
  [{ fault: "error_after", code: "ResourceNotReadyException" }, true, { name: "ResourceNotReadyException" }],
  [{ fault: "html" }, false, { name: "SyntaxError", $metadata: { httpStatusCode: 200 } }],
  [{ fault: "html_after" }, true, { name: "SyntaxError", $metadata: { httpStatusCode: 200 } }],
  [{ fault: "truncated_body" }, true, { code: "ECONNRESET", $metadata: { httpStatusCode: 200 } }],
];

test.each(STRIKES)("$fault strikes once, and whether the operation took place is as its name says", async (fault, isApplied, error) => {
  const { glue, sandbox } = await withTable();
  sandbox.fault(fault);

  await expect(update(glue, "struck")).rejects.toMatchObject(error);

  expect((await glue.getTable({ DatabaseName: "d", Name: "t" })).Table?.Description).toBe(isApplied ? "struck" : undefined);
  expect(sandbox.requests().at(-2)).toMatchObject({
    operation: "UpdateTable",
    database: "d",
    table: "t",
    fault: fault.fault,
    applied: isApplied,
  });
  await expect(update(glue, "later")).resolves.toBeDefined();
});

test("a slow answer is late and whole", async () => {
  const { glue, sandbox } = await withTable();
  sandbox.fault({ fault: "slow", ms: 60 });
  const start = performance.now();
  await update(glue, "slow");

  expect(performance.now() - start).toBeGreaterThan(55);
  expect(sandbox.tables()[0]?.Description).toBe("slow");
});

test("a call that hangs ends with the caller's patience, and does not keep the sandbox open", async () => {
  const { glue, sandbox } = await withTable();
  sandbox.fault({ fault: "hang" });
  const patience = AbortSignal.timeout(30);

  await expect(glue.getTables({ DatabaseName: "d" }, { abortSignal: patience })).rejects.toMatchObject({ name: "AbortError" });
  sandbox.fault({ fault: "hang" });
  const hanging = glue.getTables({ DatabaseName: "d" });
  hanging.catch(() => undefined);
  while (sandbox.requests().at(-1)?.fault !== "hang") await new Promise((resolve) => setTimeout(resolve, 5));
  await sandbox.close();
  await expect(hanging).rejects.toBeInstanceOf(Error);
});

test("a page may be short or empty and still have more behind it", async () => {
  const { glue, sandbox } = await withTable();
  await glue.createTable({ DatabaseName: "d", TableInput: { Name: "u" } });
  sandbox.fault({ fault: "short_page", operation: "GetTables" }, { fault: "short_page", operation: "GetTables", at: 2, rows: 1 });

  const empty = await glue.getTables({ DatabaseName: "d" });
  const short = await glue.getTables({ DatabaseName: "d", NextToken: empty.NextToken });
  const last = await glue.getTables({ DatabaseName: "d", NextToken: short.NextToken });

  expect(empty.TableList).toEqual([]);
  expect(short.TableList).toMatchObject([{ Name: "t" }]);
  expect(last.TableList).toMatchObject([{ Name: "u" }]);
  expect(last.NextToken).toBeUndefined();
});

test("a fault waits for its operation and its turn, and strikes as often as it is told", async () => {
  const { glue, sandbox } = await withTable();
  sandbox.fault({ fault: "throttle", operation: "UpdateTable", at: 2, times: 2 });
  const outcomes: string[] = [];
  for (const Description of ["a", "b", "c", "d"]) {
    await glue.getTable({ DatabaseName: "d", Name: "t" });
    outcomes.push(
      await update(glue, Description).then(
        () => "done",
        (error: Error) => error.name,
      ),
    );
  }

  expect(outcomes).toEqual(["done", "ThrottlingException", "ThrottlingException", "done"]);
});

test("without an operation the turn counts over all calls; always is for good; cleared faults are gone", async () => {
  const { glue, sandbox } = await withTable();
  sandbox.fault({ fault: "access_denied", at: 2, times: "always" });

  await expect(update(glue, "first")).resolves.toBeDefined();
  await expect(glue.getDatabases({})).rejects.toMatchObject({ name: "AccessDeniedException" });
  await expect(glue.getDatabase({ Name: "d" })).rejects.toMatchObject({ name: "AccessDeniedException" });
  sandbox.clearFaults();
  await expect(glue.getDatabases({})).resolves.toBeDefined();
});

test("of two faults that are due the first set strikes, and the other's turn passes", async () => {
  const { glue, sandbox } = await withTable();
  sandbox.fault({ fault: "throttle" }, { fault: "access_denied" });

  await expect(glue.getDatabases({})).rejects.toMatchObject({ name: "ThrottlingException" });
  await expect(glue.getDatabases({})).resolves.toBeDefined();
});

test("every fault has a test of its strike", () => {
  const named: readonly FaultName[] = STRIKES.map(([fault]) => fault.fault);
  const elsewhere: readonly FaultName[] = ["slow", "short_page"];

  expect(new Set([...named, ...elsewhere])).toEqual(new Set(Object.keys(FAULTS)));
});

async function withTable(): ReturnType<typeof aGlueSandbox> {
  const fixture = await aGlueSandbox();
  await fixture.glue.createDatabase({ DatabaseInput: { Name: "d" } });
  await fixture.glue.createTable({ DatabaseName: "d", TableInput: { Name: "t" } });
  return fixture;
}

function update(glue: Glue, Description: string): Promise<object> {
  return glue.updateTable({ DatabaseName: "d", TableInput: { Name: "t", Description } });
}
