import type { OutcomeRecord } from "../../model/checkpoint.ts";
import { TidemarkError } from "../../model/errors.ts";
import { requireWellFormed } from "../../model/well-formed.ts";
import type { CheckpointLease, CheckpointReader, CheckpointStore, Holder } from "../../ports/checkpoint-store.ts";
import { memoryReader } from "./memory-reader.ts";
import { MemoryState } from "./memory-state.ts";

/** A store in memory, whose processes are numbers: the model that every other store is compared with, and what simulations run on. */
export interface MemoryStore extends CheckpointStore {
  /** The same state as another process sees it. */
  as(process: number): CheckpointStore;
  /** What the kernel does when a process dies: the lease that it held is free. All that it wrote stands. */
  processDied(process: number): void;
  /** While true, the lease is given to whoever asks, as if the lock had been deleted; the fence is what is left. */
  bypassLock: boolean;
  /** While true, a holder whose lease was taken over goes on writing: what the fence is there to prevent. For simulations that prove it is needed. */
  bypassFence: boolean;
}

export interface MemoryStoreOptions {
  readonly pipeline: string;
  /** How a process is named to the one who finds the lease taken. */
  readonly holder?: (process: number) => Holder;
}

/** Makes a store that holds no state yet. Called directly, it acts as process 0. */
export function createMemoryStore({ pipeline, holder = unknownSince }: MemoryStoreOptions): MemoryStore {
  const shared: Shared = { pipeline, state: new MemoryState(), epoch: 0, holder: null };
  const store: MemoryStore = {
    bypassLock: false,
    bypassFence: false,
    as: (process) => ({ reader: () => openReader(shared), acquire: async () => acquire(shared, holder(process), store) }),
    reader: () => openReader(shared),
    acquire: () => store.as(0).acquire(),
    processDied: (process) => {
      if (shared.holder?.pid === process) shared.holder = null;
    },
  };
  return store;
}

/** What all processes share: what stands on the disk of another store, and its lock. */
interface Shared {
  readonly pipeline: string;
  readonly state: MemoryState;
  epoch: number;
  holder: Holder | null;
}

const FORMAT = 1;

function unknownSince(process: number): Holder {
  return { pid: process, host: "memory", since: new Date(0).toISOString() };
}

async function openReader({ state }: Shared): Promise<CheckpointReader> {
  return memoryReader(state.copy());
}

function acquire(shared: Shared, holder: Holder, bypass: Pick<MemoryStore, "bypassLock" | "bypassFence">): CheckpointLease {
  if (shared.holder !== null && !bypass.bypassLock) {
    const { pid, host, since } = shared.holder;
    throw new TidemarkError(
      "lease_held",
      `The state of ${shared.pipeline} is in use: process ${pid} on ${host} since ${since} holds its lease.`,
      { remedy: "Wait for that run to end." },
    );
  }
  shared.holder = holder;
  const epoch = (shared.epoch += 1);
  return leaseOn(shared, {
    fence: () => {
      if (shared.epoch === epoch || bypass.bypassFence) return;
      throw new TidemarkError(
        "lease_lost",
        `The lease on the state of ${shared.pipeline} was lost: another run has taken it since. This run wrote nothing more to it.`,
      );
    },
    release: () => {
      if (shared.holder === holder) shared.holder = null;
    },
  });
}

function leaseOn(
  { pipeline, state }: Shared,
  { fence, release }: { readonly fence: () => void; readonly release: () => void },
): CheckpointLease {
  /** Carries out `work`, which throws before it changes anything or not at all. */
  const write = async <T>(work: () => T): Promise<T> => {
    fence();
    return work();
  };
  const begun = (): NonNullable<MemoryState["head"]> => {
    if (state.head === null) throw new Error(`The state of ${pipeline} is written before it was begun.`);
    return state.head;
  };
  return {
    ...memoryReader(state),
    begin: (head) =>
      write(() => {
        state.head = state.head === null ? { format: FORMAT, ...head, generation: 0, clean: false } : { ...state.head, clean: false };
        return state.head;
      }),
    intend: (intents) =>
      write(() => {
        begun();
        return intents.map((intent) => state.addIntent(intent));
      }),
    record: (outcomes) =>
      write(() => {
        begun();
        for (const outcome of outcomes) requireStorable(outcome);
        for (const { seq, asset_id, checkpoint, history } of outcomes) {
          if (checkpoint === null) state.remove(asset_id);
          else if (checkpoint !== undefined) state.put(checkpoint);
          if (seq !== null) state.intents.delete(seq);
          if (history !== undefined) state.history.push(history);
        }
      }),
    refresh: (items) =>
      write(() => {
        begun();
        for (const { asset_id, entry } of items) {
          const stored = state.get(asset_id);
          if (stored === undefined) continue;
          const { raw, fingerprint, mapping } = entry;
          state.put({
            ...stored,
            raw,
            fingerprint,
            target: stored.target === null ? null : { ...stored.target, mapping: mapping ?? stored.target.mapping },
          });
        }
      }),
    keep: (intents) =>
      write(() => {
        begun();
        for (const intent of intents) if (state.intents.has(intent.seq)) state.intents.set(intent.seq, intent);
      }),
    addRun: (report) =>
      write(() => {
        begun();
        state.runs.push(report);
      }),
    commit: ({ head, memory, report }) =>
      write(() => {
        const { lineage, generation, format } = begun();
        for (const key of memory.keys()) requireWellFormed(key);
        for (const [key, value] of memory) {
          if (value === null) state.memory.delete(key);
          else state.memory.set(key, JSON.stringify(value));
        }
        if (report !== null) state.runs.push(report);
        state.head = { ...head, format, lineage, generation: generation + 1 };
        return state.head;
      }),
    [Symbol.asyncDispose]: async () => release(),
  };
}

// What a store of files could not hold is refused here too.
function requireStorable({ checkpoint, history }: OutcomeRecord): void {
  if (history !== undefined) requireWellFormed(history.asset_id);
  if (checkpoint == null) return;
  for (const name of [checkpoint.asset_id, checkpoint.target?.ref, checkpoint.raw?.token]) if (name !== undefined) requireWellFormed(name);
}
