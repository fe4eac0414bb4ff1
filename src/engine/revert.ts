import type { Asset, AssetId } from "../model/asset.ts";
import type { Change } from "../model/change.ts";
import type { AssetVersion } from "../model/checkpoint.ts";
import { TidemarkError } from "../model/errors.ts";
import type { RunReport } from "../model/report.ts";
import type { CheckpointReader } from "../ports/checkpoint-store.ts";
import type { Prepared } from "./carry-out.ts";
import { judgeDeletions } from "./judge-deletions.ts";
import type { Listing } from "./list-source.ts";
import type { PlanContext } from "./make-plan.ts";
import type { Parts, RunOptions } from "./parts.ts";
import { PlanDraft } from "./plan-draft.ts";
import { planListed } from "./plan-listed.ts";
import type { Preview } from "./preview.ts";
import { type Planning, previewPlan, runPlan } from "./run-plan.ts";

/** What is to be undone: all that a run changed, or an asset back to a generation. */
export type RevertOptions = RunOptions & ({ readonly run: string } | { readonly asset: AssetId; readonly generation: number });

/**
 * Takes assets in the target back to what they were, from the versions that the state keeps. Planned and guarded like any other run:
 * what a run created is deleted, what it deleted is made again. The source is not asked, so the next sync brings its state again.
 */
export function revert(parts: Parts, options: RevertOptions): Promise<RunReport> {
  return runPlan(parts, options, (planning) => prepareRevert(planning, options));
}

/** The plan of {@link revert}; writes nothing. */
export function previewRevert(parts: Parts, options: RevertOptions): Promise<Preview> {
  return previewPlan(parts, options, (planning) => prepareRevert(planning, options));
}

async function prepareRevert(planning: Planning, options: RevertOptions): Promise<Prepared> {
  const { parts, run, reader, spool, problems } = planning;
  const ways = "run" in options ? await waysOfRun(reader, options.run) : [await wayOfAsset(reader, options.asset, options.generation)];
  const draft = new PlanDraft(problems);
  const context: PlanContext = { parts, run, reader, listing: NO_LISTING, scan: null, options: { ...options, observe: true }, draft };
  await spool.append([{ record: "header", header: run.header }]);
  for (let at = 0; at < ways.length; at += parts.settings.batch_size) {
    options.signal.throwIfAborted();
    await planBatch(context, ways.slice(at, at + parts.settings.batch_size));
    await spool.append(draft.take());
  }
  const refused = await judgeDeletions(parts, reader, problems, draft.deletions, options);
  await spool.append([{ record: "summary", summary: draft.summary }]);
  return { summary: draft.summary, listings: [], memory: new Map(), refused, full: false, partial: true };
}

const NO_LISTING: Listing = {
  count: 0,
  certificates: new Map(),
  tokens: new Map(),
  colliding: new Map(),
  memory: new Map(),
  isAtRest: false,
};

/** What an asset goes back to. */
interface Way {
  readonly asset_id: AssetId;
  /** Null: it was not there. */
  readonly snapshot: Asset | null;
  /** A later run that changed it too. */
  readonly changed_by?: string;
}

async function waysOfRun(reader: CheckpointReader, run_id: string): Promise<readonly Way[]> {
  const changed_by = new Map<AssetId, string>();
  const ways = new Map<AssetId, Way>();
  const oldest = await oldestGeneration(reader, run_id);
  if (oldest === null)
    throw new TidemarkError("usage", `No version is kept of what run ${run_id} changed: it changed nothing, or a clean-up dropped it.`, {
      remedy: "`tidemark runs list` shows the runs.",
    });
  for await (const page of reader.versions()) {
    for (const version of page) {
      if (version.generation < oldest) return [...ways.values()];
      const { asset_id, snapshot } = version;
      if (version.run_id !== run_id) {
        if (!ways.has(asset_id) && !changed_by.has(asset_id)) changed_by.set(asset_id, version.run_id);
        continue;
      }
      const later = changed_by.get(asset_id);
      // Newest first: the last that comes is what the asset was before the run.
      ways.set(asset_id, { asset_id, snapshot, ...(later === undefined ? {} : { changed_by: later }) });
    }
  }
  return [...ways.values()];
}

async function oldestGeneration(reader: CheckpointReader, run_id: string): Promise<number | null> {
  let oldest: number | null = null;
  for await (const page of reader.versions({ run_id }))
    for (const { generation } of page) oldest = Math.min(oldest ?? generation, generation);
  return oldest;
}

async function wayOfAsset(reader: CheckpointReader, asset_id: AssetId, generation: number): Promise<Way> {
  const versions: AssetVersion[] = [];
  for await (const page of reader.versions({ asset_id })) versions.push(...page);
  const then = versions.findLast((version) => version.generation > generation);
  if (then === undefined) {
    const isThere = (await reader.get([asset_id])).has(asset_id);
    throw new TidemarkError(
      "usage",
      isThere || versions.length > 0
        ? `${asset_id} has not changed since generation ${generation}: there is nothing to revert.`
        : `Nothing is known of an asset ${asset_id}.`,
      { remedy: `\`tidemark history ${asset_id}\` shows what was done to it.` },
    );
  }
  const reachesBack =
    versions.some((version) => version.generation <= generation) || then.generation === generation + 1 || then.snapshot === null;
  if (!reachesBack)
    throw new TidemarkError(
      "usage",
      `The versions of ${asset_id} that are kept begin at generation ${then.generation - 1}, not at ${generation}.`,
      {
        remedy: `Go back to generation ${then.generation - 1}, or look into the backups with \`tidemark checkpoint diff --from GENERATION ${asset_id}\`.`,
      },
    );
  return { asset_id, snapshot: then.snapshot };
}

async function planBatch(context: PlanContext, ways: readonly Way[]): Promise<void> {
  const { parts, reader, options, draft } = context;
  const recorded = await reader.get(ways.map(({ asset_id }) => asset_id));
  const places = ways.flatMap(({ asset_id, snapshot }) => (snapshot === null ? [] : [parts.target.place(asset_id).key]));
  const observed = parts.target.supports.observe && places.length > 0 ? await parts.target.observe(places, options) : new Map();
  for (const { asset_id, snapshot, changed_by } of ways) {
    draft.listed();
    const checkpoint = recorded.get(asset_id) ?? null;
    if (changed_by !== undefined) {
      const message = `${asset_id} was changed again by run ${changed_by}: it stays as it is. Revert it by itself with --asset ${asset_id} --to GENERATION.`;
      const change_type = snapshot === null ? "deleted" : "modified";
      draft.withhold({ asset_id, change_type, because: { code: "changed_since", message } });
    } else if (snapshot !== null) {
      const { key: ref } = parts.target.place(asset_id);
      const listed = { id: asset_id, scope: snapshot.space, token: null, locator: null, ref };
      const read = { kind: "asset" as const, id: asset_id, asset: snapshot, token: null, warnings: [] };
      planListed(context, { listed, checkpoint, read, observed: observed.get(ref), drift: [] });
    } else if (checkpoint === null) draft.unchanged();
    else {
      const change: Change = { asset_id, change_type: "deleted", facets: [], strategy: "deletion", cause: "source", fields: [] };
      draft.deletions++;
      draft.step({ kind: "delete", change, ref: checkpoint.target?.ref ?? parts.target.place(asset_id).key });
    }
  }
}
