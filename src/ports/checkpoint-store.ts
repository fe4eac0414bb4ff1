import type { AssetId } from "../model/asset.ts";
import type { PruneOptions } from "../model/ageing.ts";
import type { AssetVersion, Checkpoint, CheckpointEntry, HistoryRecord, Intent, OutcomeRecord, StateHead } from "../model/checkpoint.ts";
import type { TidemarkError } from "../model/errors.ts";
import type { Json } from "../model/json.ts";
import type { Refresh } from "../model/plan.ts";
import type { RunReport } from "../model/report.ts";
import type { StateRecord } from "../model/state-record.ts";

/** Checkpoints in code-point order of their ids, by columns: as much of them as proves most assets unchanged. */
export interface TokenPage {
  readonly ids: readonly AssetId[];
  /** The token that was last seen; null where an equal one would prove nothing: another basis or mapping, a tombstone, no token. */
  readonly tokens: readonly (string | null)[];
  readonly refs: readonly (string | null)[];
}

/** Reads one pipeline's state. Everything it yields belongs to one consistent moment as far as its writer has come. */
export interface CheckpointReader extends AsyncDisposable {
  /** Null where there is no state at all. Throws `state_damaged` or `state_newer` where there is one that cannot be trusted. */
  head(): Promise<StateHead | null>;
  count(): Promise<number>;
  /** The spaces that have checkpoints, in code-point order. */
  spaces(): Promise<readonly string[]>;
  /** Entries in code-point order of their ids, in bounded pages, from behind `after`. */
  entries(options?: { readonly after?: AssetId }): AsyncIterable<readonly CheckpointEntry[]>;
  /**
   * The tokens of all entries, in bounded pages: those seen under `basis`, of tables that were written under `mapping`. Without it the
   * entries are read, which tell as much and cost more. A damaged value that it yields differs from what it was; whoever meets a
   * difference reads the checkpoint, and is told there.
   */
  tokens?(options: { readonly basis: string; readonly mapping: string }): AsyncIterable<TokenPage>;
  /** The entries that exist among these ids. Without it the checkpoints are read, which tell as much and cost more. */
  entriesAt?(ids: readonly AssetId[]): Promise<ReadonlyMap<AssetId, CheckpointEntry>>;
  /** The checkpoints that exist among these ids. */
  get(ids: readonly AssetId[]): Promise<ReadonlyMap<AssetId, Checkpoint>>;
  /** Checkpoints in code-point order of their ids, in bounded pages. */
  checkpoints(options?: { readonly after?: AssetId }): AsyncIterable<readonly Checkpoint[]>;
  /** Intents without an outcome, oldest first. */
  intents(): Promise<readonly Intent[]>;
  /** A value that a source or the engine remembers. */
  memory(key: string): Promise<Json | undefined>;
  /** All that is remembered, in code-point order of the keys, in bounded pages. */
  memories(): AsyncIterable<readonly (readonly [key: string, value: Json])[]>;
  /** What assets were before runs changed them, newest first, in bounded pages. */
  versions(options?: VersionOptions): AsyncIterable<readonly AssetVersion[]>;
  /** Reports of past runs, newest first. */
  runs(limit: number): Promise<readonly RunReport[]>;
  /** Reports of all past runs, oldest first, in bounded pages. */
  reports(): AsyncIterable<readonly RunReport[]>;
  /** The audit trail, newest first; of one asset or of all; without the newest `skip`, so that all of it can be had in pages. */
  history(options: HistoryOptions): Promise<readonly HistoryRecord[]>;
  /** The whole audit trail, oldest first, in bounded pages. */
  trail(): AsyncIterable<readonly HistoryRecord[]>;
}

/** Which versions: of one asset, of one run, of both, or all. */
export interface VersionOptions {
  readonly asset_id?: AssetId;
  readonly run_id?: string;
  readonly oldest_first?: boolean;
}

export interface HistoryOptions {
  readonly asset_id?: AssetId;
  readonly limit: number;
  /** Default: 0. */
  readonly skip?: number;
}

/** Who holds a lease. */
export interface Holder {
  readonly pid: number;
  readonly host: string;
  /** ISO 8601. */
  readonly since: string;
}

/** What a commit makes the state's new generation. */
export interface Commit {
  /** Everything but lineage and generation, which the store carries on. */
  readonly head: Omit<StateHead, "format" | "generation">;
  /** Values to remember; null forgets. */
  readonly memory: ReadonlyMap<string, Json | null>;
  readonly report: RunReport | null;
}

/**
 * The exclusive right to write one pipeline's state.
 *
 * Obligations: every write is durable when its promise resolves, and is all or nothing. Every write is fenced: if another holder has
 * written since this lease was taken (the lock was bypassed), it changes nothing and throws `lease_lost`. A full or failing disk
 * throws `state_unwritable` and leaves the last durable state.
 */
export interface CheckpointLease extends CheckpointReader {
  /** Begins a state where there is none, or marks the existing one as in use (`clean: false`). Never replaces one. */
  begin(head: Omit<StateHead, "format" | "generation">): Promise<StateHead>;
  /** Records intents; their `seq` is given by the store, ascending, in the order of the argument. */
  intend(intents: readonly Omit<Intent, "seq">[]): Promise<readonly Intent[]>;
  /** Records outcomes and ends their intents. */
  record(outcomes: readonly OutcomeRecord[]): Promise<void>;
  /** Renews what an entry knows of its source, where no facet changed. */
  refresh(items: readonly Refresh[]): Promise<void>;
  /** Replaces intents that stay open (their limbo count moved). */
  keep(intents: readonly Intent[]): Promise<void>;
  /** Keeps the report of a run that carried nothing out (the guard refused it): no new generation, and nothing else changes. */
  addRun(report: RunReport): Promise<void>;
  /** Makes what was recorded a new generation. */
  commit(commit: Commit): Promise<StateHead>;
  /**
   * Drops history, run reports and versions from their oldest on, as `model/ageing.ts` says: those of runs that began before a moment, but
   * never of the newest `keep` runs. Never a checkpoint, an intent or a memory.
   */
  prune(options: PruneOptions): Promise<Pruned>;
}

/** How many of each were dropped. */
export interface Pruned {
  readonly runs: number;
  readonly history: number;
  readonly versions: number;
}

export interface AcquireOptions {
  /**
   * Ends what a store does for itself and takes long, such as copying the state: at opening with the signal's reason; behind a commit
   * in silence, for the commit stands and the next one makes up for it. It never ends a write.
   */
  readonly signal?: AbortSignal;
  /** Is told why such work failed behind a commit, unless the signal ended it. */
  readonly onFailure?: (error: TidemarkError) => void;
}

/** Keeps the state of one pipeline. */
export interface CheckpointStore {
  /** Opens for reading only: creates nothing, takes no lease, waits for nobody. */
  reader(): Promise<CheckpointReader>;
  /** Takes the lease, or throws `lease_held` naming the holder. Disposing of it frees the lease. */
  acquire(options?: AcquireOptions): Promise<CheckpointLease>;
  /** Checks all there is, not only what is read; null where there is no state. Throws `state_damaged` where it cannot be opened at all. */
  verify?(): Promise<Verification | null>;
  /**
   * Replaces a state that cannot be trusted by an earlier one and all that was written since, marked as recovered, and answers with where
   * the files went that it replaces. Null, changing nothing, where that cannot be had whole. Deletes nothing.
   */
  fallBack?(): Promise<string | null>;
  /** Moves a state that cannot be trusted out of the way, and answers with its new place; null where there is none. Deletes nothing. */
  setAside?(): Promise<string | null>;
  /**
   * Builds a whole state from these records beside the one that is there, proves it, then puts it in its place in one step; the old one
   * is moved into quarantine, never deleted. Takes the lease itself. A crash leaves the old state or the new one. The caller says what
   * its head shall be: a higher generation, `recovered`. Throws `state_damaged`, replacing nothing, where the records are no state.
   */
  replace(records: AsyncIterable<readonly StateRecord[]>): Promise<Replaced>;
  /** What the state takes on the disk; null where there is none. */
  size(): Promise<StateSize | null>;
}

/** What became of a replacement. */
export interface Replaced {
  readonly head: StateHead;
  /** Where the state that was there lies now; null where there was none. */
  readonly set_aside: string | null;
}

/** Bytes, in all and by part. What was set aside and backups are none of the state. */
export interface StateSize {
  readonly total: number;
  readonly parts: { readonly [part: string]: number };
}

/** What a whole check of a state found. No problems: everything is what was written. */
export interface Verification {
  readonly checkpoints: number;
  /** One sentence each, of a bounded number. */
  readonly problems: readonly string[];
}
