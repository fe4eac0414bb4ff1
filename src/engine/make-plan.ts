import { detect } from "../detect/detect.ts";
import type { Asset, AssetId } from "../model/asset.ts";
import type { Change } from "../model/change.ts";
import type { Checkpoint, CheckpointEntry } from "../model/checkpoint.ts";
import type { Problem } from "../model/errors.ts";
import type { RawFingerprint } from "../model/fingerprint.ts";
import type { Presence, ReadResult } from "../model/listing.ts";
import type { PlanRecord, PlanSummary, Step, Withheld } from "../model/plan.ts";
import { addChange, addWithheld, emptySummary } from "../plan/summary.ts";
import type { CheckpointReader } from "../ports/checkpoint-store.ts";
import type { Spool, SpooledListing } from "../ports/spool.ts";
import type { Observed } from "../ports/target.ts";
import type { Listing } from "./list-source.ts";
import { mergeById, type Pair } from "./merge-by-id.ts";
import type { Parts, RunOptions } from "./parts.ts";
import type { ProblemLog } from "./problem-log.ts";
import type { RunContext } from "./run-context.ts";

/** What the plan came to. Its records stand in the spool. */
export interface PlanResult {
  readonly summary: PlanSummary;
  /** Deletions that the guard counts: those that this plan begins. */
  readonly deletions: number;
  /** Checkpoints that were hashed anew because the scheme changed. */
  readonly rehashed: number;
}

/**
 * Reads what may have changed, compares it with what was applied, and spools the plan: steps, what is withheld, what is only renewed.
 * Holds one batch at a time. With `observe` it also looks at the tables that would be written, so that a preview shows what their
 * owners' edits withhold.
 */
export async function makePlan(
  parts: Parts,
  run: RunContext,
  reader: CheckpointReader,
  listing: Listing,
  spool: Spool,
  problems: ProblemLog,
  options: RunOptions & { readonly observe: boolean },
): Promise<PlanResult> {
  const planner = new Planner(parts, run, reader, listing, spool, problems, options);
  parts.log.event({ kind: "phase", phase: "detect", total: listing.count });
  await spool.append([{ record: "header", header: run.header }]);
  for await (const pairs of mergeById(spool.listed(), reader.entries())) {
    for (const pair of pairs) await planner.consider(pair);
  }
  await planner.flush();
  return planner.result();
}

/** Decides one pair at a time, and asks source, state and target in batches. */
class Planner {
  readonly #parts: Parts;
  readonly #run: RunContext;
  readonly #reader: CheckpointReader;
  readonly #listing: Listing;
  readonly #spool: Spool;
  readonly #problems: ProblemLog;
  readonly #options: RunOptions & { readonly observe: boolean };
  #batch: Pair[] = [];
  #summary: PlanSummary;
  #deletions = 0;
  #rehashed = 0;
  #seen = 0;

  constructor(
    parts: Parts,
    run: RunContext,
    reader: CheckpointReader,
    listing: Listing,
    spool: Spool,
    problems: ProblemLog,
    options: RunOptions & { readonly observe: boolean },
  ) {
    this.#parts = parts;
    this.#run = run;
    this.#reader = reader;
    this.#listing = listing;
    this.#spool = spool;
    this.#problems = problems;
    this.#options = options;
    this.#summary = { ...emptySummary(), assets: listing.count };
  }

  async consider(pair: Pair): Promise<void> {
    if (pair.listed !== null) this.#parts.log.event({ kind: "progress", phase: "detect", done: ++this.#seen });
    if (pair.listed !== null && pair.entry !== null && this.#provesEqual(pair.listed, pair.entry)) {
      this.#unchanged();
      return;
    }
    this.#batch.push(pair);
    if (this.#batch.length >= this.#parts.settings.batch_size) await this.flush();
  }

  async flush(): Promise<void> {
    this.#options.signal.throwIfAborted();
    const batch = this.#batch;
    this.#batch = [];
    if (batch.length === 0) return;
    const { source, target, settings } = this.#parts;
    const recorded = await this.#reader.get(batch.flatMap((pair) => (pair.entry === null ? [] : [pair.entry.asset_id])));
    const reads = new Map<AssetId, ReadResult>();
    const toRead = batch.flatMap((pair) => (pair.listed !== null && this.#mustRead(pair.listed, pair.entry) ? [pair.listed] : []));
    if (toRead.length > 0) for await (const read of source.read(toRead, this.#options)) reads.set(read.id, read);
    const toConfirm = batch.flatMap((pair) => (pair.listed === null && this.#mayBeGone(pair.entry) === null ? [pair.entry.asset_id] : []));
    const presence = toConfirm.length > 0 ? await source.confirm(toConfirm, this.#options) : new Map<AssetId, Presence>();
    const look = target.supports.observe && (this.#options.observe || this.#options.full === true);
    const refs = look ? batch.flatMap((pair) => (pair.listed === null ? [] : [pair.listed.ref])) : [];
    const observed = refs.length > 0 ? await target.observe(refs, this.#options) : new Map<string, Observed>();

    const records: PlanRecord[] = [];
    for (const pair of batch) {
      const checkpoint = pair.entry === null ? null : (recorded.get(pair.entry.asset_id) ?? null);
      if (pair.listed === null) this.#planVanished(pair.entry, presence, settings.deletion.grace_runs, records);
      else this.#planListed(pair.listed, checkpoint, reads.get(pair.listed.id), observed.get(pair.listed.ref), records);
    }
    await this.#spool.append(records);
  }

  result(): PlanResult {
    return { summary: this.#summary, deletions: this.#deletions, rehashed: this.#rehashed };
  }

  #provesEqual(listed: SpooledListing, entry: CheckpointEntry): boolean {
    return (
      this.#sameBytes(listed, entry.raw) &&
      entry.mapping === this.#parts.target.mapping &&
      entry.ref === listed.ref &&
      entry.tombstone === null &&
      this.#options.full !== true
    );
  }

  #sameBytes(listed: SpooledListing, raw: RawFingerprint | null): boolean {
    return raw !== null && listed.token !== null && raw.token === listed.token && raw.basis === this.#run.basis;
  }

  // Equal bytes under an equal basis need no read even where the target's mapping moved: the snapshot is the asset.
  #mustRead(listed: SpooledListing, entry: CheckpointEntry | null): boolean {
    return entry === null || this.#options.full === true || !this.#sameBytes(listed, entry.raw);
  }

  #planListed(
    listed: SpooledListing,
    checkpoint: Checkpoint | null,
    read: ReadResult | undefined,
    observed: Observed | undefined,
    records: PlanRecord[],
  ): void {
    const fallback = checkpoint === null ? "created" : "modified";
    const collision = this.#listing.colliding.get(listed.id);
    // Whoever holds the place already keeps it; the newcomers are withheld.
    if (collision !== undefined && checkpoint?.target?.ref !== listed.ref) {
      const message = `${listed.id} and ${collision.others.join(", ")} would both be ${collision.ref} in the target. Rename one of them in the source.`;
      this.#withhold({ asset_id: listed.id, change_type: fallback, because: { code: "name_collision", message } }, records);
      return;
    }
    if (read?.kind === "failed") {
      this.#problems.add(read.problem);
      records.push({ record: "problem", problem: read.problem });
      return;
    }
    const asset = read?.asset ?? checkpoint?.snapshot;
    if (asset === undefined) {
      const problem: Problem = { asset_id: listed.id, code: "asset_unreadable", message: `Reading ${listed.id} gave no answer. Run again; if it stays, report it as a defect.` };
      this.#problems.add(problem);
      records.push({ record: "problem", problem });
      return;
    }
    if (read?.kind === "asset") for (const warning of read.warnings) this.#problems.add(warning);
    const token = read?.kind === "asset" ? (read.token ?? listed.token) : listed.token;
    const raw = token === null ? null : { token, basis: this.#run.basis };
    this.#compare(listed, asset, raw, checkpoint, observed, records);
  }

  #compare(
    listed: SpooledListing,
    asset: Asset,
    raw: RawFingerprint | null,
    checkpoint: Checkpoint | null,
    observed: Observed | undefined,
    records: PlanRecord[],
  ): void {
    const { target, settings } = this.#parts;
    const projection = target.project(asset, this.#run.mark);
    const found = detect(asset, checkpoint, settings.scheme, settings, {
      rawUnchanged: raw !== null && checkpoint?.raw?.token === raw.token,
    });
    if (checkpoint !== null && checkpoint.fingerprint.scheme !== this.#run.scheme) this.#rehashed++;
    const moved = checkpoint !== null && checkpoint.target?.ref !== listed.ref;
    const change = found.change ?? (projection.ok ? unforcedChange(asset.id, checkpoint, projection.fingerprint, observed, moved) : null);
    if (change === null) {
      this.#unchanged();
      const mapping = target.mapping;
      records.push({ record: "refresh", refresh: { asset_id: asset.id, entry: { raw, fingerprint: found.fingerprint, mapping } } });
      return;
    }
    if (!projection.ok) {
      this.#withhold({ asset_id: asset.id, change_type: change.change_type, because: { code: projection.problem.code, message: projection.problem.message } }, records);
      return;
    }
    if (moved && this.#run.scopeChanged) {
      const message = `${asset.id} would move from ${checkpoint.target?.ref ?? "nowhere"} to ${listed.ref}, because the pipeline's scope or naming changed. Look at the plan with --accept-scope-change.`;
      this.#withhold({ asset_id: asset.id, change_type: change.change_type, because: { code: "scope_changed", message } }, records);
      return;
    }
    for (const warning of projection.warnings) this.#problems.add(warning);
    const step: Step = { kind: "put", change, asset, fingerprint: found.fingerprint, raw, ...(observed?.state === "present" ? { revision: observed.revision } : {}) };
    if (observed === undefined) this.#step(step, records);
    else this.#previewStep(step, checkpoint, observed, records);
  }

  // What people did to the table shows in the plan where it was looked at; apply finds it by compare-and-set.
  #previewStep(step: Extract<Step, { kind: "put" }>, checkpoint: Checkpoint | null, observed: Observed, records: PlanRecord[]): void {
    const { change, asset } = step;
    const seen = this.#parts.target.preview({ mark: this.#run.mark, change, asset, base: checkpoint?.target ?? null, observed, decisions: checkpoint?.decisions ?? [] });
    for (const kept of seen.kept) this.#problems.add(kept);
    for (const withheld of seen.withheld) this.#withhold(withheld, records);
    const held = new Set(seen.withheld.flatMap((withheld) => (withheld.path === undefined ? [] : [withheld.path])));
    const wholly = seen.withheld.some((withheld) => withheld.path === undefined);
    const fields = change.fields.filter((field) => !held.has(field.path));
    if (wholly || (held.size > 0 && fields.length === 0)) return;
    this.#step({ ...step, change: { ...change, fields } }, records);
  }

  #planVanished(entry: CheckpointEntry, presence: ReadonlyMap<AssetId, Presence>, graceRuns: number, records: PlanRecord[]): void {
    const id = entry.asset_id;
    const withheld = (code: Withheld["because"]["code"], message: string): void =>
      this.#withhold({ asset_id: id, change_type: "deleted", because: { code, message } }, records);
    const kept = this.#mayBeGone(entry);
    if (kept === "silent") return;
    if (kept === "recovered") {
      withheld("state_recovered", `${id} was not listed. This is the first run on a recovered state, which deletes nothing; the next one will.`);
      return;
    }
    if (kept === "scope") {
      withheld("scope_changed", `${id} is not in the pipeline's changed scope. Nothing is deleted for that: look at the plan with --accept-scope-change, or take it out on purpose with \`tidemark retire\`.`);
      return;
    }
    const answer = presence.get(id) ?? "unknown";
    if (answer !== "gone") {
      withheld(
        "deletion_unconfirmed",
        answer === "present"
          ? `${id} was not listed, and yet a read finds it. It is kept.`
          : `${id} was not listed, and a read could not confirm that it is gone. It is kept; check that its space is readable.`,
      );
      return;
    }
    const begins = entry.tombstone === null;
    const ripe = graceRuns === 0 || (entry.tombstone !== null && entry.tombstone.confirmations >= graceRuns);
    if (begins) this.#deletions++;
    const phase = graceRuns === 0 ? {} : { phase: ripe ? ("remove" as const) : ("mark" as const) };
    const change: Change = { asset_id: id, change_type: "deleted", facets: [], strategy: "deletion", cause: "source", fields: [], ...phase };
    this.#step({ kind: "delete", change, ref: entry.ref ?? this.#parts.target.place(id).key }, records);
  }

  // Null: its space was listed completely, so a read may confirm. "silent": the incomplete listing tells it already.
  #mayBeGone(entry: CheckpointEntry): "silent" | "scope" | "recovered" | null {
    const scope = entry.asset_id.slice(0, entry.asset_id.indexOf("."));
    const certificate = this.#listing.certificates.get(scope);
    if (this.#run.scopeChanged || certificate === undefined) return "scope";
    if (!certificate.complete) return "silent";
    return this.#run.head?.recovered === true ? "recovered" : null;
  }

  #step(step: Step, records: PlanRecord[]): void {
    this.#summary = addChange(this.#summary, step.change);
    records.push({ record: "step", step });
  }

  #withhold(withheld: Withheld, records: PlanRecord[]): void {
    this.#summary = addWithheld(this.#summary);
    records.push({ record: "withheld", withheld });
  }

  #unchanged(): void {
    this.#summary = { ...this.#summary, unchanged: this.#summary.unchanged + 1 };
  }
}

/** A reason to write an asset whose facets are all equal: our mapping moved, the table was edited, or a deletion mark stands on it. */
function unforcedChange(id: AssetId, checkpoint: Checkpoint | null, projected: string, observed: Observed | undefined, moved: boolean): Change | null {
  if (checkpoint === null) return null;
  const base: Change = { asset_id: id, change_type: "metadata_changed", facets: ["metadata"], strategy: "metadata_only", cause: "source", fields: [] };
  const whole: Change = { ...base, change_type: "modified", facets: ["content", "metadata", "schema"], strategy: "full" };
  if (checkpoint.target === null || checkpoint.target.fingerprint !== projected || moved) return { ...whole, cause: "mapping" };
  if (observed?.state === "absent" || (observed?.state === "present" && observed.fingerprint !== projected)) return { ...whole, cause: "drift" };
  return checkpoint.tombstone === null ? null : base;
}
