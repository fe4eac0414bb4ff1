import { describe, expect, test } from "vitest";
import { type Definition, toAsset } from "../../src/csn/to-asset.ts";
import { isAsset } from "../../src/csn/object-type.ts";
import { NO_OVERLAY } from "../../src/csn/overlay.ts";
import { detect } from "../../src/detect/detect.ts";
import { schemeId } from "../../src/detect/scheme.ts";
import { DEFAULTS } from "../../src/config/sections.ts";
import { hashScheme } from "../../src/engine/fingerprint.ts";
import { type Asset, FACETS, type Facet } from "../../src/model/asset.ts";
import type { Change, ChangeType } from "../../src/model/change.ts";
import type { Checkpoint } from "../../src/model/checkpoint.ts";
import { applyEdits, EDITS } from "../../src/sandbox/tenant/edits.ts";
import type { Edit } from "../../src/sandbox/tenant/edits/edit.ts";
import { Rng } from "../../src/sandbox/tenant/rng.ts";
import { tenant } from "../../src/sandbox/tenant/tenant.ts";
import { describeShared } from "../helpers/shared.ts";
import { sharedDefinitions } from "../helpers/shared-csn.ts";

const RUNS = Number(process.env["EDIT_RUNS"] ?? 500);
const SEED = Number(process.env["EDIT_SEED"] ?? 1);

const scheme = hashScheme({ mapping: 1, facets: FACETS, ...DEFAULTS.change_detection });
const SUBSETS: readonly (readonly Facet[])[] = [0, 1, 2, 3, 4, 5, 6, 7].map((bits) =>
  FACETS.filter((_facet, at) => (bits & (1 << at)) !== 0),
);

const timeout = 10_000 + RUNS * 100;

describeShared("on real assets", () => {
  test(`of ${RUNS} random edits every change is found, none invented, each classified right`, { timeout }, () => {
    const { wrong, hit } = editMany(sharedDefinitions().filter(({ definition }) => isAsset(definition)));
    expect(wrong).toEqual([]);
    expect(hit).toEqual(EVERY_SUBSET);
  });
});

describe("on made-up assets", () => {
  test(`of ${RUNS} random edits every change is found, none invented, each classified right`, { timeout }, () => {
    const { wrong, hit } = editMany([...tenant({ assets: 200, seed: SEED })]);
    expect(wrong).toEqual([]);
    expect(hit).toEqual(EVERY_SUBSET);
  });
});

const EVERY_SUBSET: ReadonlySet<string> = new Set(SUBSETS.map((facets) => facets.join()));

/** The first edits that were not told exactly, and the sets of facets that were met. */
function editMany(definitions: readonly Definition[]): { readonly wrong: readonly unknown[]; readonly hit: ReadonlySet<string> } {
  const hit = new Set<string>();
  const wrong: unknown[] = [];
  for (let run = 0; run < RUNS && wrong.length < 3; run++) {
    const { expected, found, about } = editOnce(definitions, run);
    hit.add(expected.facets.join());
    if (JSON.stringify(found) !== JSON.stringify(expected)) wrong.push({ run, ...about, expected, found });
  }
  return { wrong, hit };
}

/** What a detection must tell of an edit, and what it did. */
interface Verdict {
  readonly change_type: ChangeType | null;
  readonly facets: readonly Facet[];
  /** Facets that the field-level diff speaks of. */
  readonly told: readonly Facet[];
}

function editOnce(
  definitions: readonly Definition[],
  run: number,
): { readonly expected: Verdict; readonly found: Verdict; readonly about: object } {
  const rng = new Rng(SEED, run, 6);
  const source = rng.pick(definitions);
  const edited = applyEdits(source.definition, chooseEdits(SUBSETS[run % SUBSETS.length] ?? [], rng), rng);
  const before = toAsset({ ...source, overlay: NO_OVERLAY });
  const after = toAsset({ ...source, definition: edited.definition, overlay: NO_OVERLAY });
  const { change } = detect(after, checkpointOf(before), scheme, DEFAULTS.sync_strategies, { rawUnchanged: false });
  return {
    expected: { change_type: typeOf(edited.facets), facets: edited.facets, told: edited.facets },
    found: { change_type: change?.change_type ?? null, facets: change?.facets ?? [], told: facetsToldBy(change) },
    about: {
      asset: `${source.space}.${source.name}`,
      edits: edited.edits.map(({ name }) => name),
      fields: change?.fields.map(({ path }) => path),
    },
  };
}

// One or two edits for each facet that shall change, none that changes another, and some noise.
function chooseEdits(facets: readonly Facet[], rng: Rng): readonly Edit[] {
  const within = EDITS.filter((edit) => edit.facets.length > 0 && edit.facets.every((facet) => facets.includes(facet)));
  const chosen = facets.flatMap((facet) => rng.shuffle(within.filter((edit) => edit.facets.includes(facet))).slice(0, rng.between(1, 2)));
  const noise = rng.shuffle(EDITS.filter((edit) => edit.facets.length === 0)).slice(0, rng.between(facets.length === 0 ? 1 : 0, 4));
  return [...new Set([...chosen, ...noise])];
}

// The order of the reference: content before schema before metadata.
function typeOf(facets: readonly Facet[]): ChangeType | null {
  if (facets.includes("content")) return "modified";
  if (facets.includes("schema")) return "schema_changed";
  return facets.includes("metadata") ? "metadata_changed" : null;
}

function facetsToldBy(change: Change | null): readonly Facet[] {
  return FACETS.filter((facet) => change?.fields.some(({ path }) => path.startsWith(`/${facet}/`)) === true);
}

function checkpointOf(asset: Asset): Checkpoint {
  const { fingerprint } = detect(asset, null, scheme, DEFAULTS.sync_strategies, { rawUnchanged: false });
  return {
    asset_id: asset.id,
    asset_type: asset.asset_type,
    source_system: "datasphere",
    last_sync_time: "2026-01-01T00:00:00.000Z",
    sync_version: 1,
    fingerprint: { ...fingerprint, scheme: schemeId(scheme) },
    raw: null,
    snapshot: asset,
    target: null,
    tombstone: null,
    decisions: [],
  };
}
