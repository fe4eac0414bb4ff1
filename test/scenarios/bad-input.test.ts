import { chmod, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { RunReport } from "../../src/model/report.ts";
import type { GlueSandbox } from "../../src/sandbox/glue/start-glue-sandbox.ts";
import { runCli } from "../helpers/cli.ts";
import { aGlueSandbox } from "../helpers/sandbox-glue.ts";
import { aPipeline } from "./a-pipeline.ts";
import { emptyExports } from "./exports-folder.ts";

const entity = (elements: object = { ID: { type: "cds.Integer", key: true } }, more: object = {}): object => ({
  kind: "entity",
  elements,
  ...more,
});

interface Scene {
  readonly sandbox: GlueSandbox;
  readonly exports: string;
  write(file: string, content: string | object): Promise<void>;
  /** `tidemark sync --json`, the exit code and what it printed. */
  sync(): Promise<{
    readonly code: number;
    readonly report: RunReport & { readonly error?: { readonly code: string; readonly message: string } };
  }>;
}

/** Exports of two spaces, synced once: whatever is bad afterwards may delete nothing of it. */
async function aSyncedScene(): Promise<Scene> {
  const { sandbox } = await aGlueSandbox();
  const folder = await emptyExports();
  onTestFinished(() => folder[Symbol.asyncDispose]());
  await aPipeline(folder.root, sandbox.url);
  const scene: Scene = {
    sandbox,
    exports: folder.path,
    write: async (file, content) => {
      await mkdir(join(folder.path, file, ".."), { recursive: true });
      await writeFile(join(folder.path, file), typeof content === "string" ? content : JSON.stringify(content));
    },
    sync: async () => {
      const { code, stdout } = await runCli(["sync", "--json"], { cwd: folder.root });
      return { code, report: JSON.parse(stdout) };
    },
  };
  await scene.write("SALES/orders.json", { definitions: { Orders: entity(), Items: entity() } });
  await scene.write("HR/people.json", { definitions: { People: entity() } });
  expect(await scene.sync()).toMatchObject({ code: 0, report: { summary: { created: 3 } } });
  return scene;
}

const tables = ({ sandbox }: Scene): readonly string[] =>
  ["dsp_sales", "dsp_hr"].flatMap((database) => sandbox.tables(database).map((table) => table.Name)).toSorted();

test("a root folder that is missing ends the run with exit 1, nothing synced and nothing deleted", async () => {
  const scene = await aSyncedScene();
  await rm(scene.exports, { recursive: true });
  const { code, report } = await scene.sync();
  expect(code).toBe(1);
  expect(report.error).toMatchObject({ code: "source_unavailable", message: expect.stringContaining(scene.exports) });
  expect(tables(scene)).toEqual(["items", "orders", "people"]);
});

test("a space folder that cannot be read makes its listing incomplete (8), the others are synced, and nothing of it is deleted", async () => {
  const scene = await aSyncedScene();
  // For root every folder is readable: a file in the folder's place cannot be listed by anybody.
  await rm(join(scene.exports, "SALES"), { recursive: true });
  await scene.write("HR/more.json", { definitions: { Teams: entity() } });
  const { code, report } = await scene.sync();
  expect(code).toBe(8);
  expect(report).toMatchObject({
    status: "partial",
    summary: { created: 1, deleted: 0 },
    problems: [{ code: "listing_incomplete", message: expect.stringContaining("SALES") }],
  });
  expect(tables(scene)).toEqual(["items", "orders", "people", "teams"]);
});

test.skipIf(process.getuid?.() === 0)("a space folder without permission makes its listing incomplete (8)", async () => {
  const scene = await aSyncedScene();
  await chmod(join(scene.exports, "SALES"), 0o000);
  onTestFinished(() => chmod(join(scene.exports, "SALES"), 0o755));
  const { code, report } = await scene.sync();
  expect(code).toBe(8);
  expect(report).toMatchObject({
    summary: { deleted: 0 },
    problems: [{ code: "listing_incomplete", message: expect.stringContaining("SALES") }],
  });
});

test.each([
  ["broken JSON", "{ not JSON"],
  ["JSON that is not CSN", "[1, 2, 3]"],
  ["a CSN file cut in the middle", JSON.stringify({ definitions: { Orders: entity(), Items: entity() } }).slice(0, -20)],
])("%s makes its space's listing incomplete (8), names the file, and the rest is synced", async (_what, content) => {
  const scene = await aSyncedScene();
  await scene.write("SALES/orders.json", content);
  await scene.write("SALES/more.json", { definitions: { Prices: entity() } });
  const { code, report } = await scene.sync();
  expect(code).toBe(8);
  expect(report.problems[0]).toMatchObject({ code: "listing_incomplete", message: expect.stringContaining("orders.json") });
  expect(report.summary).toMatchObject({ created: 1, deleted: 0 });
  expect(tables(scene)).toEqual(["items", "orders", "people", "prices"]);
});

test("a definition deeper than 64 levels fails alone (3), and its name is told", async () => {
  const scene = await aSyncedScene();
  const deep = `{"definitions":{"Deep":{"kind":"entity","elements":{"ID":{"type":"cds.Integer"}},"@deep":${"[".repeat(70)}1${"]".repeat(70)}},"Prices":${JSON.stringify(entity())}}}`;
  await scene.write("SALES/more.json", deep);
  const { code, report } = await scene.sync();
  expect(code).toBe(3);
  expect(report).toMatchObject({
    status: "partial",
    summary: { created: 1, deleted: 0 },
    problems: [{ asset_id: "SALES.Deep", code: "asset_too_deep" }],
  });
  expect(tables(scene)).toEqual(["items", "orders", "people", "prices"]);
});

test("an element named __proto__ is a column like any other", async () => {
  const scene = await aSyncedScene();
  await scene.write(
    "SALES/more.json",
    '{"definitions":{"Prices":{"kind":"entity","elements":{"__proto__":{"type":"cds.Date"},"constructor":{"type":"cds.Time"}}}}}',
  );
  expect(await scene.sync()).toMatchObject({ code: 0, report: { summary: { created: 1 } } });
  const [prices] = scene.sandbox.tables("dsp_sales").filter((table) => table.Name === "prices");
  expect(prices?.StorageDescriptor?.Columns?.map((column) => [column.Name, column.Type])).toEqual([
    ["__proto__", "date"],
    ["constructor", "string"],
  ]);
  expect(await scene.sync()).toMatchObject({ code: 0, report: { summary: { unchanged: 4 } } });
});

test("a 300-character name is cut with a warning, and the asset works", async () => {
  const scene = await aSyncedScene();
  const name = "N".repeat(300);
  await scene.write("SALES/more.json", { definitions: { [name]: entity() } });
  const first = await scene.sync();
  expect(first).toMatchObject({
    code: 0,
    report: { status: "succeeded", summary: { created: 1 }, problems: [{ asset_id: `SALES.${name}`, code: "name_shortened" }] },
  });
  expect(await scene.sync()).toMatchObject({ code: 0, report: { summary: { unchanged: 4, created: 0 } } });
});

test("two columns that differ in case only withhold their asset (3), and the others are synced", async () => {
  const scene = await aSyncedScene();
  await scene.write("SALES/more.json", {
    definitions: { Twins: entity({ Id: { type: "cds.Integer" }, ID: { type: "cds.Integer" } }), Prices: entity() },
  });
  const { code, report } = await scene.sync();
  expect(code).toBe(3);
  expect(report).toMatchObject({ summary: { created: 1, withheld: 1 }, problems: [{ asset_id: "SALES.Twins", code: "column_collision" }] });
  expect(tables(scene)).toEqual(["items", "orders", "people", "prices"]);
});

test("two assets whose names differ in case only are withheld (3), and the one that has the table keeps it", async () => {
  const scene = await aSyncedScene();
  await scene.write("SALES/more.json", { definitions: { ORDERS: entity(), One: entity(), ONE: entity() } });
  const { code, report } = await scene.sync();
  expect(code).toBe(3);
  expect(report.problems.map(({ asset_id, code: problem }) => [asset_id, problem])).toEqual([
    ["SALES.ONE", "name_collision"],
    ["SALES.ORDERS", "name_collision"],
    ["SALES.One", "name_collision"],
  ]);
  expect(tables(scene)).toEqual(["items", "orders", "people"]);
});

test("an asset taken out of its file loses its table, and only it", async () => {
  const scene = await aSyncedScene();
  await scene.write("SALES/orders.json", { definitions: { Orders: entity() } });
  expect(await scene.sync()).toMatchObject({ code: 0, report: { summary: { deleted: 1 } } });
  expect(tables(scene)).toEqual(["orders", "people"]);
  expect(await scene.sync()).toMatchObject({ code: 0, report: { summary: { unchanged: 2, deleted: 0 } } });
});

test("a lost state is not begun anew in silence: the sync exits 6 and names the way out", async () => {
  const scene = await aSyncedScene();
  await rm(join(scene.exports, "../checkpoints"), { recursive: true });
  const before = scene.sandbox.counts().writes;
  const { code, report } = await scene.sync();
  expect(code).toBe(6);
  expect(report.error).toMatchObject({ code: "state_lost", remedy: expect.stringContaining("checkpoint rebuild") });
  expect(scene.sandbox.counts().writes).toBe(before);
});
