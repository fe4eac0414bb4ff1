import { beforeEach, expect, test } from "vitest";
import type { RunOptions } from "../../src/engine/parts.ts";
import { sync } from "../../src/engine/sync.ts";
import type { StateHead } from "../../src/model/checkpoint.ts";
import { parseSelection } from "../../src/model/selection.ts";
import { anAsset } from "../../src/testing/builders.ts";
import { aMemoryPipeline, type MemoryPipeline, NEVER } from "../helpers/memory-pipeline.ts";
import { applyPlanFile, savePlan } from "../helpers/saved-plan.ts";

let pipeline: MemoryPipeline;

/** In each of two spaces: two tables and two views, synced; then of each space a table and a view changed, one asset new and one gone. */
beforeEach(async () => {
  const assets = ["SALES", "HR"].flatMap((space) => [
    ...["T1", "T2", "MCT_1"].map((name) => anAsset({ space, name })),
    ...["V1", "V2"].map((name) => anAsset({ space, name, asset_type: "view" })),
  ]);
  pipeline = aMemoryPipeline(assets);
  await pipeline.sync();
  for (const space of ["SALES", "HR"]) {
    for (const name of ["T1", "MCT_1"]) pipeline.tenant.put(anAsset({ space, name, business_name: "edited" }));
    pipeline.tenant.put(anAsset({ space, name: "V1", asset_type: "view", business_name: "edited" }));
    pipeline.tenant.put(anAsset({ space, name: "T3" }));
    pipeline.tenant.delete(`${space}.T2`);
  }
});

const run = async (select: string, options: Partial<RunOptions> = {}, of = pipeline) =>
  await sync(of.parts(), { signal: NEVER, select: parseSelection(select), ...options });

async function headOf(of = pipeline): Promise<StateHead | null> {
  await using reader = await of.store.reader();
  return await reader.head();
}

test.each([
  ["space:SALES", { assets: 5, unchanged: 1, created: 1, modified: 3, deleted: 1 }],
  ["space:*", { assets: 10, unchanged: 2, created: 2, modified: 6, deleted: 2 }],
  ["space:SALES,type:view", { assets: 2, unchanged: 1, created: 0, modified: 1, deleted: 0 }],
  ["type:table,deleted", { assets: 0, unchanged: 0, created: 0, modified: 0, deleted: 2 }],
  ["type:view,deleted", { assets: 0, unchanged: 0, created: 0, modified: 0, deleted: 0 }],
  ["space:SALES,type:view,changed,name:V*", { assets: 2, unchanged: 1, modified: 1, created: 0, deleted: 0 }],
  ["name:MCT_*", { assets: 2, unchanged: 0, modified: 2, created: 0, deleted: 0 }],
  ["space:HR,created", { assets: 1, created: 1, modified: 0, deleted: 0, unchanged: 0 }],
  ["space:HR,changed", { assets: 4, created: 0, modified: 3, deleted: 0, unchanged: 1 }],
])("%s does what it says, and the next sync the rest", async (select, summary) => {
  const report = await run(select);
  expect([report.status, report.summary]).toEqual(["succeeded", expect.objectContaining(summary)]);

  const rest = (await pipeline.sync()).summary;
  const whole = { created: 2, modified: 6, deleted: 2 } as const;
  expect(rest).toMatchObject({
    created: whole.created - summary.created,
    modified: whole.modified - summary.modified,
    deleted: whole.deleted - summary.deleted,
  });
});

test("a selection reads what is selected and may have changed, and nothing else", async () => {
  const parts = pipeline.parts();
  const asked: string[] = [];
  const source: typeof parts.source = {
    ...parts.source,
    async *list(options) {
      for await (const event of parts.source.list(options)) {
        if (event.kind === "certificate") asked.push(`list ${event.certificate.scope}`);
        yield event;
      }
    },
    async *read(items, options) {
      for (const { id } of items) asked.push(`read ${id}`);
      yield* parts.source.read(items, options);
    },
    async confirm(ids, options) {
      for (const id of ids) asked.push(`confirm ${id}`);
      return await parts.source.confirm(ids, options);
    },
  };
  await sync({ ...parts, source }, { signal: NEVER, select: parseSelection("space:HR,changed,name:T*") });
  expect(asked).toEqual(["list HR", "read HR.T1"]);
});

test("what is left out keeps its listing's certificate, and the scope stays the state's", async () => {
  const before = await headOf();
  expect(before?.listings).toEqual([
    { scope: "HR", complete: true, count: 5, complete_at: "1970-01-01T00:00:00.000Z" },
    { scope: "SALES", complete: true, count: 5, complete_at: "1970-01-01T00:00:00.000Z" },
  ]);
  const clock = { ...pipeline.parts().clock, now: () => 3_600_000 };
  await sync({ ...pipeline.parts(), clock }, { signal: NEVER, select: parseSelection("space:SALES") });
  expect(await headOf()).toMatchObject({
    scope: before?.scope,
    listings: [
      { scope: "HR", complete_at: "1970-01-01T00:00:00.000Z" },
      { scope: "SALES", complete_at: "1970-01-01T01:00:00.000Z" },
    ],
  });
});

test("within a selection a deletion needs a complete listing as ever", async () => {
  pipeline.tenant.unreadable.set("SALES", "page 2 was lost");
  const report = await run("space:SALES");
  expect([report.summary.deleted, report.problems.map(({ code }) => code)]).toEqual([0, ["listing_incomplete", "listing_incomplete"]]);
  expect((await headOf())?.listings.find(({ scope }) => scope === "SALES")).toMatchObject({
    complete: false,
    complete_at: "1970-01-01T00:00:00.000Z",
  });
});

test("a first run may be of a selection; it is no full sync, and the next run creates the rest", async () => {
  const fresh = aMemoryPipeline([anAsset({ name: "A" }), anAsset({ space: "HR", name: "B" })]);
  const first = await run("space:HR", {}, fresh);
  expect([first.summary.created, first.full_sync]).toEqual([1, null]);
  expect((await fresh.sync()).summary).toMatchObject({ created: 1, deleted: 0, unchanged: 1 });
});

test("a selected run on a recovered state leaves it so: the next whole run still deletes nothing", async () => {
  const lease = await pipeline.store.acquire();
  const head = await lease.head();
  await lease.begin({ ...(head as StateHead), clean: false, recovered: true });
  await lease.commit({ head: { ...(head as StateHead), recovered: true }, memory: new Map(), report: null });
  await lease[Symbol.asyncDispose]();

  expect((await run("space:SALES,name:T2")).summary).toMatchObject({ deleted: 0, withheld: 1 });
  expect((await headOf())?.recovered).toBe(true);
  expect((await pipeline.sync()).summary).toMatchObject({ deleted: 0, withheld: 2 });
  expect((await pipeline.sync()).summary).toMatchObject({ deleted: 2 });
});

test("a space that the source does not list is refused by name, and a changed scope is not accepted for a part", async () => {
  await expect(run("space:SALE")).rejects.toMatchObject({
    code: "usage",
    message: "The selection asks for SALE, and the source lists no such space.",
  });
  await expect(run("space:SALES", { accept_scope_change: true })).rejects.toMatchObject({ code: "usage" });
});

test("a saved plan of a selection is applied as one", async () => {
  const file = await savePlan(pipeline.parts(), { select: parseSelection("space:SALES") });
  expect((await applyPlanFile(pipeline.parts(), file)).summary).toMatchObject({ created: 1, modified: 3, deleted: 1 });
  expect((await headOf())?.listings).toHaveLength(2);
  expect((await pipeline.sync()).summary).toMatchObject({ created: 1, modified: 3, deleted: 1 });
});
