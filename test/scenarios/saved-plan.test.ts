import { readFile, writeFile } from "node:fs/promises";
import { beforeEach, describe, expect, test } from "vitest";
import { openPlanFile } from "../../src/cli/plan-file.ts";
import { createMemoryTarget } from "../../src/connectors/memory/index.ts";
import { sync } from "../../src/engine/sync.ts";
import type { Asset } from "../../src/model/asset.ts";
import { compareCodePoints } from "../../src/model/order.ts";
import { anAsset } from "../../src/testing/builders.ts";
import { aMemoryPipeline, type MemoryPipeline, NEVER } from "../helpers/memory-pipeline.ts";
import { applyPlanFile, savePlan } from "../helpers/saved-plan.ts";

const asset = (n: number, business_name = `Table ${n}`): Asset => anAsset({ name: `T${n}`, business_name });

let pipeline: MemoryPipeline;

/** Synced with six assets; then one is edited, one created, one deleted in the source. */
beforeEach(async () => {
  pipeline = aMemoryPipeline(Array.from({ length: 6 }, (_, n) => asset(n)));
  await pipeline.sync();
  pipeline.tenant.put(asset(0, "Edited"));
  pipeline.tenant.put(asset(9));
  pipeline.tenant.delete(asset(5).id);
});

const places = (): readonly string[] => pipeline.catalog.places().toSorted(compareCodePoints);

/** Applies the plan, which is to be refused with nothing changed; answers with what it says. */
async function refusal(file: string, parts = pipeline.parts()): Promise<string> {
  const before = [pipeline.catalog.writes, await pipeline.checkpoints()];
  const error = await applyPlanFile(parts, file).then(
    () => expect.unreachable("the plan was applied"),
    (reason: unknown) => reason as Error & { code: string; remedy: string },
  );
  expect([error.code, error.remedy]).toEqual(["plan_stale", "Make it anew with `tidemark plan --out FILE` and look at it again."]);
  expect([pipeline.catalog.writes, await pipeline.checkpoints()]).toEqual(before);
  return error.message;
}

test("a saved plan is carried out, and leaves nothing for the next sync", async () => {
  const file = await savePlan(pipeline.parts());
  expect((await applyPlanFile(pipeline.parts(), file)).summary).toMatchObject({
    created: 1,
    modified: 1,
    deleted: 1,
    unchanged: 4,
    failed: 0,
  });
  expect(places()).toEqual(["SALES.T0", "SALES.T1", "SALES.T2", "SALES.T3", "SALES.T4", "SALES.T9"]);
  expect((await pipeline.sync()).summary).toMatchObject({ created: 0, modified: 0, deleted: 0, unchanged: 6 });
});

test("what changed in the source since is left to the next plan", async () => {
  const file = await savePlan(pipeline.parts());
  pipeline.tenant.put(asset(0, "Edited again"));
  pipeline.tenant.put(asset(1, "Edited since"));
  expect((await applyPlanFile(pipeline.parts(), file)).summary).toMatchObject({ modified: 1 });
  expect((await pipeline.checkpoints()).map(({ snapshot }) => snapshot.content.business_name).slice(0, 2)).toEqual(["Edited", "Table 1"]);
  expect((await pipeline.sync()).summary).toMatchObject({ modified: 2 });
});

test("applied twice, the second time it is stale", async () => {
  const file = await savePlan(pipeline.parts());
  await applyPlanFile(pipeline.parts(), file);
  expect(await refusal(file)).toContain("The state is at generation 2, and was at 1: another run came between.");
});

test("a plan of a first run is stale once there is a state", async () => {
  const fresh = aMemoryPipeline([asset(1)]);
  const file = await savePlan(fresh.parts());
  await fresh.sync();
  await expect(applyPlanFile(fresh.parts(), file)).rejects.toMatchObject({
    message: expect.stringContaining("has a state now, and had none"),
  });
});

test("a first run is planned, saved and applied", async () => {
  const fresh = aMemoryPipeline([asset(1), asset(2)]);
  expect((await applyPlanFile(fresh.parts(), await savePlan(fresh.parts()))).summary).toMatchObject({ created: 2 });
  expect((await fresh.sync()).summary).toMatchObject({ unchanged: 2, created: 0 });
});

test("a state that is gone, and one of another lineage, are named", async () => {
  const file = await savePlan(pipeline.parts());
  const other = aMemoryPipeline([asset(1)]);
  await expect(applyPlanFile(other.parts(), file)).rejects.toMatchObject({ message: expect.stringContaining("has no state any more") });
  await sync({ ...other.parts(), random: { uuid: () => "another", next: () => 0.5 } }, { signal: NEVER });
  await expect(applyPlanFile(other.parts(), file)).rejects.toMatchObject({
    message: expect.stringMatching(/The state is of another lineage: another, and it was uuid-\d+\./),
  });
});

test.each([
  ["scope", "The pipeline's scope changed"],
  ["mapping", "The target's mapping is other, and was memory-1."],
] as const)("a changed %s is named", async (what, message) => {
  const file = await savePlan(pipeline.parts());
  const parts = pipeline.parts();
  expect(await refusal(file, { ...parts, target: { ...parts.target, [what]: "other" } })).toContain(message);
});

test("a changed hash scheme is named", async () => {
  const file = await savePlan(pipeline.parts());
  const parts = pipeline.parts();
  const settings = { ...parts.settings, scheme: { ...parts.settings.scheme, case_sensitive: false } };
  expect(await refusal(file, { ...parts, settings })).toMatch(/The hash scheme is \S+, and was \S+\./);
});

test("each table that moved since is named: edited, gone, and one that stands where there was none", async () => {
  pipeline.tenant.put(asset(1, "Edited too"));
  const file = await savePlan(pipeline.parts());
  pipeline.catalog.edit("SALES.T0", (table) => ({ ...table, description: "typed by hand" }));
  pipeline.catalog.remove("SALES.T1");
  pipeline.catalog.edit("SALES.T9", (table) => ({ ...table, description: "somebody else's" }));
  expect((await refusal(file)).split("\n")).toEqual([
    "The plan is stale, and nothing was written:",
    "SALES.T0: its table SALES.T0 is at version 1, and was at 0.",
    "SALES.T1: its table SALES.T1 is gone from the target.",
    "SALES.T9: a table stands at SALES.T9 now (version 0), where there was none.",
  ]);
});

test("an asset that the plan deletes and that is in the source again is not deleted", async () => {
  const file = await savePlan(pipeline.parts());
  pipeline.tenant.put(asset(5));
  expect(await refusal(file)).toContain("SALES.T5 would be deleted, and is in the source again.");
});

test("a deletion that the source no longer confirms is not carried out", async () => {
  const file = await savePlan(pipeline.parts());
  pipeline.tenant.unreadable.set("SALES", "403");
  expect(await refusal(file)).toContain("SALES.T5 would be deleted, and the source no longer tells that it is gone.");
});

test("what a run that broke off applied since is named by asset", async () => {
  const file = await savePlan(pipeline.parts());
  const parts = pipeline.parts();
  // The run dies at its commit: its outcomes are recorded, the generation is still the old one.
  const store = {
    ...parts.store,
    reader: () => parts.store.reader(),
    acquire: async () => {
      const lease = await parts.store.acquire();
      lease.commit = () => Promise.reject(new Error("died"));
      return lease;
    },
  };
  await expect(sync({ ...parts, store }, { signal: NEVER })).rejects.toThrow("died");
  expect(await refusal(file)).toContain("SALES.T0: something was applied to it since.");
});

test("a target that would not say is unavailable, and the plan not stale", async () => {
  const file = await savePlan(pipeline.parts());
  const parts = pipeline.parts();
  const problem = { code: "target_unavailable", message: "access denied" } as const;
  const target = {
    ...createMemoryTarget({ catalog: pipeline.catalog }),
    observe: async (refs: readonly string[]) => new Map(refs.map((ref) => [ref, { state: "unknown", ref, problem } as const])),
  };
  await expect(applyPlanFile({ ...parts, target }, file)).rejects.toMatchObject({
    code: "target_unavailable",
    message: "Whether the plan still fits cannot be told: access denied",
  });
});

describe("the guard", () => {
  beforeEach(async () => {
    pipeline = aMemoryPipeline(Array.from({ length: 20 }, (_, n) => asset(n)));
    await pipeline.sync();
    for (let n = 0; n < 8; n++) pipeline.tenant.delete(asset(n).id);
  });

  test("refuses a saved plan as it refuses a sync, and lets the exact number through", async () => {
    const file = await savePlan(pipeline.parts());
    expect((await applyPlanFile(pipeline.parts(), file)).status).toBe("refused");
    expect((await applyPlanFile(pipeline.parts(), file, { allow_deletes: 7 })).status).toBe("refused");
    expect((await applyPlanFile(pipeline.parts(), file, { allow_deletes: 8 })).summary).toMatchObject({ deleted: 8 });
  });

  test("lets through what the plan was allowed when it was made", async () => {
    const file = await savePlan(pipeline.parts(), { allow_deletes: 8 });
    expect((await applyPlanFile(pipeline.parts(), file)).summary).toMatchObject({ deleted: 8 });
  });
});

test("who approves sees the whole plan, and what they throw ends it with nothing written", async () => {
  const file = await savePlan(pipeline.parts());
  const writes = pipeline.catalog.writes;
  const seen: unknown[] = [];
  const approve = async ({ summary }: { summary: unknown }): Promise<void> => {
    seen.push(summary);
    throw new Error("no");
  };
  await expect(applyPlanFile(pipeline.parts(), file, { approve })).rejects.toThrow("no");
  await expect(sync(pipeline.parts(), { signal: NEVER, approve })).rejects.toThrow("no");
  expect(seen).toEqual([expect.objectContaining({ deleted: 1 }), expect.objectContaining({ deleted: 1 })]);
  expect([pipeline.catalog.writes, (await pipeline.checkpoints()).length]).toEqual([writes, 6]);
});

describe("a file", () => {
  let file: string;
  let text: string;
  beforeEach(async () => {
    file = await savePlan(pipeline.parts());
    text = await readFile(file, "utf8");
  });

  test("that is cut anywhere is refused", async () => {
    const cuts = Array.from({ length: 40 }, (_, n) => Math.floor((text.length * n) / 40));
    for (const length of [...cuts, text.length - 2]) {
      await writeFile(file, text.slice(0, length));
      await expect(openPlanFile(file, "/"), `cut at ${length} of ${text.length}`).rejects.toMatchObject({ code: "input_invalid" });
    }
  });

  test("that lacks a line, or in which a letter was edited, is refused", async () => {
    const lines = text.trimEnd().split("\n");
    for (const n of lines.keys()) {
      await writeFile(file, `${lines.toSpliced(n, 1).join("\n")}\n`);
      await expect(openPlanFile(file, "/"), `without line ${n}`).rejects.toMatchObject({ code: "input_invalid" });
    }
    await writeFile(file, text.replace("Edited", "Edition"));
    await expect(openPlanFile(file, "/")).rejects.toMatchObject({
      code: "input_invalid",
      message: expect.stringContaining("was edited since it was saved"),
      remedy: "Make it anew with `tidemark plan --out FILE`.",
    });
  });

  test("that goes on behind its end, that is empty, and that is something else is refused", async () => {
    for (const [content, why] of [
      [`${text}{}\n`, "stands behind its end"],
      ["", "cut short"],
      ["pipelines: []\n", "no JSON"],
      [text.replace('"format_version":1', '"format_version":2'), "it has format 2, and this version of Tidemark knows format 1"],
    ] as const) {
      await writeFile(file, content);
      await expect(openPlanFile(file, "/")).rejects.toMatchObject({ message: expect.stringContaining(why) });
    }
    await expect(openPlanFile(`${file}.absent`, "/")).rejects.toMatchObject({ message: expect.stringContaining("cannot be read") });
  });

  test("of another pipeline is refused", async () => {
    await expect(applyPlanFile({ ...pipeline.parts(), pipeline: "hr" }, file)).rejects.toMatchObject({
      code: "usage",
      remedy: "Apply it with --pipeline sales, or leave --pipeline out.",
    });
  });
});
