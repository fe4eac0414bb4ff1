import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { changefeedTarget } from "../../src/connectors/changefeed/target.ts";
import { NO_OVERLAY } from "../../src/csn/overlay.ts";
import { toAsset } from "../../src/csn/to-asset.ts";
import { type Asset, FACETS } from "../../src/model/asset.ts";
import type { Acknowledged } from "../../src/model/checkpoint.ts";
import { toDocument } from "../../src/model/document.ts";
import { applyEdits, EDITS } from "../../src/sandbox/tenant/edits.ts";
import { Rng } from "../../src/sandbox/tenant/rng.ts";
import { tenant, type TenantAsset } from "../../src/sandbox/tenant/tenant.ts";
import type { Target } from "../../src/ports/target.ts";
import { createMeter } from "../../src/wrappers/meter.ts";
import { replayFeed } from "../helpers/replay-feed.ts";

const HISTORIES = 20;
const mark = { lineage: "one", pipeline: "feed" };
const call = { signal: AbortSignal.timeout(600_000) };

test("a feed replayed gives exactly the documents of its source, whatever came and went and wherever the writer crashed", async () => {
  const folder = await mkdtemp(join(tmpdir(), "tidemark-feed-"));
  try {
    for (let seed = 0; seed < HISTORIES; seed++) {
      const path = join(folder, `${seed}.jsonl`);
      const documents = await liveThrough(path, new Rng(seed, 7), seed);
      expect(replayFeed(await readFile(path, "utf8"))).toEqual(documents);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
});

/** Writes the history of a small tenant to a feed; the documents of its assets at the end. */
async function liveThrough(path: string, rng: Rng, seed: number): Promise<ReadonlyMap<string, unknown>> {
  const source = new Map<string, TenantAsset>();
  const acknowledged = new Map<string, Acknowledged | null>();
  const made = [...tenant({ assets: 12, seed })];
  for (let run = 0; run < 8; run++) {
    for (const asset of made) move(source, asset, rng);
    const target = changefeedTarget({ path, meter: createMeter() });
    await carryOut(target, source, acknowledged, run < 7 ? rng : null);
    await target.close();
  }
  return new Map([...source].map(([id, asset]) => [id, toDocument(assetOf(asset))]));
}

// Assets come, go, come again as they first were, and change in any of their facets.
function move(source: Map<string, TenantAsset>, made: TenantAsset, rng: Rng): void {
  const id = `${made.space}.${made.name}`;
  const now = source.get(id);
  if (now === undefined) {
    if (rng.chance(0.5)) source.set(id, made);
  } else if (rng.chance(0.15)) source.delete(id);
  else if (rng.chance(0.5))
    source.set(id, { ...now, definition: applyEdits(now.definition, rng.shuffle(EDITS).slice(0, 3), rng).definition });
}

// A run as the engine makes it. With `crash` it may die behind a write that it did not record: the asset then counts as never
// acknowledged, so that the next run writes it whole, or removes it, whatever became of it.
async function carryOut(
  target: Target,
  source: ReadonlyMap<string, TenantAsset>,
  acknowledged: Map<string, Acknowledged | null>,
  crash: Rng | null,
): Promise<void> {
  for (const id of new Set([...source.keys(), ...acknowledged.keys()])) {
    const tenantAsset = source.get(id);
    const base = acknowledged.get(id) ?? null;
    const result =
      tenantAsset === undefined
        ? await target.remove({ mark, asset_id: id, ref: id, base, generation: 1 }, call)
        : await put(target, assetOf(tenantAsset), base);
    if (result.status !== "applied") throw new Error(result.status);
    if (crash?.chance(0.1) === true) {
      acknowledged.set(id, null);
      return;
    }
    if (result.acknowledged === null) acknowledged.delete(id);
    // What a store keeps is what JSON says.
    else acknowledged.set(id, JSON.parse(JSON.stringify(result.acknowledged)) as Acknowledged);
  }
}

function put(target: Target, asset: Asset, base: Acknowledged | null): ReturnType<Target["put"]> {
  const change = {
    asset_id: asset.id,
    change_type: base === null ? "created" : "modified",
    facets: FACETS,
    strategy: "full",
    cause: "source",
    fields: [],
  } as const;
  return target.put({ mark, change, asset, base, decisions: [] }, call);
}

function assetOf(asset: TenantAsset): Asset {
  return toAsset({ ...asset, overlay: NO_OVERLAY });
}
