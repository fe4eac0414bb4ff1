import { expect, onTestFinished, test } from "vitest";
import { REFERENCE_SCHEME } from "../../src/detect/scheme.ts";
import type { RunReport } from "../../src/model/report.ts";
import type { Settings as TenantSettings } from "../../src/sandbox/datasphere/start-datasphere-sandbox.ts";
import type { GlueSandbox } from "../../src/sandbox/glue/start-glue-sandbox.ts";
import { glueTargetAt, peopleOf } from "../helpers/glue-harness.ts";
import { aGlueSandbox } from "../helpers/sandbox-glue.ts";
import { aTable, type Changed, openTenantPipeline, type TenantPipeline } from "../helpers/tenant-pipeline.ts";

// Each of these happened to another tool, and cost somebody tables. Both ends are sandboxes, over their real protocols.

interface Scene extends TenantPipeline {
  readonly glue: GlueSandbox;
  readonly people: ReturnType<typeof peopleOf>;
  /** The tables of a space that bear an asset, by name. */
  tables(space: "sales" | "hr"): readonly string[];
}

const SALES = Array.from({ length: 12 }, (_, n) => `T${n}`);
const HR = ["P0", "P1", "P2"];
const lower = (names: readonly string[]): readonly string[] => names.map((name) => name.toLowerCase()).toSorted();

/** Twelve assets in SALES, three in HR, synced. */
async function aSyncedScene(settings: Partial<TenantSettings> = {}, changed: Changed = {}): Promise<Scene> {
  const { sandbox: glue, glue: client } = await aGlueSandbox();
  const target = (): ReturnType<typeof glueTargetAt> => glueTargetAt(glue.url, { database_prefix: "dsp_" });
  const pipeline = await openTenantPipeline({ target, tenant: { settings }, timeout_ms: 500, ...changed });
  onTestFinished(() => pipeline[Symbol.asyncDispose]());
  // The made-up tenant has one asset at least.
  pipeline.tenant.edit({ edit: "random", does: "delete", count: 1 });
  for (const name of SALES) add(pipeline, "SALES", name);
  for (const name of HR) add(pipeline, "HR", name);
  const scene: Scene = {
    ...pipeline,
    glue,
    people: peopleOf(client),
    tables: (space) =>
      glue
        .tables(`dsp_${space}`)
        .map(({ Name }) => Name)
        .toSorted(),
  };
  expect(await scene.sync()).toMatchObject({ status: "succeeded", summary: { created: 15 } });
  return scene;
}

function add({ tenant }: Pick<Scene, "tenant">, space: string, name: string, columns?: readonly string[]): void {
  tenant.edit({ edit: "add", space, name, type: "localtables", definition: aTable(columns) });
}

function remove({ tenant }: Pick<Scene, "tenant">, space: string, name: string): void {
  tenant.edit({ edit: "delete", space, name });
}

const problemsOf = ({ problems }: RunReport, code: string): readonly string[] =>
  problems.filter((problem) => problem.code === code).map((problem) => problem.asset_id ?? problem.scope ?? "");

test.each(["internal_error", "bad_gateway", "gateway_timeout", "reset", "truncated_body", "hang"] as const)(
  "(1) page 3 of 5 of a list fails with %s: nothing of that space is deleted, and the other space goes on",
  async (fault) => {
    const scene = await aSyncedScene({ list_limit: 4 });
    remove(scene, "SALES", "T1");
    remove(scene, "HR", "P1");
    scene.tenant.fault({ fault, operation: "list_objects", space: "SALES", at: 3, times: "always", ms: 1 });
    const report = await scene.sync();
    expect(report).toMatchObject({ status: "partial", summary: { deleted: 1 } });
    expect(problemsOf(report, "listing_incomplete")).toEqual(["SALES"]);
    expect(scene.tables("sales")).toEqual(lower(SALES));
    expect(scene.tables("hr")).toEqual(["p0", "p2"]);
    scene.tenant.clearFaults();
    expect(await scene.sync()).toMatchObject({ status: "succeeded", summary: { deleted: 1 } });
  },
);

test.each(["html", "object_instead_of_list", "empty_body", "wrong_content_type"] as const)(
  "(2) a list answers with status 200 and %s: the space is not empty, and nothing of it is deleted",
  async (fault) => {
    const scene = await aSyncedScene();
    scene.tenant.fault({
      fault,
      operation: "list_objects",
      space: "SALES",
      times: "always",
      ...(fault === "wrong_content_type" && { content_type: "text/html" }),
    });
    const report = await scene.sync();
    expect(report).toMatchObject({ status: "partial", summary: { deleted: 0 } });
    expect(problemsOf(report, "listing_incomplete")).toEqual(["SALES"]);
    expect(scene.tables("sales")).toEqual(lower(SALES));
  },
);

test("(3) the technical user loses a space: nothing is deleted, and the run says that it may not read it", async () => {
  const scene = await aSyncedScene();
  scene.tenant.edit({ edit: "forbid", space: "SALES" });
  remove(scene, "HR", "P0");
  const report = await scene.sync();
  expect(report).toMatchObject({ status: "partial", summary: { deleted: 1 } });
  expect(report.problems).toMatchObject([{ code: "listing_incomplete", scope: "SALES", message: expect.stringMatching(/not a member/) }]);
  expect(scene.tables("sales")).toEqual(lower(SALES));
  scene.tenant.edit({ edit: "permit", space: "SALES" });
  expect(await scene.sync()).toMatchObject({ status: "succeeded", summary: { unchanged: 14, deleted: 0 } });
});

test("(3) every configured space turns 403: nothing is deleted at all", async () => {
  const spaces = { scope: { spaces: ["SALES", "HR"] } };
  const scene = await aSyncedScene({}, spaces);
  scene.tenant.edit({ edit: "forbid", space: "SALES" }, { edit: "forbid", space: "HR" });
  const report = await scene.sync();
  expect(problemsOf(report, "listing_incomplete")).toEqual(["HR", "SALES"]);
  expect(report).toMatchObject({ status: "partial", summary: { deleted: 0 } });
  expect([...scene.tables("hr"), ...scene.tables("sales")]).toEqual([...lower(HR), ...lower(SALES)]);
});

test.each(["broken_definition", "missing_definition", "deep_json", "cut_body", "not_found", "forbidden"] as const)(
  "(4) one asset cannot be read (%s): it is kept and told, and the others are synced",
  async (fault) => {
    const scene = await aSyncedScene();
    scene.tenant.edit({ edit: "change", space: "SALES", name: "T2", definition: aTable(["ID", "TEXT", "MORE"]) });
    scene.tenant.fault({ fault, operation: "read_object", name: "T1", times: "always" });
    const report = await scene.sync();
    expect(report).toMatchObject({ status: "partial", summary: { deleted: 0, schema_changed: 1, failed: 1 } });
    expect(report.problems).toMatchObject([{ asset_id: "SALES.T1" }]);
    expect(scene.tables("sales")).toEqual(lower(SALES));
  },
);

test("(5) a narrower filter deletes nothing by itself: what left the scope is withheld until that is accepted", async () => {
  const scene = await aSyncedScene();
  const narrower: Changed = { scope: { include: ["SALES.*"] } };
  const report = await scene.sync({}, narrower);
  expect(report.summary.deleted).toBe(0);
  expect(report.status).not.toBe("succeeded");
  expect(problemsOf(report, "scope_changed").toSorted()).toEqual(HR.map((name) => `HR.${name}`));
  expect(scene.tables("hr")).toEqual(lower(HR));
});

test("(17) a deletion that the target refuses stays on record, is made up for, and is not made twice", async () => {
  const scene = await aSyncedScene();
  remove(scene, "SALES", "T1");
  scene.glue.fault({ fault: "access_denied", operation: "DeleteTable", times: 1 });
  expect(await scene.sync()).toMatchObject({ status: "partial", summary: { deleted: 0, failed: 1 } });
  expect((await scene.checkpoints()).map(({ asset_id }) => asset_id)).toContain("SALES.T1");
  expect(await scene.sync()).toMatchObject({ status: "succeeded", summary: { deleted: 1 } });
  expect((await scene.checkpoints()).map(({ asset_id }) => asset_id)).not.toContain("SALES.T1");
  expect(scene.tables("sales")).not.toContain("t1");
  scene.glue.reset({ counts: true });
  expect(await scene.sync()).toMatchObject({ status: "succeeded", summary: { deleted: 0, unchanged: 14 } });
  expect(scene.glue.counts().writes).toBe(0);
});

test("(18) deleted and made again within the grace runs: the same table, with what people wrote into it", async () => {
  const scene = await aSyncedScene({}, { settings: { deletion: { floor: 5, share: 0.1, grace_runs: 2 } } });
  await scene.people.setParameter("dsp_sales.t1", "pii", "yes");
  remove(scene, "SALES", "T1");
  expect((await scene.sync()).summary.failed).toBe(0);
  expect(scene.tables("sales")).toEqual(lower(SALES));
  add(scene, "SALES", "T1");
  await scene.sync();
  for (let run = 0; run < 4; run++) expect(await scene.sync()).toMatchObject({ status: "succeeded", summary: { deleted: 0 } });
  const table = scene.glue.tables("dsp_sales").find(({ Name }) => Name === "t1");
  expect(table?.Parameters).toMatchObject({ pii: "yes", "tidemark.asset": "SALES.T1" });
  expect(table?.Parameters).not.toHaveProperty("tidemark.tombstone");
});

test("(19) two columns that differ in case only: the asset is withheld and told, and the run is no success", async () => {
  const scene = await aSyncedScene();
  add(scene, "SALES", "TWINS", ["ID", "Id"]);
  scene.tenant.edit({ edit: "change", space: "SALES", name: "T1", definition: aTable(["ID", "text", "TEXT"]) });
  const report = await scene.sync();
  expect(report).toMatchObject({ status: "partial", summary: { withheld: 2, deleted: 0 } });
  expect(problemsOf(report, "column_collision").toSorted()).toEqual(["SALES.T1", "SALES.TWINS"]);
  expect(scene.tables("sales")).toEqual(lower(SALES));
});

test("(20) a list from before the last changes does not delete what was made since", async () => {
  const scene = await aSyncedScene();
  add(scene, "SALES", "NEW");
  expect(await scene.sync()).toMatchObject({ summary: { created: 1 } });
  scene.tenant.fault({ fault: "dropped_row", operation: "list_objects", space: "SALES", times: "always" });
  const report = await scene.sync();
  expect(report.summary.deleted).toBe(0);
  expect(report.status).toBe("partial");
  expect(scene.tables("sales")).toEqual(lower([...SALES, "NEW"]));
});

test("(21) a tenant that stops telling what changed is read object by object, and nothing is missed or deleted", async () => {
  const scene = await aSyncedScene({ timestamps: true });
  await scene.sync();
  scene.tenant.settings({ timestamps: false });
  scene.tenant.edit({ edit: "change", space: "SALES", name: "T1", definition: aTable(["ID"]) });
  remove(scene, "SALES", "T2");
  expect(await scene.sync()).toMatchObject({ status: "succeeded", summary: { schema_changed: 1, deleted: 1, unchanged: 13 } });
  expect(await scene.sync()).toMatchObject({ status: "succeeded", summary: { unchanged: 14 } });
});

test("(22) another ignore rule is one new fingerprint of each asset: no update, no deletion, no loop", async () => {
  const scene = await aSyncedScene();
  const other: Changed = { settings: { scheme: { ...REFERENCE_SCHEME, ignore_fields: ["steward"] } } };
  scene.glue.reset({ counts: true });
  expect(await scene.sync({}, other)).toMatchObject({ status: "succeeded", summary: { unchanged: 15, deleted: 0 } });
  expect(await scene.sync({}, other)).toMatchObject({ status: "succeeded", summary: { unchanged: 15, deleted: 0 } });
  expect(scene.glue.counts().writes).toBe(0);
});

test.each<readonly [string, Partial<TenantSettings>]>([
  ["times to the millisecond", { timestamps: true }],
  ["times to the second", { timestamps: true, timestamp_resolution_ms: 1000 }],
  ["entity tags", { etags: true }],
  ["nothing", {}],
])("(23) what one run remembers hides no change that comes right after it, where the tenant offers %s", async (_what, settings) => {
  const scene = await aSyncedScene(settings);
  for (let n = 0; n < 2; n++) {
    scene.tenant.edit({ edit: "change", space: "SALES", name: "T1", definition: aTable(["ID", `C${n}`]) });
    expect(await scene.sync()).toMatchObject({ status: "succeeded", summary: { schema_changed: 1, unchanged: 14 } });
  }
  remove(scene, "SALES", "T1");
  add(scene, "SALES", "T1", ["ID", "C1"]);
  expect((await scene.sync()).summary).toMatchObject({ deleted: 0 });
  expect(scene.tables("sales")).toEqual(lower(SALES));
});

test("(24) a run that fails between two others does not lose the deletion that it should have seen", async () => {
  const scene = await aSyncedScene();
  scene.tenant.edit({ edit: "change", space: "SALES", name: "T0", definition: aTable(["ID"]) });
  await scene.sync();
  remove(scene, "SALES", "T1");
  scene.tenant.fault({ fault: "internal_error", operation: "list_spaces", times: "always" });
  await expect(scene.sync()).rejects.toMatchObject({ code: "source_unavailable" });
  scene.tenant.clearFaults();
  add(scene, "SALES", "T12");
  expect(await scene.sync()).toMatchObject({ status: "succeeded", summary: { created: 1, deleted: 1 } });
  expect(scene.tables("sales")).toEqual(lower([...SALES, "T12"].filter((name) => name !== "T1")));
});

test("a space that is listed empty, or not at all, after it held assets deletes nothing", async () => {
  const scene = await aSyncedScene();
  scene.tenant.fault({ fault: "short_page", operation: "list_objects", space: "SALES", times: "always", rows: 0 });
  const empty = await scene.sync();
  expect(problemsOf(empty, "listing_incomplete")).toEqual(["SALES"]);
  scene.tenant.clearFaults();
  scene.tenant.edit({ edit: "delete_space", space: "SALES" });
  const missing = await scene.sync();
  expect(problemsOf(missing, "listing_incomplete")).toEqual(["SALES"]);
  expect(scene.tables("sales")).toEqual(lower(SALES));
});

test("objects that vanish from a list while it is read do not shift others out of it", async () => {
  const scene = await aSyncedScene({ list_limit: 4 });
  // The four lists of flows come first, a request each; then the tables' first page.
  scene.tenant.fault({ fault: "shifting_page", operation: "list_objects", space: "SALES", at: 6 });
  const report = await scene.sync();
  expect(report).toMatchObject({ status: "partial", summary: { deleted: 0 } });
  expect(problemsOf(report, "listing_incomplete")).toEqual(["SALES"]);
  expect(await scene.sync()).toMatchObject({ status: "succeeded", summary: { deleted: 1 } });
  expect(scene.tables("sales").length).toBe(SALES.length - 1);
});
