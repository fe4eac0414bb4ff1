import { expect, test } from "vitest";
import type { Asset } from "../../src/model/asset.ts";
import type { DeleteRequest, Target, WriteResult } from "../../src/ports/target.ts";
import type { Fault } from "../../src/sandbox/glue/start-glue-sandbox.ts";
import { anAsset } from "../../src/testing/builders.ts";
import { aTarget, call, MARK, operations, put } from "../helpers/a-glue-target.ts";
import { peopleOf } from "../helpers/glue-harness.ts";
import { aGlueSandbox } from "../helpers/sandbox-glue.ts";

/** Tables that are marked for deletion, and what to ask for each. */
async function marked(target: Target, assets: readonly Asset[]): Promise<readonly DeleteRequest[]> {
  const requests: DeleteRequest[] = [];
  for (const asset of assets) {
    const base = await put(target, asset);
    const request = { mark: MARK, asset_id: asset.id, ref: base.ref, base, generation: 1 };
    await target.mark(request, call);
    requests.push(request);
  }
  return requests;
}

const statuses = (answers: readonly WriteResult[] | undefined): readonly string[] => (answers ?? []).map(({ status }) => status);
const some = (number: number, space = "SALES"): readonly Asset[] =>
  Array.from({ length: number }, (_, n) => anAsset({ space, name: `T${n}` }));

test("tables are removed a hundred of a database at a time, after one look at each database", async () => {
  const { sandbox } = await aGlueSandbox();
  const target = aTarget(sandbox);
  const requests = [...(await marked(target, some(100))), ...(await marked(target, some(2, "HR")))];
  sandbox.reset({ counts: true });
  expect(new Set(statuses(await target.removeAll?.(requests, call)))).toEqual(new Set(["applied"]));
  expect(operations(sandbox)).toEqual(["GetTables", "GetTables", "BatchDeleteTable", "BatchDeleteTable"]);
  expect(sandbox.tables()).toEqual([]);
});

test("of those removed together, one that is no longer marked, one that is another's and one that is gone do not hold up the others", async () => {
  const { sandbox, glue } = await aGlueSandbox();
  const target = aTarget(sandbox);
  const requests = await marked(target, some(5));
  const { Table } = await glue.getTable({ DatabaseName: "dsp_sales", Name: "t1" });
  const { "tidemark.tombstone": _tombstone, ...live } = Table?.Parameters ?? {};
  await glue.updateTable({ DatabaseName: "dsp_sales", TableInput: { Name: "t1", Parameters: live } });
  await glue.updateTable({ DatabaseName: "dsp_sales", TableInput: { Name: "t2", Parameters: {} } });
  await glue.deleteTable({ DatabaseName: "dsp_sales", Name: "t3" });
  expect(statuses(await target.removeAll?.(requests, call))).toEqual(["applied", "refused", "withheld", "applied", "applied"]);
  expect(sandbox.tables().map(({ Name }) => Name)).toEqual(["t1", "t2"]);
});

test.each<[Fault["fault"], WriteResult["status"]]>([
  ["throttle", "refused"],
  ["access_denied", "refused"],
  ["reset_before", "unknown"],
  ["reset_after", "unknown"],
  ["internal_error_after", "unknown"],
  ["truncated_body", "unknown"],
  ["html", "unknown"],
])(
  "where their request meets %s, each of the tables removed together is %s, and gone when it is asked for again",
  async (fault, status) => {
    const { sandbox } = await aGlueSandbox();
    const target = aTarget(sandbox);
    const requests = await marked(target, some(3));
    sandbox.fault({ fault, operation: "BatchDeleteTable" });
    expect(statuses(await target.removeAll?.(requests, call))).toEqual([status, status, status]);
    expect(statuses(await target.removeAll?.(requests, call))).toEqual(["applied", "applied", "applied"]);
    expect(sandbox.tables()).toEqual([]);
  },
);

test("a database that we made goes with its last table only when that is asked for", async () => {
  const { sandbox, glue } = await aGlueSandbox();
  const databases = async () => ((await glue.getDatabases({})).DatabaseList ?? []).map(({ Name }) => Name);
  const kept = aTarget(sandbox);
  await kept.removeAll?.(await marked(kept, some(2)), call);
  expect(await databases()).toEqual(["dsp_sales"]);
  const told = aTarget(sandbox, { delete_empty_databases: true });
  const [first, ...others] = await marked(told, some(3));
  await told.removeAll?.(others, call);
  expect(await databases()).toEqual(["dsp_sales"]);
  expect(statuses(first === undefined ? [] : [await told.remove(first, call)])).toEqual(["applied"]);
  expect(await databases()).toEqual([]);
  await put(told, anAsset());
  expect(await databases()).toEqual(["dsp_sales"]);
});

test("a database with somebody's table, one that somebody made, and one of another history stay", async () => {
  const { sandbox, glue } = await aGlueSandbox();
  await glue.createDatabase({ DatabaseInput: { Name: "dsp_hr" } });
  const target = aTarget(sandbox, { delete_empty_databases: true });
  const requests = [
    ...(await marked(target, some(2))),
    ...(await marked(target, some(2, "HR"))),
    ...(await marked(target, some(2, "OLD"))),
  ];
  await peopleOf(glue).make("dsp_sales.theirs", { description: null });
  const { Database } = await glue.getDatabase({ Name: "dsp_old" });
  await glue.updateDatabase({
    Name: "dsp_old",
    DatabaseInput: { Name: "dsp_old", Parameters: { ...Database?.Parameters, "tidemark.owner": "older" } },
  });
  expect(new Set(statuses(await target.removeAll?.(requests, call)))).toEqual(new Set(["applied"]));
  expect(((await glue.getDatabases({})).DatabaseList ?? []).map(({ Name }) => Name)).toEqual(["dsp_hr", "dsp_old", "dsp_sales"]);
  expect(sandbox.tables().map(({ Name }) => Name)).toEqual(["theirs"]);
});

test.each<Fault["fault"]>(["access_denied", "internal_error_before", "throttle"])(
  "an empty database that cannot be deleted because of %s is told, and its tables are deleted all the same",
  async (fault) => {
    const { sandbox } = await aGlueSandbox();
    const target = aTarget(sandbox, { delete_empty_databases: true });
    const requests = await marked(target, some(2));
    sandbox.fault({ fault, operation: "DeleteDatabase" });
    const [, last] = (await target.removeAll?.(requests, call)) ?? [];
    expect(last).toMatchObject({
      status: "applied",
      kept: [{ code: "database_left", message: expect.stringContaining("dsp_sales") as string }],
    });
    expect(sandbox.tables()).toEqual([]);
  },
);
