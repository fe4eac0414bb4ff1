import { expect, onTestFinished, test } from "vitest";
import { MemoryCatalog } from "../../src/connectors/memory/index.ts";
import type { Asset } from "../../src/model/asset.ts";
import type { JsonObject } from "../../src/model/json.ts";
import { aTable, assetsIn, type Changed, memoryTarget, openTenantPipeline, type TenantPipeline } from "../helpers/tenant-pipeline.ts";

// What a technical user sees who may not read definitions, and what a pipeline covers that takes only what is exposed.

interface Scene extends TenantPipeline {
  readonly catalog: MemoryCatalog;
  asset(id: string): Asset | null;
}

const EXPOSED: Changed = { scope: { exposed_only: true } };
const aView = (columns: readonly string[], isExposed = true): JsonObject =>
  aTable(columns, { "@DataWarehouse.consumption.external": isExposed, query: { SELECT: { from: { ref: ["TABLE"] } } } });

/** SALES with a table, an exposed view and one that is not. */
async function aScene(changed: Changed = {}): Promise<Scene> {
  const catalog = new MemoryCatalog();
  const pipeline = await openTenantPipeline({ target: memoryTarget(catalog), tenant: { spaces: ["SALES"] }, ...changed });
  onTestFinished(() => pipeline[Symbol.asyncDispose]());
  const { tenant } = pipeline;
  tenant.edit({ edit: "random", does: "delete", count: 1 });
  tenant.edit({ edit: "add", space: "SALES", name: "TABLE", type: "localtables", definition: aTable() });
  tenant.edit({ edit: "add", space: "SALES", name: "SEEN", type: "views", definition: aView(["ID", "TEXT"]) });
  tenant.edit({ edit: "add", space: "SALES", name: "UNSEEN", type: "views", definition: aView(["ID"], false) });
  return { ...pipeline, catalog, asset: (id) => catalog.read(id)?.table.asset ?? null };
}

function forbidDefinitions({ tenant }: Scene, ...operations: readonly ("list_objects" | "read_object")[]): void {
  for (const operation of operations) tenant.fault({ fault: "forbidden", operation, times: "always" });
}

test("a pipeline of what is exposed takes views that are, and no others", async () => {
  const scene = await aScene(EXPOSED);
  expect(await scene.sync()).toMatchObject({ status: "succeeded", summary: { created: 1 } });
  expect(assetsIn(scene.catalog)).toEqual(["SALES.SEEN"]);
});

test("a view that is not exposed any more is told from one that is gone: its table is kept", async () => {
  const scene = await aScene(EXPOSED);
  await scene.sync();
  scene.tenant.edit({ edit: "add", space: "SALES", name: "OTHER", type: "views", definition: aView(["ID"]) });
  await scene.sync();
  scene.tenant.edit({ edit: "unexpose", space: "SALES", name: "SEEN" }, { edit: "delete", space: "SALES", name: "OTHER" });
  scene.tenant.edit({ edit: "add", space: "SALES", name: "THIRD", type: "views", definition: aView(["ID"]) });
  const report = await scene.sync();
  expect(report).toMatchObject({ status: "succeeded", summary: { created: 1, deleted: 1, withheld: 0 } });
  expect(report.problems).toMatchObject([{ asset_id: "SALES.SEEN", code: "asset_withdrawn", message: expect.stringMatching(/retire/) }]);
  expect(assetsIn(scene.catalog)).toEqual(["SALES.SEEN", "SALES.THIRD"]);
});

test("an asset that is not exposed any more costs no read, stays at every run's exit code 0, and is synced again once it is exposed", async () => {
  const scene = await aScene(EXPOSED);
  scene.tenant.edit({ edit: "add", space: "SALES", name: "OTHER", type: "views", definition: aView(["ID"]) });
  await scene.sync();
  scene.tenant.edit({ edit: "unexpose", space: "SALES", name: "SEEN" });
  scene.tenant.reset({ counts: true });
  expect(await scene.sync()).toMatchObject({ status: "succeeded", summary: { assets: 1, unchanged: 1 } });
  expect(scene.tenant.requests().filter(({ operation, name }) => operation === "read_object" && name === "SEEN")).toEqual([]);
  scene.tenant.edit({ edit: "change", space: "SALES", name: "SEEN", definition: aView(["ID", "TEXT", "MORE"]) });
  expect(await scene.sync()).toMatchObject({ status: "succeeded", problems: [], summary: { schema_changed: 1 } });
});

test("a catalog that cannot be read leaves the listing incomplete, and nothing is deleted", async () => {
  const scene = await aScene(EXPOSED);
  await scene.sync();
  scene.tenant.fault({ fault: "foreign_next_link", operation: "catalog_assets", times: "always" });
  scene.tenant.edit({ edit: "delete", space: "SALES", name: "SEEN" });
  const report = await scene.sync();
  expect(report).toMatchObject({ status: "partial", summary: { deleted: 0 } });
  expect(report.problems).toMatchObject([{ code: "listing_incomplete", message: expect.stringMatching(/goes on at .*not asked/) }]);
  expect(scene.tenant.requests().some(({ url }) => url.includes("elsewhere"))).toBe(false);
  expect(assetsIn(scene.catalog)).toEqual(["SALES.SEEN"]);
});

test("a user who may list but not read definitions gets what $metadata tells of exposed assets, is told so once, and the others fail", async () => {
  const scene = await aScene();
  forbidDefinitions(scene, "read_object");
  const report = await scene.sync();
  expect(report).toMatchObject({ status: "partial", summary: { created: 1, failed: 2 } });
  expect(report.problems.map(({ code }) => code).toSorted()).toEqual(["asset_forbidden", "asset_forbidden", "definition_forbidden"]);
  expect(scene.asset("SALES.SEEN")).toMatchObject({
    asset_type: "view",
    content: { business_name: "A table" },
    schema: { data_types: { ID: "cds.String(10)", TEXT: "cds.String(10)" }, constraints: [{ type: "primary_key", columns: ["ID"] }] },
    metadata: { custom_properties: { definition_source: "edmx", exposed: true } },
  });
  expect(await scene.sync()).toMatchObject({ summary: { unchanged: 1, failed: 2, deleted: 0 } });
});

test("one refused read rewrote a table from its poorer $metadata: it now fails the asset, whose table stays as it is", async () => {
  const scene = await aScene();
  await scene.sync();
  const before = scene.asset("SALES.SEEN");
  scene.tenant.edit({ edit: "change", space: "SALES", name: "SEEN", definition: aView(["ID", "TEXT", "MORE"]) });
  scene.tenant.fault({ fault: "forbidden", operation: "read_object", name: "SEEN", times: "always" });
  for (const options of [{}, { full_read: true }]) {
    const report = await scene.sync(options);
    expect(report).toMatchObject({ status: "partial", summary: { failed: 1, schema_changed: 0, metadata_changed: 0, deleted: 0 } });
    expect(report.problems).toMatchObject([
      { asset_id: "SALES.SEEN", code: "asset_forbidden", message: expect.stringMatching(/read before/) },
    ]);
    expect(scene.asset("SALES.SEEN")).toEqual(before);
  }
  scene.tenant.clearFaults();
  expect(await scene.sync()).toMatchObject({ status: "succeeded", summary: { schema_changed: 1 } });
});

test("a user who may read definitions at last gets them in place of $metadata", async () => {
  const scene = await aScene();
  forbidDefinitions(scene, "read_object");
  await scene.sync();
  scene.tenant.clearFaults();
  expect(await scene.sync()).toMatchObject({ status: "succeeded", summary: { created: 2 } });
  expect(scene.asset("SALES.SEEN")?.metadata.custom_properties).not.toHaveProperty("definition_source");
});

test("a user who may not even list definitions reads what is exposed, and nothing else is deleted for that", async () => {
  const scene = await aScene({ scope: { include: ["SALES.SEEN"] } });
  forbidDefinitions(scene, "list_objects", "read_object");
  const report = await scene.sync();
  expect(report).toMatchObject({ status: "partial", summary: { created: 1, deleted: 0, failed: 0 } });
  expect(report.problems.map(({ code }) => code).toSorted()).toEqual(["definition_forbidden", "listing_incomplete"]);
  expect(assetsIn(scene.catalog)).toEqual(["SALES.SEEN"]);
});

test("a user who loses the right to list and to read loses no table, and none is rewritten", async () => {
  const scene = await aScene();
  await scene.sync();
  const before = scene.asset("SALES.SEEN");
  forbidDefinitions(scene, "list_objects", "read_object");
  const report = await scene.sync();
  expect(report).toMatchObject({ status: "partial", summary: { deleted: 0, failed: 1 } });
  expect(report.problems.map(({ code }) => code).toSorted()).toEqual(["asset_forbidden", "listing_incomplete"]);
  expect(assetsIn(scene.catalog)).toEqual(["SALES.SEEN", "SALES.TABLE", "SALES.UNSEEN"]);
  expect(scene.asset("SALES.SEEN")).toEqual(before);
});

test("for a pipeline of what is exposed such a user is enough, and a changed view is a changed table", async () => {
  const scene = await aScene(EXPOSED);
  forbidDefinitions(scene, "list_objects", "read_object");
  expect(await scene.sync()).toMatchObject({ status: "succeeded", summary: { created: 1 } });
  scene.tenant.edit({ edit: "change", space: "SALES", name: "SEEN", definition: aView(["ID", "TEXT", "MORE"]) });
  expect(await scene.sync()).toMatchObject({ status: "succeeded", summary: { schema_changed: 1 } });
  expect(scene.asset("SALES.SEEN")?.schema.columns.map(({ name }) => name)).toEqual(["ID", "TEXT", "MORE"]);
  scene.tenant.edit({ edit: "add", space: "SALES", name: "OTHER", type: "views", definition: aView(["ID"]) });
  scene.tenant.edit({ edit: "delete", space: "SALES", name: "SEEN" });
  const report = await scene.sync();
  expect(report).toMatchObject({ status: "partial", summary: { created: 1, deleted: 0, withheld: 1 } });
  expect(report.problems.find(({ code }) => code === "deletion_unconfirmed")?.message).toMatch(
    /who may not read definitions confirms no deletion/,
  );
});

test("what an analytic model is made of gives its columns their types, and $metadata gives those that are made of nothing", async () => {
  const scene = await aScene();
  const definition: JsonObject = {
    kind: "entity",
    "@ObjectModel.modelingPattern": { "#": "ANALYTICAL_CUBE" },
    "@DataWarehouse.editorType": { "#": "DWCQueryModelEditor" },
    elements: { KEY: { "@EndUserText.label": "Key" }, RATIO: { "@AnalyticsDetails.measureType": { "#": "CALCULATION" } } },
    query: { SELECT: { from: { ref: ["TABLE"] }, columns: [{ ref: ["TABLE", "ID"], as: "KEY" }] } },
  };
  scene.tenant.edit({ edit: "add", space: "SALES", name: "MODEL", type: "analyticmodels", definition });
  expect(await scene.sync()).toMatchObject({ status: "succeeded", summary: { created: 4 } });
  // The sandbox, which knows of no type for a calculation, tells a string.
  expect(scene.asset("SALES.MODEL")?.schema.data_types).toEqual({ KEY: "cds.String(10)", RATIO: "cds.String" });
  expect(scene.tenant.counts().operations["metadata"]?.calls).toBe(1);
});

test("where documents bear tags, one that holds is not sent again", async () => {
  const scene = await aScene(EXPOSED);
  scene.tenant.settings({ etags: true });
  forbidDefinitions(scene, "list_objects", "read_object");
  await scene.sync();
  scene.tenant.reset({ counts: true });
  expect(await scene.sync()).toMatchObject({ status: "succeeded", summary: { unchanged: 1 } });
  expect(scene.tenant.requests().filter(({ operation }) => operation === "metadata")).toMatchObject([{ status: 304 }]);
});

test("a user whom the design-time interface refuses altogether is asked for spaces in the catalog", async () => {
  const scene = await aScene(EXPOSED);
  scene.tenant.fault({ fault: "forbidden", operation: "list_spaces", times: "always" });
  forbidDefinitions(scene, "list_objects", "read_object");
  expect(await scene.sync()).toMatchObject({ status: "succeeded", summary: { created: 1 } });
});

test.each(["cut_body", "deep_xml", "entity_expansion", "external_entity", "duplicate_attribute", "gzip_bomb", "html"] as const)(
  "$metadata with %s fails its asset, and what was known of it stays: no column is dropped",
  async (fault) => {
    const scene = await aScene(EXPOSED);
    forbidDefinitions(scene, "list_objects", "read_object");
    await scene.sync();
    const before = scene.asset("SALES.SEEN");
    scene.tenant.fault({ fault, operation: "metadata", times: "always" });
    const report = await scene.sync();
    expect(report).toMatchObject({ status: "partial", summary: { failed: 1, schema_changed: 0, deleted: 0 } });
    expect(report.problems.filter(({ asset_id }) => asset_id === "SALES.SEEN").length).toBe(1);
    expect(scene.asset("SALES.SEEN")).toEqual(before);
  },
);
