import { expect, onTestFinished, test } from "vitest";
import { MemoryCatalog } from "../../src/connectors/memory/index.ts";
import type { Json, JsonObject } from "../../src/model/json.ts";
import type { RunReport } from "../../src/model/report.ts";
import type { Settings as TenantSettings } from "../../src/sandbox/datasphere/start-datasphere-sandbox.ts";
import { glueTargetAt } from "../helpers/glue-harness.ts";
import { aGlueSandbox } from "../helpers/sandbox-glue.ts";
import { aTable, assetsIn, type Changed, memoryTarget, openTenantPipeline, type TenantPipeline } from "../helpers/tenant-pipeline.ts";

// Flows fill tables: the tables tell that, and the flows themselves are written nowhere.

interface Scene extends TenantPipeline {
  readonly catalog: MemoryCatalog;
  /** What fills a table, as it stands in the target. */
  filled(id: string): Json | undefined;
  /** The names of the objects of these types that the last run read. */
  read(...types: readonly string[]): readonly string[];
}

const FLOWS = ["dataflows", "replicationflows", "transformationflows", "taskchains"];

/** RAW and CLEAN in SALES, and a data flow that fills the second from the first. */
async function aScene(settings: Partial<TenantSettings> = {}, changed: Changed = {}): Promise<Scene> {
  const catalog = new MemoryCatalog();
  const pipeline = await openTenantPipeline({
    target: memoryTarget(catalog),
    tenant: { spaces: ["SALES"], settings, flows: 0 },
    ...changed,
  });
  onTestFinished(() => pipeline[Symbol.asyncDispose]());
  const { tenant } = pipeline;
  tenant.edit({ edit: "random", does: "delete", count: 1 });
  for (const name of ["RAW", "CLEAN"]) tenant.edit({ edit: "add", space: "SALES", name, type: "localtables", definition: aTable() });
  tenant.edit({ edit: "add", space: "SALES", name: "LOAD", type: "dataflows", definition: dataFlow("RAW", "CLEAN") });
  return {
    ...pipeline,
    catalog,
    filled: (id) => catalog.read(id)?.table.asset?.metadata.custom_properties["filled_by"],
    read: (...types) =>
      tenant
        .requests(1000)
        .filter(({ operation, url }) => operation === "read_object" && types.some((type) => url.includes(`/${type}/`)))
        .map(({ name }) => name ?? ""),
  };
}

function dataFlow(source: string, target: string): JsonObject {
  const table = (role: string, dwcEntity: string): JsonObject => ({
    component: `com.sap.database.table.${role}`,
    metadata: { config: { dwcEntity, hanaConnection: { connectionID: "$DWC" } } },
  });
  return { kind: "sap.dis.dataflow", contents: { processes: { in: table("consumer", source), out: table("producer", target) } } };
}

async function syncAnew(scene: Scene): Promise<RunReport> {
  scene.tenant.reset({ counts: true });
  return await scene.sync();
}

const FROM_RAW = { data_flows: { LOAD: { sources: [{ asset: "SALES.RAW" }] } } };

test("a table tells which flow fills it and from what, and no flow is a table of the target", async () => {
  const scene = await aScene();
  expect(await scene.sync()).toMatchObject({ status: "succeeded", summary: { created: 2 }, problems: [] });
  expect(scene.filled("SALES.CLEAN")).toEqual(FROM_RAW);
  expect(scene.filled("SALES.RAW")).toBeUndefined();
  expect(assetsIn(scene.catalog)).toEqual(["SALES.CLEAN", "SALES.RAW"]);
});

test("in Glue what fills a table stands among its parameters, and a changed flow writes that table alone", async () => {
  const scene = await aScene();
  const { sandbox: glue } = await aGlueSandbox();
  scene.forget(() => glueTargetAt(glue.url, { database_prefix: "dsp_" }));
  await scene.sync();
  const filledInGlue = (): unknown => {
    const table = glue.tables("dsp_sales").find(({ Name }) => Name === "clean");
    return (JSON.parse(table?.Parameters?.["tidemark.custom_properties"] ?? "{}") as JsonObject)["filled_by"];
  };
  expect(filledInGlue()).toEqual(FROM_RAW);
  expect(glue.tables("dsp_sales").map(({ Name }) => Name)).toEqual(["clean", "raw"]);
  scene.tenant.edit({ edit: "change", space: "SALES", name: "LOAD", definition: dataFlow("OTHER.RAW", "CLEAN") });
  glue.reset({ counts: true });
  expect(await scene.sync()).toMatchObject({ status: "succeeded", summary: { metadata_changed: 1, unchanged: 1 } });
  expect(filledInGlue()).toEqual({ data_flows: { LOAD: { sources: [{ asset: "OTHER.RAW" }] } } });
  expect(glue.counts().writes).toBe(1);
});

test("every flow of a made-up tenant is understood", async () => {
  const catalog = new MemoryCatalog();
  const pipeline = await openTenantPipeline({ target: memoryTarget(catalog), tenant: { assets: 60, flows: 24 } });
  onTestFinished(() => pipeline[Symbol.asyncDispose]());
  expect(await pipeline.sync()).toMatchObject({ status: "succeeded", problems: [] });
  const types = assetsIn(catalog).flatMap((id) =>
    Object.keys((catalog.read(id)?.table.asset?.metadata.custom_properties["filled_by"] ?? {}) as JsonObject),
  );
  expect([...new Set(types)].toSorted()).toEqual(["data_flows", "replication_flows", "transformation_flows"]);
});

test.each<readonly [string, Partial<TenantSettings>, readonly string[]]>([
  ["times", { timestamps: true }, []],
  ["entity tags", { etags: true }, ["LOAD"]],
  ["a bulk read", { bulk: true }, ["LOAD"]],
  ["nothing", {}, ["LOAD"]],
])(
  "where the tenant offers %s, a changed flow is a metadata change of the tables that it fills and filled, and of no other",
  async (what, settings, readAgain) => {
    const scene = await aScene(settings);
    await scene.sync();
    expect(await syncAnew(scene)).toMatchObject({ summary: { unchanged: 2 } });
    scene.tenant.edit({ edit: "add", space: "SALES", name: "OTHER", type: "localtables", definition: aTable() });
    scene.tenant.edit({ edit: "change", space: "SALES", name: "LOAD", definition: dataFlow("OTHER", "RAW") });
    // Times have to settle before they prove anything.
    if (what === "times") await new Promise((resolve) => setTimeout(resolve, 2_100));
    expect(await syncAnew(scene)).toMatchObject({
      status: "succeeded",
      summary: { created: 1, metadata_changed: 2, unchanged: 0 },
    });
    expect(scene.filled("SALES.CLEAN")).toBeUndefined();
    expect(scene.filled("SALES.RAW")).toEqual({ data_flows: { LOAD: { sources: [{ asset: "SALES.OTHER" }] } } });
    expect(await syncAnew(scene)).toMatchObject({ status: "succeeded", summary: { unchanged: 3 } });
    expect(scene.read(...FLOWS)).toEqual(readAgain);
  },
);

test("a flow that is gone is a metadata change, and deletes no table", async () => {
  const scene = await aScene();
  await scene.sync();
  scene.tenant.edit({ edit: "delete", space: "SALES", name: "LOAD" });
  expect(await scene.sync()).toMatchObject({ status: "succeeded", summary: { metadata_changed: 1, deleted: 0 } });
  expect(scene.filled("SALES.CLEAN")).toBeUndefined();
});

test.each([
  "internal_error",
  "forbidden",
  "cut_body",
  "broken_definition",
  "not_found",
  "deep_json",
  "missing_definition",
  "html",
] as const)("a flow that cannot be read (%s) fails no table and fills what it filled; the run says so and succeeds", async (fault) => {
  const scene = await aScene();
  await scene.sync();
  scene.tenant.fault({ fault, operation: "read_object", name: "LOAD", times: "always" });
  scene.tenant.edit({ edit: "change", space: "SALES", name: "LOAD", definition: dataFlow("RAW", "RAW") });
  const report = await scene.sync();
  expect(report).toMatchObject({ status: "succeeded", summary: { unchanged: 2, failed: 0 } });
  expect(report.problems).toMatchObject([{ code: "flows_unread", scope: "SALES", message: expect.stringMatching(/LOAD cannot be read/) }]);
  expect(scene.filled("SALES.CLEAN")).toEqual(FROM_RAW);
  scene.tenant.clearFaults();
  expect(await scene.sync()).toMatchObject({ status: "succeeded", summary: { metadata_changed: 2 }, problems: [] });
});

test("lists of flows that are refused or cut leave every table as it is, and the next whole list counts", async () => {
  const scene = await aScene();
  scene.tenant.edit({ edit: "add", space: "SALES", name: "STAYS", type: "dataflows", definition: dataFlow("CLEAN", "RAW") });
  await scene.sync();
  scene.tenant.edit({ edit: "delete", space: "SALES", name: "LOAD" });
  for (const fault of ["forbidden", "truncated_body", "duplicate_row", "object_instead_of_list"] as const) {
    // The list of data flows is the first to be asked for; a body that broke off, three times.
    scene.tenant.fault({ fault, operation: "list_objects", space: "SALES", times: fault === "truncated_body" ? 3 : 1 });
    const report = await scene.sync();
    expect(report, fault).toMatchObject({ summary: { unchanged: 2, deleted: 0, failed: 0 } });
    expect(scene.filled("SALES.CLEAN"), fault).toEqual(FROM_RAW);
    scene.tenant.clearFaults();
  }
  expect(await scene.sync()).toMatchObject({ summary: { metadata_changed: 1, deleted: 0 } });
});

test("a space that turns 403 is told once, as a listing that is not complete, and what fills its tables is remembered", async () => {
  const scene = await aScene({}, { scope: { spaces: ["SALES"] } });
  await scene.sync();
  scene.tenant.edit({ edit: "forbid", space: "SALES" });
  expect((await scene.sync()).problems.map(({ code }) => code)).toEqual(["listing_incomplete"]);
  scene.tenant.edit({ edit: "permit", space: "SALES" });
  expect(await scene.sync()).toMatchObject({ status: "succeeded", summary: { unchanged: 2 } });
});

test("a run that reads everything reads every flow, whatever its times say", async () => {
  const scene = await aScene({ timestamps: true });
  await new Promise((resolve) => setTimeout(resolve, 2_100));
  await scene.sync();
  await syncAnew(scene);
  expect(scene.read(...FLOWS)).toEqual([]);
  scene.tenant.reset({ counts: true });
  expect(await scene.sync({ full_read: true })).toMatchObject({ summary: { unchanged: 2 } });
  expect(scene.read(...FLOWS)).toEqual(["LOAD"]);
});

test("a flow that was never deployed fills nothing", async () => {
  const scene = await aScene();
  scene.tenant.edit({ edit: "add", space: "SALES", name: "DRAFT", type: "dataflows", definition: dataFlow("CLEAN", "RAW"), deploy: false });
  expect(await scene.sync()).toMatchObject({ status: "succeeded", problems: [] });
  expect(scene.filled("SALES.RAW")).toBeUndefined();
});

test("task chains are listed and never read: they move no data of their own", async () => {
  const scene = await aScene();
  scene.tenant.edit({
    edit: "add",
    space: "SALES",
    name: "NIGHT",
    type: "taskchains",
    definition: { kind: "sap.dwc.taskChain", nodes: [] },
  });
  expect(await scene.sync()).toMatchObject({ status: "succeeded", problems: [] });
  expect(scene.read("taskchains")).toEqual([]);
});

test("the report tells for each space what was listed, read, skipped, forbidden and failed, and flows and chains as what is not written", async () => {
  const scene = await aScene();
  const { tenant } = scene;
  tenant.edit({ edit: "add_space", space: "HR" });
  tenant.edit({ edit: "add", space: "SALES", name: "NIGHT", type: "taskchains", definition: { kind: "sap.dwc.taskChain", nodes: [] } });
  tenant.edit({ edit: "add", space: "SALES", name: "DRAFT", type: "localtables", definition: aTable(), deploy: false });
  for (const name of ["P", "Q", "R"]) tenant.edit({ edit: "add", space: "HR", name, type: "localtables", definition: aTable() });
  tenant.fault({ fault: "forbidden", operation: "read_object", name: "P", times: "always" });
  tenant.fault({ fault: "broken_definition", operation: "read_object", name: "Q", times: "always" });
  expect((await scene.sync()).spaces).toEqual([
    {
      space: "HR",
      complete: true,
      listed: 3,
      read: 1,
      skipped: 0,
      forbidden: 1,
      failed: 1,
      beside: { flows: 0, flows_read: 0, task_chains: 0 },
    },
    {
      space: "SALES",
      complete: true,
      listed: 2,
      read: 2,
      skipped: 1,
      forbidden: 0,
      failed: 0,
      beside: { flows: 1, flows_read: 1, task_chains: 1 },
    },
  ]);
});

test("without flows nobody asks for them, and no table tells what fills it", async () => {
  const scene = await aScene();
  await scene.sync();
  const paths = scene.tenant.requests(1000).map(({ url }) => url);
  expect(FLOWS.filter((type) => paths.some((path) => path.includes(`/${type}`)))).toEqual(FLOWS);
  scene.tenant.reset({ counts: true });
  expect(await scene.sync({}, { flows: false })).toMatchObject({ status: "succeeded", summary: { metadata_changed: 1, unchanged: 1 } });
  expect(scene.filled("SALES.CLEAN")).toBeUndefined();
  expect(scene.tenant.requests(1000).filter(({ url }) => FLOWS.some((type) => url.includes(`/${type}`)))).toEqual([]);
});
