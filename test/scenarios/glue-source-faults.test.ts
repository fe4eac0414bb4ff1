import { expect, test } from "vitest";
import type { Fault } from "../../src/sandbox/glue/start-glue-sandbox.ts";
import { type ConfiguredPipeline, aConfiguredPipeline } from "../helpers/configured-pipeline.ts";
import { putTable } from "../helpers/glue-source.ts";
import { aGlueSandbox } from "../helpers/sandbox-glue.ts";

const ONCE = ["reset_before", "throttle", "truncated_body", "short_page"] as const;
const FOR_GOOD = ["reset_before", "html", "access_denied"] as const;
/** What a run asks of the source: databases, two times tables, then of the table that vanished whether its database is readable and it is gone. */
const REQUESTS = [1, 2, 3, 4, 5];

test.each([
  ...ONCE.flatMap((fault) => REQUESTS.map((at): Fault => ({ fault, at, times: 1 }))),
  ...FOR_GOOD.flatMap((fault) => REQUESTS.map((at): Fault => ({ fault, at, times: "always" }))),
])("a source in trouble ($fault at request $at, $times) deletes at most what is gone, and the next run settles the rest", async (fault) => {
  const { sandbox: lake, glue } = await aGlueSandbox();
  const { sandbox: copy } = await aGlueSandbox();
  for (const Name of ["hr", "sales"]) await glue.createDatabase({ DatabaseInput: { Name } });
  const table = (Name: string): object => ({ Name, StorageDescriptor: { Columns: [{ Name: "id", Type: "int" }] } });
  for (const Name of ["a", "b", "c"]) await putTable(glue, "sales", table(Name) as never);
  await putTable(glue, "hr", table("a") as never);
  const pipeline: ConfiguredPipeline = await aConfiguredPipeline(
    { type: "glue", endpoint: lake.url, region: "eu-central-1", databases: ["*"] },
    { type: "glue", endpoint: copy.url, region: "eu-central-1" },
  );
  await pipeline.sync();
  await glue.deleteTable({ DatabaseName: "sales", Name: "b" });
  lake.fault(fault);
  const failure = await pipeline.sync().then(
    () => null,
    (error: { readonly code?: string }) => error.code,
  );
  expect([null, "source_unavailable"]).toContain(failure);
  const names = copy.tables().map(({ DatabaseName, Name }) => `${DatabaseName}.${Name}`);
  expect(names).toEqual(expect.arrayContaining(["hr.a", "sales.a", "sales.c"]));
  lake.clearFaults();
  expect((await pipeline.sync()).status).toBe("succeeded");
  expect(copy.tables()).toHaveLength(3);
});
