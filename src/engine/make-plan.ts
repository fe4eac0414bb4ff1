import type { AssetId } from "../model/asset.ts";
import type { Checkpoint, CheckpointEntry } from "../model/checkpoint.ts";
import type { Presence, ReadResult, Wanted } from "../model/listing.ts";
import type { PlanSummary } from "../model/plan.ts";
import type { Selection } from "../model/selection.ts";
import type { CheckpointReader } from "../ports/checkpoint-store.ts";
import type { Spool, SpooledListing } from "../ports/spool.ts";
import type { Observed } from "../ports/target.ts";
import type { Listing } from "./list-source.ts";
import { type Met, mergeTokens, tokensOf } from "./merge-tokens.ts";
import { entryOf, requireFound } from "./entry.ts";
import type { Parts, RunOptions } from "./parts.ts";
import { PlanDraft } from "./plan-draft.ts";
import { planListed } from "./plan-listed.ts";
import { planVanished, whyKept } from "./plan-vanished.ts";
import type { ProblemLog } from "./problem-log.ts";
import type { RunContext } from "./run-context.ts";
import type { SpaceReads } from "./space-reads.ts";
import { lookUp, type ScannedTable } from "./scan-target.ts";
import { together } from "./together.ts";

/** What the plan came to. Its records stand in the spool. */
export interface PlanResult {
  readonly summary: PlanSummary;
  /** Deletions that the guard counts: those that this plan begins. */
  readonly deletions: number;
  /** Checkpoints that were hashed anew because the scheme changed. */
  readonly rehashed: number;
  /** Of the source and of the state, what is not proved to be as it was. */
  readonly differing: number;
  readonly reads: SpaceReads;
}

export interface PlanOptions extends RunOptions {
  /** Looks at the tables that would be written, so that a preview shows what their owners' edits withhold. */
  readonly observe: boolean;
}

/** What a plan is made from, and the draft that it goes into. */
export interface PlanContext {
  readonly parts: Parts;
  readonly run: RunContext;
  readonly reader: CheckpointReader;
  readonly listing: Listing;
  /** What a scan of the target found, where its tables are to be reconciled. */
  readonly scan: Spool | null;
  readonly options: PlanOptions;
  readonly draft: PlanDraft;
}

/**
 * Reads what may have changed, compares it with what was applied, and spools the plan: steps, what is withheld, what is only renewed.
 * Holds one batch at a time.
 */
export async function makePlan(context: Omit<PlanContext, "draft">, spool: Spool, problems: ProblemLog): Promise<PlanResult> {
  const { parts, run, reader, listing } = context;
  const draft = new PlanDraft(problems);
  const planner = new Planner({ ...context, draft }, spool);
  parts.log.event({ kind: "phase", phase: "detect", total: listing.count });
  await spool.append([{ record: "header", header: run.header }]);
  let differing = 0;
  if (listing.isAtRest) planner.pass(listing.count);
  else {
    const recorded = tokensOf(reader, { basis: run.basis, mapping: parts.target.mapping });
    for await (const { same, met } of mergeTokens(spool.pages(), recorded, { tellAll: planner.looksAtAll })) {
      if (!planner.looksAtAll) planner.pass(same);
      differing += met.length;
      for (const one of met) await planner.consider(one);
    }
    await planner.flush();
  }
  return { summary: draft.summary, deletions: draft.deletions, rehashed: draft.rehashed, differing, reads: draft.reads };
}

/** What the merge met, with what the scan found of it: null for no table, undefined where nothing was scanned. */
type Considered = Met & {
  readonly scanned: ScannedTable | null | undefined;
  /** Its token proves it unchanged. */
  readonly isEqual: boolean;
};

/** The same, with the entry of its checkpoint. */
type Known = Considered & { readonly entry: CheckpointEntry | null };

interface Asked {
  readonly reads: ReadonlyMap<AssetId, ReadResult>;
  readonly selected: readonly Known[];
  readonly presence: ReadonlyMap<AssetId, Presence>;
}

/** Takes one id at a time, and asks source, state and target in batches. */
class Planner {
  readonly #context: PlanContext;
  readonly #spool: Spool;
  readonly #lookUp: ((id: AssetId) => Promise<ScannedTable | null>) | null;
  readonly #batch: Considered[] = [];
  #seen = 0;

  constructor(context: PlanContext, spool: Spool) {
    this.#context = context;
    this.#spool = spool;
    this.#lookUp = context.scan === null ? null : lookUp(context.scan);
  }

  /** A token does not end the matter: everything is read, every table is looked at, or only some assets are wanted. */
  get looksAtAll(): boolean {
    return this.#readsAll || this.#lookUp !== null || this.#context.options.select !== undefined;
  }

  /** So many assets are as they were. */
  pass(same: number): void {
    if (same === 0) return;
    this.#context.draft.listed(same);
    this.#context.draft.unchanged(undefined, same);
    this.#tell(same);
  }

  async consider(met: Met): Promise<void> {
    const { parts, draft, options } = this.#context;
    const { listed, recorded } = met;
    if (listed !== null) this.#tell(1);
    const scanned = recorded === null || recorded.ref === null ? undefined : await this.#lookUp?.(recorded.asset_id);
    if (!isSelected(met, options.select)) return;
    const isDrifted = scanned === null || (scanned !== undefined && scanned.table !== null);
    const isEqual = met.isSame && !isDrifted && !this.#readsAll;
    // What type it has is told by its checkpoint alone.
    if (isEqual && options.select?.types == null) {
      draft.listed();
      draft.unchanged();
      return;
    }
    this.#batch.push({ ...met, scanned, isEqual });
    if (this.#batch.length >= parts.settings.batch_size) await this.flush();
  }

  async flush(): Promise<void> {
    const context = this.#context;
    context.options.signal.throwIfAborted();
    const considered = this.#batch.splice(0);
    if (considered.length === 0) return;
    const recorded = await context.reader.get(considered.flatMap((one) => (one.recorded === null ? [] : [one.recorded.asset_id])));
    const batch = considered.map((one): Known => ({
      ...one,
      entry: one.recorded === null ? null : entryOf(requireFound(recorded, one.recorded.asset_id)),
    }));
    // Which tables to look at follows from what is read only where types are selected. Else source and target are asked at once, so that
    // neither's budget of requests waits for the other's.
    const isAnyType = context.options.select?.types == null;
    const [asked, ahead] = await together(this.#ask(batch, recorded), isAnyType ? this.#observe(batch) : Promise.resolve(undefined));
    const { reads, selected, presence } = asked;
    const observed = ahead ?? (await this.#observe(selected));
    for (const { listed, entry, scanned, isEqual } of selected) {
      if (listed !== null) context.draft.listed();
      if (isEqual) {
        context.draft.unchanged();
        continue;
      }
      if (listed === null) {
        if (entry !== null) planVanished(context, entry, presence.get(entry.asset_id) ?? "unknown");
        continue;
      }
      const checkpoint = entry === null ? null : (recorded.get(entry.asset_id) ?? null);
      const drift = (scanned?.fields ?? []).filter(({ kept }) => kept === undefined);
      planListed(context, {
        listed,
        checkpoint,
        read: reads.get(listed.id),
        observed: observed.get(listed.ref) ?? standing(listed, scanned),
        drift,
      });
    }
    await this.#spool.append(context.draft.take());
  }

  /** What the source tells of a batch, and of it those that are selected. */
  async #ask(batch: readonly Known[], recorded: ReadonlyMap<AssetId, Checkpoint>): Promise<Asked> {
    const reads = await this.#read(batch, recorded);
    const selected = batch.filter((one) => this.#isOfType(one, recorded, reads));
    return { reads, selected, presence: await this.#confirm(selected) };
  }

  /** By what the source holds now, else by what was last applied. One of which neither is known is told whatever was selected. */
  #isOfType({ listed, entry }: Known, recorded: ReadonlyMap<AssetId, Checkpoint>, reads: ReadonlyMap<AssetId, ReadResult>): boolean {
    const types = this.#context.options.select?.types ?? null;
    if (types === null) return true;
    const read = listed === null ? undefined : reads.get(listed.id);
    const type = read?.kind === "asset" ? read.asset.asset_type : entry === null ? undefined : recorded.get(entry.asset_id)?.asset_type;
    return type === undefined || types.has(type);
  }

  async #read(batch: readonly Known[], recorded: ReadonlyMap<AssetId, Checkpoint>): Promise<ReadonlyMap<AssetId, ReadResult>> {
    const reads = new Map<AssetId, ReadResult>();
    const wanted = batch.flatMap(({ listed, entry }) =>
      listed !== null && this.#mustRead(listed, entry)
        ? [{ ...listed, ...this.#knownToken(entry), ...applied(recorded.get(listed.id)) }]
        : [],
    );
    if (wanted.length > 0)
      for await (const read of this.#context.parts.source.read(wanted, this.#context.options)) reads.set(read.id, read);
    for (const read of reads.values()) this.#context.draft.reads.add(read);
    return reads;
  }

  async #confirm(batch: readonly Known[]): Promise<ReadonlyMap<AssetId, Presence>> {
    const wanted = batch.flatMap(({ listed, entry }) =>
      listed === null && entry !== null && whyKept(this.#context, entry) === null ? [entry.asset_id] : [],
    );
    return wanted.length > 0 ? await this.#context.parts.source.confirm(wanted, this.#context.options) : new Map();
  }

  async #observe(batch: readonly Known[]): Promise<ReadonlyMap<string, Observed>> {
    const { parts, options } = this.#context;
    const { target } = parts;
    if (!target.supports.observe) return new Map();
    // Of new assets only what is in the way counts, and that a target may tell with few requests: so a sync tells it too.
    const isNew = ({ entry }: Known): boolean => entry === null && target.taken !== undefined;
    const places = (of: readonly Known[]): readonly string[] =>
      of.flatMap(({ listed, scanned, isEqual }) =>
        isEqual || listed === null || (scanned != null && scanned.table !== null) ? [] : [listed.ref],
      );
    const created = places(batch.filter(isNew));
    const others = options.observe || options.full === true ? places(batch.filter((one) => !isNew(one))) : [];
    const found = new Map(others.length > 0 ? await target.observe(others, options) : []);
    const taken = created.length > 0 ? await target.taken?.(created, options) : undefined;
    for (const [ref, place] of taken ?? []) found.set(ref, place);
    return found;
  }

  #sameBytes(listed: SpooledListing, { raw }: CheckpointEntry): boolean {
    return raw !== null && listed.token !== null && raw.token === listed.token && raw.basis === this.#context.run.basis;
  }

  #knownToken(entry: CheckpointEntry | null): Pick<Wanted, "known"> {
    const raw = entry?.raw ?? null;
    return raw !== null && raw.basis === this.#context.run.basis && !this.#readsAll ? { known: raw.token } : {};
  }

  #tell(more: number): void {
    this.#seen += more;
    this.#context.parts.log.event({ kind: "progress", phase: "detect", done: this.#seen });
  }

  get #readsAll(): boolean {
    const { full, full_read } = this.#context.options;
    return full === true || full_read === true;
  }

  // Equal bytes under an equal basis need no read even where the target's mapping moved: the snapshot is the asset.
  #mustRead(listed: SpooledListing, entry: CheckpointEntry | null): boolean {
    return entry === null || this.#readsAll || !this.#sameBytes(listed, entry);
  }
}

function applied(checkpoint: Checkpoint | undefined): Pick<Wanted, "applied"> {
  return checkpoint === undefined ? {} : { applied: checkpoint.snapshot };
}

function isSelected({ listed, recorded }: Met, select: Selection | undefined): boolean {
  if (select === undefined) return true;
  const finding = listed === null ? "deleted" : recorded === null ? "created" : "changed";
  return select.finding(finding) && select.id(listed === null ? recorded.asset_id : listed.id);
}

/** What a scan tells of the place. A table that it did not find is taken for absent: the write that creates it meets whatever stands there. */
function standing({ ref }: SpooledListing, scanned: ScannedTable | null | undefined): Observed | undefined {
  if (scanned === null) return { state: "absent", ref };
  return scanned?.table?.ref === ref ? scanned.table : undefined;
}
