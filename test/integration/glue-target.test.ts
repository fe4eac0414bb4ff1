import type { TableInput } from "@aws-sdk/client-glue";
import { expect, test } from "vitest";
import { toAsset } from "../../src/csn/to-asset.ts";
import { NO_OVERLAY } from "../../src/csn/overlay.ts";
import type { GlueTargetOptions } from "../../src/connectors/glue/index.ts";
import type { Asset } from "../../src/model/asset.ts";
import type { Acknowledged } from "../../src/model/checkpoint.ts";
import type { WriteResult } from "../../src/ports/target.ts";
import type { Fault } from "../../src/sandbox/glue/start-glue-sandbox.ts";
import { aColumn, anAsset } from "../../src/testing/builders.ts";
import { createMeter } from "../../src/wrappers/meter.ts";
import { meteredAgents } from "../../src/wrappers/metered-agent.ts";
import { aTarget, call, count, MARK, operations, put, requestFor } from "../helpers/a-glue-target.ts";
import { glueTargetAt, peopleOf } from "../helpers/glue-harness.ts";
import { aGlueSandbox } from "../helpers/sandbox-glue.ts";
import { sharedDefinitions } from "../helpers/shared-csn.ts";
import { describeShared } from "../helpers/shared.ts";

test("a first sync needs a request for each table, three for the database and one to learn how versions are counted", async () => {
  const { sandbox } = await aGlueSandbox();
  const target = aTarget(sandbox);
  await Promise.all(Array.from({ length: 20 }, (_, n) => put(target, anAsset({ name: `T${n}` }))));
  expect([
    count(sandbox, "CreateTable"),
    count(sandbox, "GetDatabase"),
    count(sandbox, "CreateDatabase"),
    count(sandbox, "GetTable"),
  ]).toEqual([20, 1, 1, 1]);
  expect(sandbox.counts().calls).toBe(23);
});

test("while nobody else writes, an update is one request and no read", async () => {
  const { sandbox } = await aGlueSandbox();
  const first = await put(aTarget(sandbox), anAsset());
  sandbox.reset({ counts: true });
  const target = aTarget(sandbox);
  const second = await put(target, anAsset({ tags: ["a"] }), first);
  const third = await put(target, anAsset({ tags: ["b"] }), second);
  await put(target, anAsset({ tags: ["c"] }), third);
  expect(operations(sandbox)).toEqual(["UpdateTable", "GetTable", "UpdateTable", "UpdateTable"]);
});

test("where somebody wrote, the table is read once and written once more", async () => {
  const { sandbox, glue } = await aGlueSandbox();
  const target = aTarget(sandbox);
  const second = await put(target, anAsset({ tags: ["a"] }), await put(target, anAsset()));
  await peopleOf(glue).setParameter(second.ref, "pii", "no");
  sandbox.reset({ counts: true });
  await put(target, anAsset({ tags: ["b"] }), second);
  expect(operations(sandbox)).toEqual(["UpdateTable", "GetTable", "UpdateTable"]);
  expect((await peopleOf(glue).see(second.ref))?.parameters["pii"]).toBe("no");
});

test("updates leave no archived version, unless that is asked for", async () => {
  const { sandbox, glue } = await aGlueSandbox();
  const versions = async (options: Partial<GlueTargetOptions>, name: string): Promise<number> => {
    const target = aTarget(sandbox, options);
    await put(target, anAsset({ name, tags: ["a"] }), await put(target, anAsset({ name })));
    return (await glue.getTableVersions({ DatabaseName: "dsp_sales", TableName: name.toLowerCase() })).TableVersions?.length ?? 0;
  };
  expect(await versions({}, "A")).toBe(1);
  expect(await versions({ skip_archive: false }, "B")).toBe(2);
});

test("on request only an update that changes columns leaves an archived version", async () => {
  const { sandbox, glue } = await aGlueSandbox();
  const target = aTarget(sandbox, { skip_archive: "unless_schema" });
  const versions = async (): Promise<readonly (string | undefined)[]> =>
    ((await glue.getTableVersions({ DatabaseName: "dsp_sales", TableName: "orders" })).TableVersions ?? []).map(
      ({ VersionId }) => VersionId,
    );
  const first = await put(target, anAsset({ columns: [aColumn("A")] }));
  const second = await put(target, anAsset({ columns: [aColumn("A")], tags: ["a"] }), first);
  expect(await versions()).toEqual(["1"]);
  const third = await put(target, anAsset({ columns: [aColumn("A"), aColumn("B")], tags: ["a"] }), second);
  expect(await versions()).toEqual(["2", "1"]);
  await target.mark({ mark: MARK, asset_id: "SALES.Orders", ref: third.ref, base: third, generation: 1 }, call);
  expect(await versions()).toEqual(["3", "1"]);
});

test("a database of ours is described and marked; one that somebody made is used and left as it is", async () => {
  const { sandbox, glue } = await aGlueSandbox();
  await glue.createDatabase({ DatabaseInput: { Name: "dsp_hr", Description: "theirs", Parameters: { a: "b" } } });
  const target = aTarget(sandbox);
  await put(target, anAsset());
  await put(target, anAsset({ space: "HR" }));
  const database = async (Name: string) => (await glue.getDatabase({ Name })).Database;
  expect(await database("dsp_sales")).toMatchObject({
    Description: "Space SALES, kept in step by Tidemark.",
    Parameters: { "tidemark.space": "SALES", "tidemark.pipeline": "sales", "tidemark.owner": "lineage-1", "tidemark.v": "1" },
  });
  expect(await database("dsp_hr")).toMatchObject({ Description: "theirs", Parameters: { a: "b" } });
});

test("a database gets the tags of the configuration when it is made, and one that was there keeps its own", async () => {
  const { sandbox, glue } = await aGlueSandbox();
  await glue.createDatabase({ DatabaseInput: { Name: "dsp_hr" }, Tags: { team: "people" } });
  const target = aTarget(sandbox, { database_tags: { team: "data", stage: "test" } });
  await put(target, anAsset());
  await put(target, anAsset({ space: "HR" }));
  const tagsOf = async (name: string) =>
    (await glue.getTags({ ResourceArn: `arn:aws:glue:eu-central-1:123456789012:database/${name}` })).Tags;
  expect([await tagsOf("dsp_sales"), await tagsOf("dsp_hr")]).toEqual([{ team: "data", stage: "test" }, { team: "people" }]);
});

test("by templates, several spaces share a database that is none's, and a scan finds their tables there", async () => {
  const { sandbox, glue } = await aGlueSandbox();
  const target = aTarget(sandbox, { database_prefix: "", database: "Lake", table: "{space}_{name}" });
  await put(target, anAsset());
  await put(target, anAsset({ space: "HR" }));
  expect(sandbox.tables("lake").map(({ Name }) => Name)).toEqual(["hr_orders", "sales_orders"]);
  const { Database } = await glue.getDatabase({ Name: "lake" });
  expect([Database?.Description, Database?.Parameters?.["tidemark.space"]]).toEqual(["Spaces, kept in step by Tidemark.", undefined]);
  const found = (await Array.fromAsync(target.scan("sales", call))).flat();
  expect(found.map(({ document }) => target.restore(document)?.id)).toEqual(["HR.Orders", "SALES.Orders"]);
});

test("a prefix without a place in the template makes no target", () => {
  expect(() => glueTargetAt("http://127.0.0.1:1", { database_prefix: "dsp_", database: "{space}" })).toThrow("dsp_");
});

test("a database that is deleted between two writes is made anew", async () => {
  const { sandbox, glue } = await aGlueSandbox();
  const target = aTarget(sandbox);
  const first = await put(target, anAsset());
  await glue.deleteDatabase({ Name: "dsp_sales" });
  await put(target, anAsset({ name: "Other" }));
  await put(target, anAsset({ tags: ["a"] }), first);
  expect(sandbox.tables().map((table) => table.Name)).toEqual(["orders", "other"]);
});

test("a whole database is observed by one page, one that is not there by one call, and a large one by pages or table by table, whichever is less", async () => {
  const { sandbox } = await aGlueSandbox();
  const target = aTarget(sandbox);
  const assets = Array.from({ length: 101 }, (_, n) => anAsset({ name: `T${n}` }));
  const places = assets.map((asset) => target.place(asset.id).key);
  for (const asset of assets.slice(0, 50)) await put(target, asset);
  const observe = async (refs: readonly string[]): Promise<readonly string[]> => {
    sandbox.reset({ counts: true });
    expect((await target.observe(refs, call)).size).toBe(refs.length);
    return operations(sandbox);
  };
  expect(await observe(places)).toEqual(["GetTables"]);
  expect(await observe(places.map((place) => place.replace("dsp_sales", "dsp_none")))).toEqual(["GetTables"]);
  expect(await observe(places.slice(0, 1))).toEqual(["GetTable"]);
  for (const asset of assets.slice(50)) await put(target, asset);
  expect(await observe(places.slice(97, 100))).toEqual(["GetTables", "GetTable"]);
  expect(await observe(places.slice(97, 100))).toEqual(["GetTable", "GetTable", "GetTable"]);
  expect(await observe(places.slice(0, 20))).toEqual(["GetTables", "GetTables"]);
  expect(await observe([...places.slice(0, 20), "dsp_sales.none"])).toEqual(["GetTables", "GetTables", "GetTable"]);
});

test("short and empty pages do not end a scan", async () => {
  const { sandbox } = await aGlueSandbox();
  const target = aTarget(sandbox);
  for (let n = 0; n < 5; n++) await put(target, anAsset({ name: `T${n}` }));
  sandbox.fault(
    { fault: "short_page", operation: "GetTables", times: 3, rows: 0 },
    { fault: "short_page", operation: "GetDatabases", rows: 0 },
  );
  expect((await Array.fromAsync(target.scan("sales", call))).flat()).toHaveLength(5);
});

test.each<[string, Partial<TableInput>]>([
  ["a resource link", { TargetTable: { CatalogId: "123456789012", DatabaseName: "other", Name: "t" } }],
  ["a view", { TableType: "VIRTUAL_VIEW", ViewOriginalText: "/* Presto View */" }],
  ["a view", { ViewDefinition: { Representations: [{ Dialect: "ATHENA", DialectVersion: "3", ViewOriginalText: "SELECT 1" }] } }],
  ["an Iceberg table", { Parameters: { table_type: "ICEBERG", metadata_location: "s3://b/m" } }],
])("%s is never touched, even where it bears our marks", async (what, input) => {
  const { sandbox, glue } = await aGlueSandbox();
  const target = aTarget(sandbox);
  const { ref } = await put(target, anAsset({ name: "Mine" }));
  const [table] = sandbox.tables();
  await glue.createTable({
    DatabaseName: "dsp_sales",
    TableInput: { Name: "orders", ...input, Parameters: { ...table?.Parameters, "tidemark.asset": "SALES.Orders", ...input.Parameters } },
  });
  const before = sandbox.tables("dsp_sales").find(({ Name }) => Name === "orders");
  const foreign = {
    status: "withheld",
    withheld: { because: { code: "target_foreign", message: expect.stringContaining(what) as string } },
  };
  expect(await target.put(requestFor(anAsset()), call)).toMatchObject(foreign);
  const deletion = { mark: MARK, asset_id: "SALES.Orders", ref: ref.replace("mine", "orders"), base: null, generation: 1 };
  expect(await target.mark(deletion, call)).toMatchObject(foreign);
  expect(await target.remove(deletion, call)).toMatchObject(foreign);
  expect(sandbox.tables("dsp_sales").find(({ Name }) => Name === "orders")).toEqual(before);
});

test("a database that is a resource link is not written into", async () => {
  const { sandbox, glue } = await aGlueSandbox();
  await glue.createDatabase({ DatabaseInput: { Name: "dsp_sales", TargetDatabase: { CatalogId: "123456789012", DatabaseName: "other" } } });
  expect(await aTarget(sandbox).put(requestFor(anAsset()), call)).toMatchObject({
    status: "withheld",
    withheld: { because: { code: "target_foreign", message: expect.stringContaining("resource link") as string } },
  });
});

test("columns that Glue would fold into one withhold the asset before any request", async () => {
  const { sandbox } = await aGlueSandbox();
  const asset = anAsset({ columns: [aColumn("Net Value"), aColumn("NET_VALUE")] });
  const target = aTarget(sandbox);
  expect(target.project(asset, MARK)).toMatchObject({
    ok: false,
    problem: { asset_id: asset.id, code: "column_collision", message: expect.stringContaining("Net Value and NET_VALUE") as string },
  });
  expect(await target.put(requestFor(asset), call)).toMatchObject({
    status: "withheld",
    withheld: { because: { code: "column_collision" } },
  });
  expect(sandbox.counts().calls).toBe(0);
});

const BEFORE: readonly [Fault["fault"], WriteResult["status"], boolean?][] = [
  ["throttle", "refused", true],
  ["access_denied", "refused", false],
  ["reset_before", "unknown"],
  ["internal_error_before", "unknown"],
  ["operation_timeout_before", "unknown"],
  ["html", "unknown"],
];
const AFTER: readonly [Fault["fault"], WriteResult["status"], boolean?][] = [
  ["reset_after", "unknown"],
  ["internal_error_after", "unknown"],
  ["operation_timeout_after", "unknown"],
  ["html_after", "unknown"],
  ["truncated_body", "unknown"],
];

test.each([...BEFORE, ...AFTER])("a write that meets %s is %s, and applied when it is made again", async (fault, status, again) => {
  const { sandbox } = await aGlueSandbox();
  const target = aTarget(sandbox);
  const first = await put(target, anAsset());
  const marked = { mark: MARK, asset_id: first.ref, ref: first.ref, base: null, generation: 1 };
  for (const operation of ["CreateTable", "UpdateTable", "DeleteTable"]) {
    sandbox.fault({ fault, operation });
    const write = async (): Promise<WriteResult> => {
      if (operation === "CreateTable") return target.put(requestFor(anAsset({ name: "New" })), call);
      if (operation === "UpdateTable") return target.put(requestFor(anAsset({ tags: ["a"] }), first), call);
      return target.remove({ ...marked, asset_id: "SALES.Orders" }, call);
    };
    if (operation === "DeleteTable") await target.mark({ ...marked, asset_id: "SALES.Orders" }, call);
    const result = await write();
    expect({ operation, ...result }).toMatchObject({ operation, status, ...(again !== undefined && { again }) });
    expect({ operation, ...(await write()) }).toMatchObject({ operation, status: "applied" });
  }
  expect(sandbox.tables().map((table) => table.Name)).toEqual(["new"]);
});

test("somebody who writes all the time does not hold a put up for ever", async () => {
  const { sandbox } = await aGlueSandbox();
  const target = aTarget(sandbox);
  const first = await put(target, anAsset());
  sandbox.fault({ fault: "concurrent_modification", operation: "UpdateTable", times: "always" });
  expect(await target.put(requestFor(anAsset({ tags: ["a"] }), first), call)).toMatchObject({ status: "refused", again: true });
  expect(count(sandbox, "UpdateTable")).toBe(4);
});

test("access denied proves neither absence nor presence", async () => {
  const { sandbox } = await aGlueSandbox();
  const target = aTarget(sandbox);
  const { ref } = await put(target, anAsset());
  const denied: Fault = { fault: "access_denied", times: "always" };
  sandbox.fault(denied);
  const observed = await target.observe([ref, "dsp_sales.a", "dsp_sales.b", "dsp_hr.a"], call);
  expect([...observed.values()].map(({ state }) => state)).toEqual(["unknown", "unknown", "unknown", "unknown"]);
  await expect(Array.fromAsync(target.scan("sales", call))).rejects.toMatchObject({ code: "target_unavailable" });
  const deletion = { mark: MARK, asset_id: "SALES.Orders", ref, base: null, generation: 1 };
  expect(await target.remove(deletion, call)).toMatchObject({ status: "refused", again: false });
  expect(await target.mark(deletion, call)).toMatchObject({ status: "refused", again: false });
});

test("reads are repeated while that may help", async () => {
  const { sandbox } = await aGlueSandbox();
  const target = aTarget(sandbox);
  const { ref } = await put(target, anAsset());
  sandbox.fault(
    { fault: "throttle", operation: "GetTable" },
    { fault: "reset_before", operation: "GetTable" },
    { fault: "html", operation: "GetTable" },
  );
  expect((await target.observe([ref], call)).get(ref)?.state).toBe("present");
  sandbox.fault({ fault: "internal_error_before", operation: "GetTable", times: "always" });
  await expect(target.observe([ref], call)).rejects.toMatchObject({ code: "target_unavailable" });
});

test("where nobody listens, a write says that nothing was sent, and a read that the target is not available", async () => {
  const target = aTarget({ url: "http://127.0.0.1:1" });
  const base: Acknowledged = { ref: "dsp_sales.orders", revision: "0", document: { Name: "orders" }, fingerprint: "", mapping: "" };
  expect(await target.put(requestFor(anAsset(), base), call)).toMatchObject({
    status: "refused",
    again: true,
    problem: { code: "target_unavailable" },
  });
  await expect(target.observe(["dsp_sales.orders"], call)).rejects.toMatchObject({
    code: "target_unavailable",
    message: expect.stringContaining("127.0.0.1:1") as string,
  });
});

test("a call that takes longer than allowed is given up", async () => {
  const { sandbox } = await aGlueSandbox();
  const target = aTarget(sandbox, { requestTimeoutMs: 200 });
  const first = await put(target, anAsset());
  sandbox.fault({ fault: "hang", operation: "UpdateTable" });
  expect(await target.put(requestFor(anAsset({ tags: ["a"] }), first), call)).toMatchObject({ status: "unknown" });
});

test("an input that the service does not take is the asset's problem, told in the service's words", async () => {
  const { sandbox } = await aGlueSandbox();
  sandbox.fault({
    fault: "error_before",
    operation: "CreateTable",
    code: "ValidationException",
    message: "'table.name' failed to satisfy constraint: Member must have length less than or equal to 255",
  });
  const result = await aTarget(sandbox).put(requestFor(anAsset()), call);
  expect(result).toMatchObject({
    status: "refused",
    again: false,
    problem: { asset_id: "SALES.Orders", code: "limit_exceeded", message: expect.stringContaining("Member must have length") as string },
  });
});

test("what each strategy costs is metered at the socket", async () => {
  const { sandbox } = await aGlueSandbox();
  const meter = createMeter();
  const target = aTarget(sandbox, { agents: meteredAgents(meter) });
  const first = await meter.during("full", () => put(target, anAsset()));
  const full = meter.reading("full");
  expect(full.requests).toBe(sandbox.counts().calls);
  expect(full.bytes.sent).toBeGreaterThan(sandbox.counts().bytes_in);
  await meter.during("delta", () => put(target, anAsset({ tags: ["a"] }), first));
  expect(meter.reading("delta").requests).toBe(sandbox.counts().calls - full.requests);
  expect(meter.reading("full")).toEqual(full);
});

describeShared("every real asset", () => {
  test("arrives within the service's limits, and can be read back exactly", async () => {
    const { sandbox } = await aGlueSandbox();
    const target = aTarget(sandbox);
    const assets = new Map<string, Asset>();
    for (const { space, name, definition } of sharedDefinitions()) {
      if (definition["kind"] !== "entity" || definition["@cds.persistence.exists"] === true) continue;
      const asset = toAsset({ space, name, definition, overlay: NO_OVERLAY });
      assets.set(asset.id, asset);
    }
    expect(assets.size).toBe(21);
    for (const asset of assets.values()) await put(target, asset);
    const found = (await Array.fromAsync(target.scan("sales", call))).flat();
    expect(found).toHaveLength(21);
    for (const { document, mark, fingerprint } of found) {
      expect(target.restore(document)).toEqual(assets.get(mark?.asset_id ?? ""));
      expect(fingerprint).toBe(mark?.fingerprint);
    }
    expect(
      sandbox.tables().every((table) => table.TableType === "EXTERNAL_TABLE" && table.Parameters?.["classification"] === "sap-datasphere"),
    ).toBe(true);
  });
});
