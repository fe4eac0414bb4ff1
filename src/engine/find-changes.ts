import { changeTypeOf, differingFacets } from "../detect/classify.ts";
import { rehash } from "../detect/rehash.ts";
import { type AssetId, type Facet, FACETS } from "../model/asset.ts";
import type { ChangeType } from "../model/change.ts";
import type { CheckpointEntry } from "../model/checkpoint.ts";
import type { Problem } from "../model/errors.ts";
import type { Fingerprint } from "../model/fingerprint.ts";
import type { Listed, ListingCertificate } from "../model/listing.ts";
import type { PlanHeader, PlanSummary } from "../model/plan.ts";
import { addChange, emptySummary } from "../plan/summary.ts";
import type { CheckpointReader } from "../ports/checkpoint-store.ts";
import type { FingerprintRead } from "../ports/fingerprint-reader.ts";
import type { Spool } from "../ports/spool.ts";
import { listingAtRest } from "./at-rest.ts";
import { entryOf, requireFound } from "./entry.ts";
import { fingerprintReader } from "./fingerprint-reads.ts";
import { type Listing, listSource } from "./list-source.ts";
import { type Met, mergeTokens, tokensOf } from "./merge-tokens.ts";
import { noAnswer } from "./no-answer.ts";
import type { Parts, RunOptions } from "./parts.ts";
import { whyKept } from "./plan-vanished.ts";
import { ProblemLog } from "./problem-log.ts";
import { resolveInMemory } from "./recover.ts";
import { openRun, type RunContext } from "./run-context.ts";
import { together } from "./together.ts";

/** An asset that the source holds otherwise than it was applied. */
export interface FoundChange {
  readonly asset_id: AssetId;
  readonly change_type: ChangeType;
  /** All that differ; all three for created, none for deleted. */
  readonly facets: readonly Facet[];
}

/** What changed in a source, as it is found: to be walked, asked for its sums, and disposed of. */
export interface Changes extends AsyncDisposable {
  readonly header: PlanHeader;
  /** In code-point order of the ids, in bounded pages. Walked once. */
  found(): AsyncIterable<readonly FoundChange[]>;
  /** The sums of what was walked, nothing withheld among them. */
  readonly summary: PlanSummary;
  readonly listings: readonly ListingCertificate[];
  readonly problems: readonly Problem[];
}

/**
 * Finds the assets that changed in the source since they were applied, and in which facets, by their hashes alone. It compares no
 * fields, makes no plan, and asks the target only for what an earlier run left open: what a plan adds to it is what the target has to say, and what a changed
 * mapping or scope asks for. Writes nothing.
 */
export async function findChanges(parts: Parts, options: Pick<RunOptions, "signal">): Promise<Changes> {
  await using opened = new AsyncDisposableStack();
  const opening = opened.use(await parts.store.reader());
  const spool = opened.use(await parts.openSpool());
  const run = await openRun(parts, opening, options);
  const reader = run.head === null ? opening : await resolveInMemory(parts, run, opening, options);
  const problems = new ProblemLog(parts.log);
  parts.log.event({ kind: "phase", phase: "list" });
  const listing = (await listingAtRest(parts, run, reader, options)) ?? (await listSource(parts, reader, spool, problems, options));
  const search = new Search({ parts, run, reader, listing, spool, problems, options });
  const kept = opened.move();
  return {
    header: run.header,
    found: () => search.found(),
    get summary() {
      return search.summary;
    },
    listings: [...listing.certificates.values()],
    get problems() {
      return problems.spelledOut;
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

interface Searched {
  readonly parts: Parts;
  readonly run: RunContext;
  readonly reader: CheckpointReader;
  readonly listing: Listing;
  readonly spool: Spool;
  readonly problems: ProblemLog;
  readonly options: Pick<RunOptions, "signal">;
}

/** Ids that are looked at together. Several batches are under way at a time, and more in each would only take more memory. */
const BATCH = 32;

class Search {
  summary: PlanSummary = emptySummary();
  readonly #in: Searched;
  /** Batches that are being read, in their order. */
  readonly #asked: (readonly Met[])[] = [];
  #seen = 0;

  constructor(searched: Searched) {
    this.#in = searched;
  }

  async *found(): AsyncIterable<readonly FoundChange[]> {
    const { parts, listing, options } = this.#in;
    parts.log.event({ kind: "phase", phase: "detect", total: listing.count });
    if (listing.isAtRest) {
      this.#pass(listing.count);
      return;
    }
    const fingerprints = parts.fingerprints ?? fingerprintReader(parts.source, parts.settings.scheme);
    for await (const reads of fingerprints.reads(this.#toRead(), options)) {
      options.signal.throwIfAborted();
      yield await this.#compared(this.#asked.shift() ?? [], reads);
    }
  }

  /** Of each batch what must be read: what is listed and recorded, under another token. */
  async *#toRead(): AsyncIterable<readonly Listed[]> {
    for await (const batch of this.#batches()) {
      this.#asked.push(batch);
      yield batch.flatMap(({ listed, recorded }) => (listed === null || recorded === null ? [] : [listed]));
    }
  }

  /** What tokens do not prove unchanged. */
  async *#batches(): AsyncIterable<readonly Met[]> {
    const { parts, run, reader, spool } = this.#in;
    const recorded = tokensOf(reader, { basis: run.basis, mapping: parts.target.mapping });
    let batch: Met[] = [];
    for await (const { same, met } of mergeTokens(spool.pages(), recorded, { tellAll: false })) {
      this.#pass(same);
      for (const one of met) {
        batch.push(one);
        if (batch.length < BATCH) continue;
        yield batch;
        batch = [];
      }
    }
    if (batch.length > 0) yield batch;
  }

  #pass(same: number): void {
    const { assets, unchanged } = this.summary;
    this.summary = { ...this.summary, assets: assets + same, unchanged: unchanged + same };
    this.#tell(same);
  }

  #tell(more: number): void {
    this.#seen += more;
    if (more > 0) this.#in.parts.log.event({ kind: "progress", phase: "detect", done: this.#seen });
  }

  async #compared(batch: readonly Met[], reads: readonly FingerprintRead[]): Promise<readonly FoundChange[]> {
    const entries = await this.#entriesOf(batch);
    const [before, gone] = await together(this.#applied(entries), this.#gone(batch, entries));
    const read = new Map(reads.map((one) => [one.id, one]));
    const found = batch.flatMap((met) => this.#changeOf(met, read, before, gone) ?? []);
    for (const change of found) this.summary = addChange(this.summary, change);
    const listed = batch.filter((met) => met.listed !== null).length;
    this.summary = { ...this.summary, assets: this.summary.assets + listed };
    this.#tell(listed);
    return found;
  }

  #changeOf(
    { listed, recorded }: Met,
    reads: ReadonlyMap<AssetId, FingerprintRead>,
    before: ReadonlyMap<AssetId, Fingerprint>,
    gone: ReadonlySet<AssetId>,
  ): FoundChange | null {
    const { problems } = this.#in;
    if (listed === null) return gone.has(recorded.asset_id) ? { asset_id: recorded.asset_id, change_type: "deleted", facets: [] } : null;
    const asset_id = listed.id;
    if (recorded === null) return { asset_id, change_type: "created", facets: FACETS };
    const then = requireFound(before, asset_id);
    const read = reads.get(asset_id);
    if (read?.kind !== "fingerprint") {
      problems.add(read?.problem ?? noAnswer(asset_id));
      return null;
    }
    for (const warning of read.warnings) problems.add(warning);
    const facets = differingFacets(then, read.fingerprint);
    const change_type = changeTypeOf(facets);
    if (change_type !== null) return { asset_id, change_type, facets };
    this.summary = { ...this.summary, unchanged: this.summary.unchanged + 1 };
    return null;
  }

  async #entriesOf(batch: readonly Met[]): Promise<ReadonlyMap<AssetId, CheckpointEntry>> {
    const { reader } = this.#in;
    const ids = batch.flatMap(({ recorded }) => (recorded === null ? [] : [recorded.asset_id]));
    if (reader.entriesAt !== undefined) return await reader.entriesAt(ids);
    return new Map([...(await reader.get(ids))].map(([id, checkpoint]) => [id, entryOf(checkpoint)]));
  }

  /** The fingerprints of what was applied, under the scheme of today. */
  async #applied(entries: ReadonlyMap<AssetId, CheckpointEntry>): Promise<ReadonlyMap<AssetId, Fingerprint>> {
    const { parts, run, reader } = this.#in;
    const others = [...entries.values()].filter(({ fingerprint }) => fingerprint.scheme !== run.scheme);
    const before = new Map([...entries].map(([id, { fingerprint }]) => [id, fingerprint]));
    if (others.length > 0)
      for (const [id, checkpoint] of await reader.get(others.map(({ asset_id }) => asset_id)))
        before.set(id, rehash(checkpoint, parts.settings.scheme));
    return before;
  }

  /** Which of those that are not listed are proved gone. */
  async #gone(batch: readonly Met[], entries: ReadonlyMap<AssetId, CheckpointEntry>): Promise<ReadonlySet<AssetId>> {
    const { parts, run, listing, options } = this.#in;
    const asked = batch.flatMap(({ listed, recorded }) => {
      const entry = listed === null ? entries.get(recorded.asset_id) : undefined;
      return entry === undefined || whyKept({ run, listing }, entry) !== null ? [] : [entry.asset_id];
    });
    if (asked.length === 0) return new Set();
    const presence = await parts.source.confirm(asked, options);
    return new Set(asked.filter((id) => presence.get(id) === "gone"));
  }
}
