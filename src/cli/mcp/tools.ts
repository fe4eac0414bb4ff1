import { spaceOf } from "../../model/asset.ts";
import { TidemarkError } from "../../model/errors.ts";
import type { PlanRecord } from "../../model/plan.ts";
import { readStatus } from "../commands/status.ts";
import type { Context } from "../context.ts";
import { openState, readConfig, readPipeline } from "../open-pipeline.ts";
import { problemJson } from "../views/json/plan.ts";
import { runReportJson } from "../views/json/run-report.ts";
import { searchAssets } from "./search-assets.ts";

interface OfPipeline {
  readonly pipeline?: string | undefined;
}

/** How many withheld changes and problems an answer spells out. */
const FEW = 20;
const SILENT = { event: () => undefined };

export async function pipelineNames(context: Context): Promise<object> {
  const { file, pipelines } = await readConfig(context);
  return { file, pipelines: pipelines.map(({ name, source, target }) => ({ name, source: source.type, target: target.type })) };
}

export async function pipelineStatus(context: Context, input: OfPipeline): Promise<object> {
  const status = await readStatus(of(context, input));
  return { ...status, last_run: status.last_run === null ? null : runReportJson(status.last_run) };
}

export async function planned(
  context: Context,
  { space, limit, ...which }: OfPipeline & { readonly space?: string | undefined; readonly limit: number },
  signal: AbortSignal,
): Promise<object> {
  const config = await readConfig(context);
  const [{ assemble }, { preview }] = await Promise.all([import("../../config/assemble.ts"), import("../../engine/preview.ts")]);
  await using parts = await assemble(config, of(context, which).global.pipeline, { log: SILENT });
  await using plan = await preview(parts, { signal: AbortSignal.any([signal, context.signal]) });
  const [changes, withheld] = [new Few(limit), new Few(FEW)];
  for await (const page of plan.records()) for (const record of page) sort(record, space, changes, withheld);
  const { pipeline, basis } = plan.header;
  return {
    pipeline,
    basis,
    summary: plan.summary,
    changes: changes.shown,
    ...changes.rest("changes_not_shown"),
    withheld: withheld.shown,
    ...withheld.rest("withheld_not_shown"),
    listings: plan.listings,
    problems: plan.problems.map(problemJson),
  };
}

function sort(record: PlanRecord, space: string | undefined, changes: Few, withheld: Few): void {
  if (record.record === "step" && (space === undefined || spaceOf(record.step.change.asset_id) === space)) changes.add(record.step.change);
  if (record.record === "withheld" && (space === undefined || spaceOf(record.withheld.asset_id) === space)) withheld.add(record.withheld);
}

export async function assetDifference(
  context: Context,
  { asset_id, ...which }: OfPipeline & { readonly asset_id: string },
  signal: AbortSignal,
): Promise<object> {
  const config = await readConfig(context);
  const [{ assemble }, { compareAsset }] = await Promise.all([import("../../config/assemble.ts"), import("../../engine/compare-asset.ts")]);
  await using parts = await assemble(config, of(context, which).global.pipeline, { log: SILENT });
  const comparison = await compareAsset(parts, asset_id, { signal: AbortSignal.any([signal, context.signal]) });
  return { ...comparison, problems: comparison.problems.map(problemJson) };
}

export async function foundAssets(
  context: Context,
  { words, limit, ...which }: OfPipeline & { readonly words: string; readonly limit: number },
): Promise<object> {
  const pipeline = await readPipeline(of(context, which));
  await using reader = await openState(pipeline);
  if ((await reader.head()) === null) throw noState(pipeline.name);
  return { pipeline: pipeline.name, ...(await searchAssets(reader, words, limit)) };
}

export async function assetHistory(
  context: Context,
  { asset_id, limit, ...which }: OfPipeline & { readonly asset_id?: string | undefined; readonly limit: number },
): Promise<object> {
  const pipeline = await readPipeline(of(context, which));
  await using reader = await openState(pipeline);
  if ((await reader.head()) === null) throw noState(pipeline.name);
  return { pipeline: pipeline.name, history: await reader.history({ limit, ...(asset_id === undefined ? {} : { asset_id }) }) };
}

function of(context: Context, { pipeline }: OfPipeline): Context {
  return pipeline === undefined ? context : { ...context, global: { ...context.global, pipeline } };
}

function noState(pipeline: string): TidemarkError {
  return new TidemarkError("usage", `Pipeline ${pipeline} has no state yet.`, { remedy: "Its first `tidemark sync` makes one." });
}

/** The first of many, and how many there are beyond. */
class Few {
  readonly shown: unknown[] = [];
  readonly #limit: number;
  #count = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(item: unknown): void {
    this.#count++;
    if (this.shown.length < this.#limit) this.shown.push(item);
  }

  rest(key: string): { readonly [key: string]: number } {
    const rest = this.#count - this.shown.length;
    return rest === 0 ? {} : { [key]: rest };
  }
}
