import { appendFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Asset, Facet } from "../../model/asset.ts";
import type { Change } from "../../model/change.ts";
import type { Acknowledged } from "../../model/checkpoint.ts";
import { toDocument } from "../../model/document.ts";
import { TidemarkError } from "../../model/errors.ts";
import { rawNumber } from "../../model/json.ts";
import type { Cost } from "../../model/report.ts";
import type { Target } from "../../ports/target.ts";
import { aColumn, anAsset } from "../../testing/builders.ts";
import { createMeter } from "../../wrappers/meter.ts";
import { replayFeed } from "../../../test/helpers/replay-feed.ts";
import { changefeedTarget } from "./target.ts";

let folder: string;
let path: string;
let target: Target;
let opened: Target[] = [];
let cost: () => Cost;
const mark = { lineage: "one", pipeline: "sales" };
const call = { signal: AbortSignal.timeout(60_000) };

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "tidemark-feed-"));
  path = join(folder, "changes.jsonl");
  open();
});
afterEach(async () => {
  for (const one of opened) await one.close();
  opened = [];
  await rm(folder, { recursive: true });
});

test("a created asset is one line that adds its whole document", async () => {
  const asset = anAsset({ business_name: "Orders" });
  await put(asset, null);
  expect(await lines()).toEqual([
    {
      format_version: 1,
      key: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
      previous: null,
      pipeline: "sales",
      asset_id: "SALES.Orders",
      change_type: "created",
      facets: ["content", "metadata", "schema"],
      strategy: "full",
      patch: [{ op: "add", path: "", value: toDocument(asset) }],
    },
  ]);
});

test("a change is a patch from the document last written, and follows its line", async () => {
  const base = await put(anAsset({ business_name: "Orders" }), null);
  await put(anAsset({ business_name: "Sales Orders", columns: [aColumn("ID"), aColumn("YEAR")] }), base);
  const [first, second] = await lines();
  expect(second).toMatchObject({
    previous: first?.["key"],
    change_type: "modified",
    patch: [
      { op: "replace", path: "/content/business_name", value: "Sales Orders" },
      { op: "add", path: "/schema/columns/YEAR", value: { type: "cds.Integer" } },
      { op: "add", path: "/schema/column_order/1", value: "YEAR" },
    ],
  });
});

test("a deletion removes the whole document", async () => {
  const base = await put(anAsset(), null);
  const result = await target.remove({ mark, asset_id: "SALES.Orders", ref: "SALES.Orders", base, generation: 2 }, call);
  expect(result).toMatchObject({ status: "applied", acknowledged: null });
  expect((await lines())[1]).toMatchObject({
    change_type: "deleted",
    facets: [],
    strategy: "deletion",
    previous: base.revision,
    patch: [{ op: "remove", path: "" }],
  });
  expect(replayFeed(await readFile(path, "utf8")).size).toBe(0);
});

test("an asset that equals what was last written adds no line", async () => {
  const base = await put(anAsset({ tags: ["a", "b"] }), null);
  const again = await put(anAsset({ tags: ["a", "b"] }), { ...base, mapping: "changefeed-0" });
  expect(again).toEqual({ ...base, mapping: target.mapping });
  expect((await lines()).length).toBe(1);
});

test("a change written once more after a crash is the same line, which a reader drops", async () => {
  const base = await put(anAsset({ columns: [aColumn("A"), aColumn("B")] }), null);
  const changed = anAsset({ columns: [aColumn("B"), aColumn("C")] });
  await put(changed, base);
  open();
  await put(changed, base);
  const [, second, third] = await lines();
  expect(third).toEqual(second);
  expect(replayFeed(await readFile(path, "utf8"))).toEqual(new Map([["SALES.Orders", toDocument(changed)]]));
});

test("a change whose predecessor nobody acknowledged is written whole, and the reader holds it whatever it held", async () => {
  const base = await put(anAsset({ business_name: "One" }), null);
  await put(anAsset({ business_name: "Two", description: "never acknowledged" }), base);
  open();
  const last = anAsset({ business_name: "Three" });
  await put(last, null);
  expect(replayFeed(await readFile(path, "utf8"))).toEqual(new Map([["SALES.Orders", toDocument(last)]]));
});

test("a line that a crash cut short is cut off before the next is added", async () => {
  const base = await put(anAsset({ business_name: "One" }), null);
  await target.close();
  const whole = await readFile(path, "utf8");
  await appendFile(path, `{"format_version":1,"key":"${"x".repeat(200_000)}`);
  open();
  await put(anAsset({ business_name: "Two" }), base);
  const text = await readFile(path, "utf8");
  expect(text.startsWith(whole)).toBe(true);
  expect((await lines()).length).toBe(2);
});

test("a file that holds nothing but a line cut short is begun anew", async () => {
  await writeFile(path, '{"format_ver');
  await put(anAsset(), null);
  expect((await lines()).length).toBe(1);
});

test("lines written at the same time all arrive, each whole", async () => {
  const assets = Array.from({ length: 200 }, (_, n) => anAsset({ name: `T${n}`, description: "x".repeat(n) }));
  await Promise.all(assets.map((asset) => put(asset, null)));
  expect(replayFeed(await readFile(path, "utf8"))).toEqual(new Map(assets.map((asset) => [asset.id, toDocument(asset)])));
});

test("bytes and lines are metered", async () => {
  await put(anAsset(), null);
  expect(cost()).toEqual({ requests: 1, bytes: { sent: Buffer.byteLength(await readFile(path, "utf8")), received: 0 } });
});

test("numbers keep every digit, and a key named __proto__ is a key like any other", async () => {
  const asset = anAsset({ custom_properties: Object.fromEntries([["__proto__", rawNumber("12345678901234567890.10")]]) });
  await put(asset, null);
  expect(await readFile(path, "utf8")).toContain('{"__proto__":12345678901234567890.10}');
});

test("a fingerprint does not depend on the order of keys, and does on the order of columns", () => {
  const fingerprint = (asset: Asset): string => {
    const projection = target.project(asset, mark);
    return projection.ok ? projection.fingerprint : "";
  };
  expect(fingerprint(anAsset({ custom_properties: { a: 1, b: 2 } }))).toBe(fingerprint(anAsset({ custom_properties: { b: 2, a: 1 } })));
  expect(fingerprint(anAsset({ columns: [aColumn("A"), aColumn("B")] }))).not.toBe(
    fingerprint(anAsset({ columns: [aColumn("B"), aColumn("A")] })),
  );
});

test("a folder that is not there ends the run with the file's name, and nothing is created by looking", async () => {
  await target.close();
  path = join(folder, "missing", "changes.jsonl");
  open();
  const asset = anAsset();
  expect(target.preview({ mark, change: changeOf(asset, null), asset, base: null, decisions: [] })).toEqual({
    writes: true,
    kept: [],
    withheld: [],
  });
  const failure = await put(asset, null).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(TidemarkError);
  expect(failure).toMatchObject({ code: "target_unavailable", message: expect.stringContaining(path) as string });
});

test("what a feed holds cannot be observed: it says so and finds no marks", async () => {
  expect(target.supports).toEqual({ observe: false, tombstones: false });
  expect((await target.observe(["SALES.Orders"], call)).get("SALES.Orders")?.state).toBe("unknown");
  expect(await Array.fromAsync(target.scan("sales", call))).toEqual([]);
  expect(target.restore({})).toBeNull();
});

function open(): void {
  const meter = createMeter();
  cost = () => meter.reading();
  target = changefeedTarget({ path, meter });
  opened.push(target);
}

async function put(asset: Asset, base: Acknowledged | null): Promise<Acknowledged> {
  const result = await target.put({ mark, change: changeOf(asset, base), asset, base, decisions: [] }, call);
  if (result.status !== "applied" || result.acknowledged === null) throw new Error(`not applied: ${result.status}`);
  return result.acknowledged;
}

function changeOf(asset: Asset, base: Acknowledged | null): Change {
  const facets: readonly Facet[] = ["content", "metadata", "schema"];
  return { asset_id: asset.id, change_type: base === null ? "created" : "modified", facets, strategy: "full", cause: "source", fields: [] };
}

async function lines(): Promise<readonly { readonly [key: string]: unknown }[]> {
  const text = await readFile(path, "utf8");
  return text
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line) as { readonly [key: string]: unknown });
}
