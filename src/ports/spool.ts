import type { AssetId } from "../model/asset.ts";
import type { Listed } from "../model/listing.ts";
import type { PlanRecord } from "../model/plan.ts";

/** A listed id with the place it would take in the target. */
export interface SpooledListing extends Listed {
  readonly ref: string;
}

/**
 * Temporary room of one run, so that neither the listing nor the plan need stand in memory: a first sync of a million assets needs no
 * more than one of a thousand. Gone when disposed of.
 */
export interface Spool extends AsyncDisposable {
  /** Adds to the listing. Answers with the ids that it held already, which it keeps as they were. */
  list(items: readonly SpooledListing[]): Promise<readonly AssetId[]>;
  /** The listing in code-point order of the ids, in bounded pages. */
  listed(): AsyncIterable<readonly SpooledListing[]>;
  /** Places that more than one listed id would take, with those ids in code-point order. */
  collisions(): AsyncIterable<{ readonly ref: string; readonly ids: readonly AssetId[] }>;
  /** Adds to the plan. */
  append(records: readonly PlanRecord[]): Promise<void>;
  /** The plan as appended so far, in bounded pages. */
  records(): AsyncIterable<readonly PlanRecord[]>;
}

/** Opens a spool in a temporary place of its own. */
export type OpenSpool = () => Promise<Spool>;
