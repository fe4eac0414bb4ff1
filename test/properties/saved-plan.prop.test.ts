import { expect, test } from "vitest";
import { NO_OVERLAY } from "../../src/csn/overlay.ts";
import { toAsset } from "../../src/csn/to-asset.ts";
import type { Asset } from "../../src/model/asset.ts";
import { applyEdits, EDITS } from "../../src/sandbox/tenant/edits.ts";
import { Rng } from "../../src/sandbox/tenant/rng.ts";
import { tenant, type TenantAsset } from "../../src/sandbox/tenant/tenant.ts";
import { sync } from "../../src/engine/sync.ts";
import { aMemoryPipeline, type MemoryPipeline, NEVER } from "../helpers/memory-pipeline.ts";
import { applyPlanFile, savePlan } from "../helpers/saved-plan.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";

const HISTORIES = Number(process.env["SAVED_PLANS"] ?? 8);
const RUNS = 6;

test("a plan saved and applied leaves what a sync leaves: tables, checkpoints and counts, whatever came, went, changed and was typed over", async () => {
  const folder = await temporaryFolder();
  for (let seed = 0; seed < HISTORIES; seed++) {
    const rng = new Rng(seed, 11);
    const [synced, applied] = [aMemoryPipeline([]), aMemoryPipeline([])];
    const source = new Map<string, TenantAsset>();
    const made = [...tenant({ assets: 12, seed })];
    for (let run = 0; run < RUNS; run++) {
      for (const asset of made) move(source, asset, rng);
      for (const { tenant: assets } of [synced, applied]) bring(assets, source);
      edit([synced, applied], rng);
      const options = { signal: NEVER, allow_deletes: deletionsIn(synced, source) };

      const report = await sync(synced.parts(), options);
      const file = await savePlan(applied.parts(), options, folder);
      const other = await applyPlanFile(applied.parts(), file);

      const told = `seed ${seed}, run ${run}`;
      expect([other.status, other.summary], told).toEqual([report.status, report.summary]);
      expect(await standing(applied), told).toEqual(await standing(synced));
    }
  }
});

// Assets come, go, come again as they first were, and change in any of their facets.
function move(source: Map<string, TenantAsset>, made: TenantAsset, rng: Rng): void {
  const id = `${made.space}.${made.name}`;
  const now = source.get(id);
  if (now === undefined) {
    if (rng.chance(0.5)) source.set(id, made);
  } else if (rng.chance(0.15)) source.delete(id);
  else if (rng.chance(0.4))
    source.set(id, { ...now, definition: applyEdits(now.definition, rng.shuffle(EDITS).slice(0, 3), rng).definition });
}

function bring(assets: MemoryPipeline["tenant"], source: ReadonlyMap<string, TenantAsset>): void {
  for (const space of assets.spaces()) for (const { id } of assets.in(space)) if (!source.has(id)) assets.delete(id);
  for (const asset of source.values()) assets.put(assetOf(asset));
}

/** People type over a description, in both catalogs alike. */
function edit(pipelines: readonly MemoryPipeline[], rng: Rng): void {
  for (const place of pipelines[0]?.catalog.places() ?? []) {
    if (!rng.chance(0.1)) continue;
    for (const { catalog } of pipelines) catalog.edit(place, (table) => ({ ...table, description: "typed by hand" }));
  }
}

function deletionsIn({ catalog }: MemoryPipeline, source: ReadonlyMap<string, TenantAsset>): number {
  return catalog.places().filter((place) => !source.has(place)).length;
}

async function standing({ catalog, checkpoints }: MemoryPipeline): Promise<unknown> {
  const lineageless = (value: unknown): unknown => JSON.parse(JSON.stringify(value).replaceAll(/"lineage":"uuid-\d+"/g, '"lineage":"one"'));
  return lineageless([catalog.places().map((place) => [place, catalog.read(place)]), await checkpoints()]);
}

function assetOf(asset: TenantAsset): Asset {
  return toAsset({ ...asset, overlay: NO_OVERLAY });
}
