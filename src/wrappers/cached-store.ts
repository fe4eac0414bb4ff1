import type { AssetId } from "../model/asset.ts";
import type { Checkpoint } from "../model/checkpoint.ts";
import type { CheckpointLease, CheckpointStore } from "../ports/checkpoint-store.ts";

export interface CacheOptions {
  /** Most columns of all checkpoints that are kept, each checkpoint counted for one more: a wide table takes the room of many narrow ones. */
  readonly columns: number;
}

/**
 * Room for about five hundred checkpoints of usual width, which take 7 MB, for which V8 takes twice as much. A run that changes more reads all but
 * the last few hundred twice.
 */
const USUAL: CacheOptions = { columns: 5_000 };

/**
 * A store whose leases keep the checkpoints that they read last, so that what a run reads to plan a change is not read again to carry it
 * out. Only a lease keeps any: while it is held nobody else writes, and it forgets what it writes itself, behind each write and with
 * it what it was reading meanwhile. A reader goes to the store each time.
 */
export function cachedStore(store: CheckpointStore, options: CacheOptions = USUAL): CheckpointStore {
  const [verify, fallBack, setAside] = [store.verify?.bind(store), store.fallBack?.bind(store), store.setAside?.bind(store)];
  return {
    reader: () => store.reader(),
    acquire: async (taking) => cachedLease(await store.acquire(taking), options),
    replace: (records) => store.replace(records),
    size: () => store.size(),
    ...(verify === undefined ? {} : { verify }),
    ...(fallBack === undefined ? {} : { fallBack }),
    ...(setAside === undefined ? {} : { setAside }),
  };
}

function cachedLease(lease: CheckpointLease, options: CacheOptions): CheckpointLease {
  const cache = new Cache(options);
  const [tokens, entriesAt] = [lease.tokens?.bind(lease), lease.entriesAt?.bind(lease)];

  async function writing<T>(ids: readonly AssetId[], write: () => Promise<T>): Promise<T> {
    try {
      return await write();
    } finally {
      cache.forget(ids);
    }
  }

  return {
    ...(tokens === undefined ? {} : { tokens }),
    ...(entriesAt === undefined ? {} : { entriesAt }),
    head: () => lease.head(),
    count: () => lease.count(),
    spaces: () => lease.spaces(),
    entries: (from) => lease.entries(from),
    get: (ids) => cache.get(ids, (missing) => lease.get(missing)),
    checkpoints: (from) => lease.checkpoints(from),
    intents: () => lease.intents(),
    memory: (key) => lease.memory(key),
    memories: () => lease.memories(),
    versions: (which) => lease.versions(which),
    runs: (limit) => lease.runs(limit),
    reports: () => lease.reports(),
    history: (which) => lease.history(which),
    trail: () => lease.trail(),
    begin: (head) => lease.begin(head),
    intend: (intents) => lease.intend(intents),
    record: (outcomes) =>
      writing(
        outcomes.map(({ asset_id }) => asset_id),
        () => lease.record(outcomes),
      ),
    refresh: (items) =>
      writing(
        items.map(({ asset_id }) => asset_id),
        () => lease.refresh(items),
      ),
    keep: (intents) => lease.keep(intents),
    addRun: (report) => lease.addRun(report),
    commit: (commit) => lease.commit(commit),
    prune: (which) => lease.prune(which),
    [Symbol.asyncDispose]: () => lease[Symbol.asyncDispose](),
  };
}

/** Checkpoints by id, the one that was asked for last behind the others. */
class Cache {
  readonly #most: number;
  readonly #kept = new Map<AssetId, Checkpoint>();
  #columns = 0;
  /** How often anything was forgotten: what was read meanwhile may be of before. */
  #forgotten = 0;

  constructor({ columns }: CacheOptions) {
    this.#most = columns;
  }

  async get(
    ids: readonly AssetId[],
    read: (missing: readonly AssetId[]) => Promise<ReadonlyMap<AssetId, Checkpoint>>,
  ): Promise<ReadonlyMap<AssetId, Checkpoint>> {
    const found = new Map<AssetId, Checkpoint>();
    const missing: AssetId[] = [];
    for (const id of ids) {
      const kept = this.#kept.get(id);
      if (kept === undefined) missing.push(id);
      else found.set(id, kept);
    }
    const before = this.#forgotten;
    if (missing.length > 0) for (const [id, checkpoint] of await read(missing)) found.set(id, checkpoint);
    if (this.#forgotten === before) for (const [id, checkpoint] of found) this.#keep(id, checkpoint);
    return found;
  }

  forget(ids: readonly AssetId[]): void {
    this.#forgotten++;
    for (const id of ids) this.#drop(id);
  }

  #keep(id: AssetId, checkpoint: Checkpoint): void {
    this.#drop(id);
    this.#kept.set(id, checkpoint);
    this.#columns += weightOf(checkpoint);
    for (const [oldest] of this.#kept) {
      if (this.#columns <= this.#most) break;
      this.#drop(oldest);
    }
  }

  #drop(id: AssetId): void {
    const kept = this.#kept.get(id);
    if (kept === undefined) return;
    this.#kept.delete(id);
    this.#columns -= weightOf(kept);
  }
}

function weightOf({ snapshot }: Checkpoint): number {
  return 1 + snapshot.schema.columns.length;
}
