import { detect } from "../detect/detect.ts";
import type { AssetId } from "../model/asset.ts";
import type { Change } from "../model/change.ts";
import type { Checkpoint } from "../model/checkpoint.ts";
import { TidemarkError } from "../model/errors.ts";
import type { Json } from "../model/json.ts";
import type { ReadResult } from "../model/listing.ts";
import type { RunReport } from "../model/report.ts";
import type { CheckpointReader } from "../ports/checkpoint-store.ts";
import type { SpooledListing } from "../ports/spool.ts";
import type { Observed } from "../ports/target.ts";
import type { Prepared } from "./carry-out.ts";
import { type Listing, listSource } from "./list-source.ts";
import { noAnswer } from "./no-answer.ts";
import type { Parts, RunOptions } from "./parts.ts";
import { PlanDraft } from "./plan-draft.ts";
import type { Preview } from "./preview.ts";
import type { RunContext } from "./run-context.ts";
import { type Planning, previewPlan, runPlan } from "./run-plan.ts";

/** Which assets' tables to take over: those named, or all of a space. */
export interface AdoptOptions extends RunOptions {
  readonly assets?: readonly AssetId[];
  readonly space?: string;
}

/**
 * Takes over the tables that stand where assets belong and bear no mark of this history: nobody's, or another lineage's of this pipeline.
 * What they have is kept: it is merged as if we had never written there. What has no such table is left to the next sync.
 */
export function adopt(parts: Parts, options: AdoptOptions): Promise<RunReport> {
  return runPlan(parts, options, (planning) => prepareAdoption(planning, options));
}

/** The plan of {@link adopt}; writes nothing. */
export function previewAdoption(parts: Parts, options: AdoptOptions): Promise<Preview> {
  return previewPlan(parts, options, (planning) => prepareAdoption(planning, options));
}

async function prepareAdoption({ parts, run, reader, spool, problems }: Planning, options: AdoptOptions): Promise<Prepared> {
  if (!parts.target.supports.observe)
    throw new TidemarkError("usage", `The target of pipeline ${parts.pipeline} is a feed of changes: there are no tables to take over.`, {
      remedy: "Run `tidemark sync`.",
    });
  parts.log.event({ kind: "phase", phase: "list" });
  const listing = await listSource(parts, reader, spool, problems, options);
  const named = new Set(options.assets ?? []);
  const draft = new PlanDraft(problems);
  const adoption: Adoption = { parts, run, reader, listing, draft, options };
  await spool.append([{ record: "header", header: run.header }]);
  const unmet = new Set(named);
  for await (const page of spool.listed()) {
    const chosen = page.filter(({ id, scope }) => named.has(id) || scope === options.space);
    for (const _listed of page) draft.listed();
    for (const { id } of chosen) unmet.delete(id);
    for (let at = 0; at < chosen.length; at += parts.settings.batch_size) {
      await planBatch(adoption, chosen.slice(at, at + parts.settings.batch_size));
      await spool.append(draft.take());
    }
  }
  if (unmet.size > 0) {
    const which = [...unmet].join(", ");
    throw new TidemarkError(
      "usage",
      `The source of pipeline ${parts.pipeline} does not list ${which}, so there is nothing to take a table over for.`,
      { remedy: "Name assets as `tidemark plan` shows them: <space>.<technical name>." },
    );
  }
  const listings = [...listing.certificates.values()];
  const { summary } = draft;
  await spool.append([...listings.map((one) => ({ record: "listing" as const, listing: one })), { record: "summary", summary }]);
  return { summary, listings, memory: listing.memory, refused: false, full: false, partial: false };
}

interface Adoption {
  readonly parts: Parts;
  readonly run: RunContext;
  readonly reader: CheckpointReader;
  readonly listing: Listing;
  readonly draft: PlanDraft;
  readonly options: RunOptions;
}

async function planBatch(adoption: Adoption, items: readonly SpooledListing[]): Promise<void> {
  const { parts, run, reader, draft, options } = adoption;
  options.signal.throwIfAborted();
  const observed = await parts.target.observe(
    items.map(({ ref }) => ref),
    options,
  );
  const foreign: SpooledListing[] = [];
  for (const item of items) {
    const table = observed.get(item.ref);
    if (table?.state === "unknown") draft.fail({ ...table.problem, asset_id: item.id });
    else if (table?.state === "present" && table.mark?.lineage !== run.mark.lineage) foreign.push(item);
    else draft.unchanged();
  }
  if (foreign.length === 0) return;
  const recorded = await reader.get(foreign.map(({ id }) => id));
  const unanswered = new Map(foreign.map((item) => [item.id, item]));
  for await (const read of parts.source.read(foreign, options)) {
    const item = unanswered.get(read.id);
    if (item !== undefined) planTakeover(adoption, item, read, recorded.get(read.id) ?? null, observed.get(item.ref) as Observed);
    unanswered.delete(read.id);
  }
  for (const id of unanswered.keys()) draft.fail(noAnswer(id));
}

function planTakeover(
  { parts, run, listing, draft }: Adoption,
  { id, ref, token }: SpooledListing,
  read: ReadResult,
  checkpoint: Checkpoint | null,
  observed: Observed,
): void {
  const { target, settings } = parts;
  const collision = listing.colliding.get(id);
  if (collision !== undefined) {
    const message = `${id} and ${collision.others.join(", ")} would both be ${ref} in the target. Rename one of them in the source.`;
    draft.withhold({ asset_id: id, change_type: "created", because: { code: "name_collision", message } });
    return;
  }
  if (read.kind !== "asset") {
    if (read.kind === "failed") draft.fail(read.problem);
    return;
  }
  for (const warning of read.warnings) draft.warn(warning);
  const { asset } = read;
  const detected = detect(asset, checkpoint, settings.scheme, settings, { rawUnchanged: false });
  const change: Change = detected.change ?? {
    asset_id: id,
    change_type: "modified",
    facets: ["content", "metadata", "schema"],
    strategy: "full",
    cause: "drift",
    fields: [],
  };
  const base = checkpoint?.target ?? null;
  const seen = target.preview({ mark: run.mark, change, asset, base, observed, decisions: checkpoint?.decisions ?? [], adopt: true });
  for (const kept of seen.kept) draft.warn(kept);
  const wholly = seen.withheld.find(({ path }) => path === undefined);
  if (wholly !== undefined) {
    draft.withhold(wholly);
    return;
  }
  const known = read.token ?? token;
  const raw = known === null ? null : { token: known, basis: run.basis };
  draft.step({ kind: "put", change, asset, fingerprint: detected.fingerprint, raw, observed: observed as unknown as Json, adopt: true });
}
