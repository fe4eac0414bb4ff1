import type { Asset, AssetId } from "../model/asset.ts";
import type { Acknowledged, Checkpoint, Decision } from "../model/checkpoint.ts";
import type { Problem } from "../model/errors.ts";
import type { Json } from "../model/json.ts";
import type { FieldDrift } from "../model/outcome.ts";
import type { Withheld } from "../model/plan.ts";
import type { Change } from "../model/change.ts";
import type { CallOptions } from "./call.ts";

/** Where an asset stands in the target. Equal keys are the same place. */
export interface TargetRef {
  readonly key: string;
  /** Warnings of the naming itself, such as a name that was cut. */
  readonly warnings: readonly Problem[];
}

/** Who writes: set on every table of ours. */
export interface OwnerMark {
  readonly lineage: string;
  readonly pipeline: string;
}

/** An asset in the target's own terms, made without asking the target. */
export type Projection =
  | {
      readonly ok: true;
      readonly ref: TargetRef;
      readonly document: Json;
      readonly fingerprint: string;
      readonly warnings: readonly Problem[];
    }
  | { readonly ok: false; readonly ref: TargetRef; readonly problem: Problem };

/** What stands at a place in the target now. */
export type Observed =
  | { readonly state: "absent"; readonly ref: string }
  /** The target would not say (access denied, unreachable): proves neither absence nor presence. */
  | { readonly state: "unknown"; readonly ref: string; readonly problem: Problem }
  | {
      readonly state: "present";
      readonly ref: string;
      readonly revision: string;
      readonly document: Json;
      /** Null for a table that bears no mark of ours. */
      readonly mark: ObservedMark | null;
      /** Hash of our part of the table as it stands now. Equals `mark.fingerprint` while nobody edited that part. */
      readonly fingerprint: string;
      /** Set where it is something that this target never writes, a view or a link: what it is, for messages. */
      readonly untouchable?: string;
    };

export interface ObservedMark extends OwnerMark {
  readonly asset_id: AssetId;
  readonly fingerprint: string;
  /** Generation of the deletion mark, null for a live table. */
  readonly tombstone: number | null;
}

export interface PutRequest {
  readonly mark: OwnerMark;
  readonly change: Change;
  readonly asset: Asset;
  /** What we last wrote; null for an asset that the target has never acknowledged. */
  readonly base: Acknowledged | null;
  /** What the target is known to hold, from a read in this run; spares the write's own read. */
  readonly observed?: Observed;
  readonly decisions: readonly Decision[];
  /** The table of the asset that this one was renamed from: what people wrote there comes along when this one's is created. */
  readonly carry?: Acknowledged;
  /** What people wrote on a column that `change.column_renames` names comes along to the one that it became. */
  readonly carry_columns?: true;
  /** What others changed of our part is brought back, by the policy of each field. So it is where the change's cause is drift. */
  readonly repair?: true;
  /** A table that bears no mark, or that of another lineage of this pipeline, is taken over with what it has. */
  readonly adopt?: true;
}

/** The answer to a write. Expected results are values; a defect throws. */
export type WriteResult =
  | {
      readonly status: "applied";
      /** Null after a removal. */
      readonly acknowledged: Acknowledged | null;
      readonly decisions: readonly Decision[];
      /** Fields where people's text was kept, as warnings. */
      readonly kept: readonly Problem[];
      /** Fields that a `hold` policy withholds; the rest was written. */
      readonly withheld: readonly Withheld[];
    }
  | { readonly status: "withheld"; readonly withheld: Withheld }
  /** Certainly no effect. `again`: worth another attempt in this run, after a pause. */
  | { readonly status: "refused"; readonly again: boolean; readonly problem: Problem }
  /** Perhaps an effect: read back before anything else is done. */
  | { readonly status: "unknown"; readonly problem: Problem };

/** What differs between targets, as data. */
export interface TargetSupport {
  /** Tables can be read back, scanned for marks and merged. A pure feed of changes cannot. */
  readonly observe: boolean;
  /** Deletions go in two phases: mark with compare-and-set, then remove. */
  readonly tombstones: boolean;
}

/**
 * Where assets are written.
 *
 * Obligations:
 * - `place` and `project` are pure: the same asset and mapping give the same answer, in any run.
 * - `put` is idempotent: applied twice it leaves what applied once leaves, and no further version. It merges with what stands there,
 *   writes with compare-and-set, and writes nothing when the merged table equals the live one. It never retries a write whose
 *   outcome is unknown.
 * - `mark` and `remove` act only on a table that bears our mark for that very asset; `remove` only on one that bears the tombstone.
 *   An absent table is success.
 * - `observe` and `scan` never take "access denied" for absence.
 */
export interface Target {
  readonly supports: TargetSupport;
  /** Names version and options of the mapping: while it is the same, `project` gives the same. */
  readonly mapping: string;
  /** For the scope fingerprint: catalog, prefix, naming rules. */
  readonly scope: Json;
  place(id: AssetId): TargetRef;
  project(asset: Asset, mark: OwnerMark): Projection;
  /** Reads the given places, in any order, each exactly once, with the fewest requests. */
  observe(refs: readonly string[], options: CallOptions): Promise<ReadonlyMap<string, Observed>>;
  /**
   * Of places that the state tells nothing of, those where something stands, or that would not say. For a plan, which tells what is in
   * the way before the first write; as fresh as this target is at worst, because the write looks again. Left out: the write finds out.
   */
  taken?(refs: readonly string[], options: CallOptions): Promise<ReadonlyMap<string, Observed>>;
  /** Every table that bears this pipeline's mark, of whatever lineage, in bounded batches. Throws `target_unavailable` when it cannot see them all. */
  scan(pipeline: string, options: CallOptions): AsyncIterable<readonly Extract<Observed, { state: "present" }>[]>;
  /** The asset that a table of ours tells, exact while nobody edited our part. Null for a table that tells none. Pure. */
  restore(document: Json): Asset | null;
  /** What `put` would write and withhold, given what stands there. Pure. */
  preview(request: PutRequest): { readonly writes: boolean; readonly kept: readonly Problem[]; readonly withheld: readonly Withheld[] };
  /**
   * Which fields of a table differ from what was last acknowledged of it, in the order of their paths: ours that were edited, and others'
   * that changed, which are `kept`. What was decided to stay as people left it goes on being told. Empty where nothing of either moved.
   * Pure.
   */
  drift(
    recorded: Acknowledged,
    observed: Extract<Observed, { state: "present" }>,
    applied: Pick<Checkpoint, "snapshot" | "decisions">,
  ): readonly FieldDrift[];
  put(request: PutRequest, options: CallOptions): Promise<WriteResult>;
  mark(request: DeleteRequest, options: CallOptions): Promise<WriteResult>;
  remove(request: DeleteRequest, options: CallOptions): Promise<WriteResult>;
  /**
   * `remove` of several with fewer requests; the answers are in the order of the requests. Where it throws, any of them may have taken
   * effect. Left out: each is removed by itself.
   */
  removeAll?(requests: readonly DeleteRequest[], options: CallOptions): Promise<readonly WriteResult[]>;
  close(): Promise<void>;
}

export interface DeleteRequest {
  readonly mark: OwnerMark;
  readonly asset_id: AssetId;
  readonly ref: string;
  readonly base: Acknowledged | null;
  readonly generation: number;
}
