import type { AssetId } from "../model/asset.ts";
import type { Listed, ListedText } from "../model/listing.ts";
import type { PlanRecord, Step } from "../model/plan.ts";

/** A listed id with the place it would take in the target. */
export interface SpooledListing extends Listed {
  readonly ref: string;
}

/** A page of the listing by columns, in code-point order of the ids: what proves unchanged costs no object. */
export interface ListedPage {
  readonly ids: readonly AssetId[];
  readonly tokens: readonly (string | null)[];
  readonly refs: readonly string[];
  /** The whole of one listed id. */
  at(index: number): SpooledListing;
}

/** The kinds of records that a plan is made of, writes and deletions told apart. */
export type PlanPart = Exclude<PlanRecord["record"], "step"> | Step["kind"];

/** What a listing came to. */
export interface ListedSum {
  /** Ids listed, each once. */
  readonly count: number;
  /** Of each scope with an id that was listed before, in whatever scope, one such id. */
  readonly repeated: ReadonlyMap<string, AssetId>;
}

/**
 * Temporary room of one run, so that neither the listing nor the plan need stand in memory: a first sync of a million assets needs no
 * more than one of a thousand. Gone when disposed of.
 */
export interface Spool extends AsyncDisposable {
  /** Adds to the listing; `refs` are the places of the items, in their order. Of an id that is added twice the first is kept. */
  list(items: readonly Listed[], refs: readonly string[]): Promise<void>;
  /** The same of what is listed as text. */
  listText(listed: ListedText, refs: readonly string[]): Promise<void>;
  /** Counts the listing; nothing is added to it afterwards. */
  sum(): Promise<ListedSum>;
  /** The listing in code-point order of the ids, in bounded pages. */
  pages(): AsyncIterable<ListedPage>;
  /** {@link pages}, row by row. */
  listed(): AsyncIterable<readonly SpooledListing[]>;
  /** Places that more than one listed id would take, with those ids in code-point order. */
  collisions(): AsyncIterable<{ readonly ref: string; readonly ids: readonly AssetId[] }>;
  /** Adds to the plan. */
  append(records: readonly PlanRecord[]): Promise<void>;
  /** The plan as appended so far, or those parts of it, in bounded pages. */
  records(parts?: readonly PlanPart[]): AsyncIterable<readonly PlanRecord[]>;
}

/** Opens a spool in a temporary place of its own. */
export type OpenSpool = () => Promise<Spool>;
