import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { temporaryFolder } from "../../../test/helpers/temporary-folder.ts";
import { rawNumber } from "../../model/json.ts";
import { compareCodePoints } from "../../model/order.ts";
import type { PlanRecord } from "../../model/plan.ts";
import type { PlanPart, Spool, SpooledListing } from "../../ports/spool.ts";
import { anAsset } from "../../testing/builders.ts";
import { openMemorySpool } from "./memory-spool.ts";
import { openSpool } from "./open-spool.ts";

const listed = (id: string, traits: Partial<SpooledListing> = {}): SpooledListing => ({
  id,
  scope: "SALES",
  token: `token of ${id}`,
  locator: { file: "a.json" },
  ref: `place of ${id}`,
  ...traits,
});

const put = (name: string): Extract<PlanRecord, { record: "step" }> => ({
  record: "step",
  step: {
    kind: "put",
    change: {
      asset_id: `SALES.${name}`,
      change_type: "created",
      facets: ["content"],
      strategy: "full",
      cause: "source",
      fields: [{ path: "/a", old: rawNumber("1.0") }],
    },
    asset: anAsset({ name, custom_properties: Object.fromEntries([["__proto__", [rawNumber("1e-07"), "\u2028\n", "\ud800"]]]) }),
    fingerprint: { scheme: "s", content: "c", schema: null, metadata: null },
    raw: null,
  },
});

function list(spool: Spool, items: readonly SpooledListing[]): Promise<void> {
  return spool.list(
    items,
    items.map(({ ref }) => ref),
  );
}

describe.each([
  ["a spool on disk", () => openSpool()],
  ["a spool in memory", openMemorySpool],
])("%s", (_, open) => {
  test("gives the listing back in code-point order, whole, whatever order it came in", async () => {
    await using spool = await open();
    const items = [
      listed("SALES.\u{1F600}", { token: null, locator: null }),
      listed("SALES.\uE000", { locator: [1, { exact: rawNumber("0.1") }] }),
      listed("SALES.__proto__"),
      listed("SALES.a\u0000b", { scope: "other" }),
      ...Array.from({ length: 2_500 }, (__, i) => listed(`SALES.T${(i * 7_919) % 2_500}`)),
    ];
    for (let at = 0; at < items.length; at += 700) await list(spool, items.slice(at, at + 700));
    const pages = await Array.fromAsync(spool.listed());
    expect(pages.flat()).toEqual(items.toSorted((a, b) => compareCodePoints(a.id, b.id)));
    expect(Math.max(...pages.map((page) => page.length))).toBeLessThanOrEqual(1_000);
  });

  test("counts each id once and keeps the first, whether it comes again in the same call or later", async () => {
    await using spool = await open();
    await list(spool, [listed("A.b"), listed("A.a")]);
    await list(spool, [listed("A.b", { token: "later", scope: "again" }), listed("A.c"), listed("A.c", { token: "later" })]);
    expect(await spool.sum()).toEqual({
      count: 3,
      repeated: new Map([
        ["SALES", "A.c"],
        ["again", "A.b"],
      ]),
    });
    expect((await Array.fromAsync(spool.listed())).flat()).toEqual([listed("A.a"), listed("A.b"), listed("A.c")]);
    expect(await spool.sum()).toMatchObject({ count: 3 });
  });

  test("gives a listing of many runs back in order, forwards, backwards and shuffled, each id once", async () => {
    const ids = Array.from({ length: 70_000 }, (__, i) => `A.T${String(i).padStart(6, "0")}`);
    const shuffled = ids.map((__, i) => ids[(i * 30_011) % ids.length] as string);
    for (const order of [ids, ids.toReversed(), shuffled, [...ids, ...ids.slice(0, 3_000)]]) {
      await using spool = await open();
      for (let at = 0; at < order.length; at += 1_000) {
        const batch = order.slice(at, at + 1_000).map((id) => listed(id));
        await list(spool, batch);
      }
      expect((await spool.sum()).count).toBe(ids.length);
      const pages = await Array.fromAsync(spool.pages());
      expect(pages.flatMap((page) => page.ids)).toEqual(ids);
      expect(Math.max(...pages.map((page) => page.ids.length))).toBeLessThanOrEqual(1_000);
      expect(pages.at(-1)?.at(0)).toEqual(listed(pages.at(-1)?.ids[0] as string));
    }
  });

  test("takes as text what it takes one by one: overlapping, repeated, with places of their own or their ids", async () => {
    const order = Array.from({ length: 30_000 }, (__, i) => `A.T${String(i).padStart(6, "0")}`);
    const batches = Array.from({ length: 40 }, (__, i) => order.slice(((i * 7) % 40) * 740, ((i * 7) % 40) * 740 + 760));
    for (const refOf of [(id: string) => id, (id: string) => `place of ${id.slice(0, -1)}`]) {
      await using one = await open();
      await using ofText = await open();
      for (const [i, ids] of batches.entries()) {
        const items = ids.map((id) =>
          listed(id, { scope: "A", token: `${id} in ${i}`, locator: { file: 'a "b".json', at: i }, ref: refOf(id) }),
        );
        await list(one, items);
        const lines = (of: (item: SpooledListing) => string): string => items.map(of).join("\n");
        const columns = {
          ids: lines(({ id }) => id),
          tokens: lines(({ token }) => token ?? ""),
          locators: lines(({ locator }) => JSON.stringify(locator)),
        };
        if (i % 3 === 0) await list(ofText, items);
        else await ofText.listText({ scope: "A", count: items.length, ...columns }, ids.map(refOf));
      }
      expect(await ofText.sum()).toEqual(await one.sum());
      expect((await Array.fromAsync(ofText.listed())).flat()).toEqual((await Array.fromAsync(one.listed())).flat());
      expect(await Array.fromAsync(ofText.collisions())).toEqual(await Array.fromAsync(one.collisions()));
    }
  });

  test("finds the places that more than one id would take, also after more was listed", async () => {
    await using spool = await open();
    await list(spool, [
      listed("A.Orders", { ref: "a.orders" }),
      listed("A.orders", { ref: "a.orders" }),
      listed("A.b", { ref: "a.b" }),
      listed("A.\u{1F600}", { ref: "z" }),
    ]);
    expect(await Array.fromAsync(spool.collisions())).toEqual([{ ref: "a.orders", ids: ["A.Orders", "A.orders"] }]);
    await list(spool, [listed("A.\uFFFD", { ref: "z" }), listed("A.ORDERS", { ref: "a.orders" })]);
    expect(await Array.fromAsync(spool.collisions())).toEqual([
      { ref: "a.orders", ids: ["A.ORDERS", "A.Orders", "A.orders"] },
      { ref: "z", ids: ["A.\uFFFD", "A.\u{1F600}"] },
    ]);
  });

  test("gives the plan back as appended, values exact, as often as asked, and up to where it stands", async () => {
    await using spool = await open();
    expect(await Array.fromAsync(spool.records())).toEqual([]);
    await spool.append([]);
    const { step } = put("d");
    const column_renames = [{ from: "A", to: "B", similarity: 0.75 }];
    const first: PlanRecord[] = [
      put("a"),
      put("b"),
      { record: "step", step: { ...step, change: { ...step.change, column_renames }, carry_columns: true } as typeof step },
      { record: "rename", rename: { from: "A.a", to: "A.b", similarity: 0.875 }, carried: false },
    ];
    await spool.append(first);
    const reading = spool.records()[Symbol.asyncIterator]();
    const page = await reading.next();
    await spool.append([put("c")]);
    expect([page.value, (await reading.next()).done]).toEqual([first, true]);
    for (const __ of [1, 2]) expect((await Array.fromAsync(spool.records())).flat()).toEqual([...first, put("c")]);
  });

  test("tells the parts of a plan that are asked for, in their order", async () => {
    await using spool = await open();
    const gone: PlanRecord = {
      record: "step",
      step: { kind: "delete", change: { ...put("gone").step.change, change_type: "deleted" }, ref: "put refresh" },
    };
    const rename: PlanRecord = { record: "rename", rename: { from: "A.gone", to: "A.a", similarity: 0.5 }, carried: true };
    await spool.append([put("a"), gone, put("b")]);
    const parts = async (...asked: readonly PlanPart[]): Promise<unknown> => (await Array.fromAsync(spool.records(asked))).flat();
    expect([await parts("put"), await parts("delete"), await parts("rename"), await parts("refresh")]).toEqual([
      [put("a"), put("b")],
      [gone],
      [],
      [],
    ]);
    await spool.append([rename, put("c")]);
    expect([await parts("rename"), await parts("delete", "put")]).toEqual([[rename], [put("a"), gone, put("b"), put("c")]]);
  });

  test("holds plans of many pages", async () => {
    await using spool = await open();
    const records = Array.from({ length: 5_000 }, (__, i) => put(`T${i} ${"é\u{1F600}".repeat(i % 100)}`));
    for (let at = 0; at < records.length; at += 900) await spool.append(records.slice(at, at + 900));
    const pages = await Array.fromAsync(spool.records());
    expect(pages.flat()).toEqual(records);
    expect(pages.length).toBeGreaterThan(1);
  });

  test("holds records longer than a page, among others, with letters of many bytes", async () => {
    await using spool = await open();
    const records = [put("a"), put("é".repeat(400_000)), put("b"), put("\u{1F600}".repeat(150_000)), put("c")];
    await spool.append(records);
    expect((await Array.fromAsync(spool.records(["put"]))).flat()).toEqual(records);
  });

  test("refuses a name that UTF-8 cannot hold, and keeps nothing of that call", async () => {
    await using spool = await open();
    await expect(list(spool, [listed("A.a"), listed("A.\udc00")])).rejects.toMatchObject({ code: "value_unrepresentable" });
    const columns = { scope: "A", count: 2, ids: "A.a\nA.\udc00", tokens: "t\nt", locators: "1\n2" };
    await expect(spool.listText(columns, ["A.a", "A.\udc00"])).rejects.toMatchObject({ code: "value_unrepresentable" });
    expect(await Array.fromAsync(spool.listed())).toEqual([]);
  });
});

test("a spool's folder is its owner's alone, and gone when it is disposed of", async () => {
  const parent = await temporaryFolder();
  const spool = await openSpool(parent);
  await spool.append([put("a")]);
  const [name] = readdirSync(parent) as [string];
  expect(statSync(join(parent, name)).mode & 0o777).toBe(0o700);
  await spool[Symbol.asyncDispose]();
  expect(readdirSync(parent)).toEqual([]);
});

test("a spool that nobody disposed of is gone when the process exits", () => {
  const parent = mkdtempSync(join(tmpdir(), "tidemark-test-"));
  const script = `import { openSpool } from ${JSON.stringify(join(import.meta.dirname, "open-spool.ts"))}; await openSpool(process.argv[1]); process.exit(3);`;
  expect(spawnSync(process.execPath, ["--input-type=module", "-e", script, parent]).status).toBe(3);
  expect(readdirSync(parent)).toEqual([]);
  rmSync(parent, { recursive: true });
});

test("a temporary folder that cannot be written is named, with the way out", async () => {
  const parent = join(await temporaryFolder(), "absent");
  await expect(openSpool(parent)).rejects.toMatchObject({
    code: "state_unwritable",
    message: expect.stringContaining(parent),
    remedy: expect.stringContaining("TMPDIR"),
  });
  expect(existsSync(parent)).toBe(false);
});
