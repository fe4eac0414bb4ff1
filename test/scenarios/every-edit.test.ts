import { expect, test } from "vitest";
import { isAsset } from "../../src/csn/object-type.ts";
import { NO_OVERLAY } from "../../src/csn/overlay.ts";
import { toAsset } from "../../src/csn/to-asset.ts";
import { type Asset, assetId, type AssetId, spaceOf, technicalNameOf } from "../../src/model/asset.ts";
import type { JsonObject } from "../../src/model/json.ts";
import { applyEdits, EDITS } from "../../src/sandbox/tenant/edits.ts";
import type { Edit } from "../../src/sandbox/tenant/edits/edit.ts";
import { Rng } from "../../src/sandbox/tenant/rng.ts";
import { startGlueSandbox } from "../../src/sandbox/glue/start-glue-sandbox.ts";
import { describeShared } from "../helpers/shared.ts";
import { sharedDefinitions } from "../helpers/shared-csn.ts";
import { type APipeline, aPipeline } from "./a-pipeline.ts";
import { copyOfRealExports } from "./exports-folder.ts";

const PAIRS = 30;

describeShared("an edit of one real asset", () => {
  test("is planned with exactly its facets, and after a sync the table in Glue carries all of it; pairs of edits too", async () => {
    await using folder = await copyOfRealExports();
    await using sandbox = await startGlueSandbox();
    const pipeline = await aPipeline(folder.root, sandbox.url);
    await pipeline.sync();
    const rng = new Rng(1, 8);
    const single = EDITS.map((edit): readonly Edit[] => [edit]);
    const pairs = Array.from({ length: PAIRS }, () => rng.shuffle(EDITS).slice(0, 2));
    const told: unknown[] = [];
    const expected: unknown[] = [];
    for (const edits of [...single, ...pairs]) {
      const edited = await editSomeAsset(folder, edits, rng);
      if (edited === null) continue;
      const { id, facets, definition, names } = edited;
      const planned = (await pipeline.plan()).map(({ change }) => ({ id: change.asset_id, facets: change.facets }));
      const calls = sandbox.counts().writes;
      const report = await pipeline.sync();
      told.push({ names, planned, status: report.status, writes: sandbox.counts().writes - calls, restored: await restored(pipeline, id) });
      expected.push({
        names,
        planned: facets.length === 0 ? [] : [{ id, facets }],
        status: "succeeded",
        writes: facets.length === 0 ? 0 : 1,
        restored: assetOf(id, definition),
      });
    }
    expect(told).toEqual(expected);
    expect(told.length).toBeGreaterThan(EDITS.length);
  });
});

/** The first asset, in a random order, on which all of the edits find something. */
async function editSomeAsset(
  folder: Awaited<ReturnType<typeof copyOfRealExports>>,
  edits: readonly Edit[],
  rng: Rng,
): Promise<{
  readonly id: AssetId;
  readonly facets: readonly string[];
  readonly definition: JsonObject;
  readonly names: readonly string[];
} | null> {
  for (const id of rng.shuffle(realIds())) {
    const definition = await folder.definition(id);
    const edited = definition === null ? null : applyEdits(definition, edits, rng);
    if (edited === null || edited.edits.length < edits.length) continue;
    await folder.replace(id, edited.definition);
    return { id, facets: edited.facets, definition: edited.definition, names: edited.edits.map(({ name }) => name) };
  }
  return null;
}

function realIds(): readonly AssetId[] {
  return sharedDefinitions()
    .filter(({ definition }) => isAsset(definition))
    .map(({ space, name }) => assetId(space, name));
}

/** The asset as its table in Glue tells it. */
async function restored(pipeline: APipeline, id: AssetId): Promise<Asset | null> {
  await using parts = await pipeline.open();
  const ref = parts.target.place(id).key;
  const found = (await parts.target.observe([ref], { signal: AbortSignal.timeout(60_000) })).get(ref);
  return found?.state === "present" ? parts.target.restore(found.document) : null;
}

function assetOf(id: AssetId, definition: JsonObject): Asset {
  return toAsset({ space: spaceOf(id), name: technicalNameOf(id), definition, overlay: NO_OVERLAY });
}
