import type { StateHead } from "../../model/checkpoint.ts";
import { TidemarkError } from "../../model/errors.ts";
import { inStateOrder, type StateRecord } from "../../model/state-record.ts";
import type { CheckpointLease, CheckpointReader, CheckpointStore, Holder, Replaced, StateSize } from "../../ports/checkpoint-store.ts";
import { agedInMemory } from "../shared/aged-in-memory.ts";
import { changeMemoryState, requireStorable } from "../shared/change-memory-state.ts";
import { memoryReader } from "../shared/memory-reader.ts";
import { MemoryState } from "../shared/memory-state.ts";
import { restoreRecord } from "../shared/restore-record.ts";
import type { StateChange } from "../shared/state-change.ts";

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
  const shared: Shared = { pipeline, state: new MemoryState(), epoch: 0, holder: null, setAside: 0 };
  const store: MemoryStore = {
    bypassLock: false,
    bypassFence: false,
    as: (process) => ({
      reader: () => openReader(shared),
      acquire: async () => acquire(shared, holder(process), store),
      replace: (records) => replace(shared, () => acquire(shared, holder(process), store), records),
      size: () => sizeOf(shared),
    }),
    reader: () => openReader(shared),
    acquire: () => store.as(0).acquire(),
    replace: (records) => store.as(0).replace(records),
    size: () => sizeOf(shared),
    processDied: (process) => {
      if (shared.holder?.pid === process) shared.holder = null;
    },
  };
  return store;
}

/** What all processes share: what stands on the disk of another store, and its lock. */
interface Shared {
  readonly pipeline: string;
  state: MemoryState;
  epoch: number;
  holder: Holder | null;
  /** How many states were replaced. */
  setAside: number;
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

async function replace(shared: Shared, take: () => CheckpointLease, records: AsyncIterable<readonly StateRecord[]>): Promise<Replaced> {
  await using _lease = take();
  const next = new MemoryState();
  for await (const page of inStateOrder(records)) for (const record of page) restoreRecord(next, record, FORMAT);
  const set_aside = shared.state.head === null ? null : `quarantine/${(shared.setAside += 1)}`;
  shared.state = next;
  return { head: next.head as StateHead, set_aside };
}

async function sizeOf({ state }: Shared): Promise<StateSize | null> {
  if (state.head === null) return null;
  const checkpoints = Buffer.byteLength(JSON.stringify(state.ids.map((id) => state.get(id))));
  const versions = Buffer.byteLength(JSON.stringify(state.versions));
  return { total: checkpoints + versions, parts: { checkpoints, versions } };
}

function leaseOn(
  { pipeline, state }: Shared,
  { fence, release }: { readonly fence: () => void; readonly release: () => void },
): CheckpointLease {
  /** Carries a change out, which throws before it changes anything or not at all. */
  const write = async (change: StateChange): Promise<StateHead> => {
    fence();
    if (state.head === null) throw new Error(`The state of ${pipeline} is written before it was begun.`);
    requireStorable(change);
    changeMemoryState(state, change);
    return state.head;
  };
  return {
    ...memoryReader(state),
    begin: async (head) => {
      fence();
      if (state.head !== null) return write({ kind: "begin" });
      return (state.head = { format: FORMAT, ...head, generation: 0, clean: false });
    },
    intend: async (intents) => {
      await write({ kind: "intend", intents });
      return [...state.intents.values()].slice(state.intents.size - intents.length);
    },
    record: async (outcomes) => void (await write({ kind: "record", outcomes })),
    refresh: async (items) => void (await write({ kind: "refresh", items })),
    keep: async (intents) => void (await write({ kind: "keep", intents })),
    addRun: async (report) => void (await write({ kind: "add_run", report })),
    commit: ({ head, memory, report }) => write({ kind: "commit", head, memory: [...memory], report }),
    prune: async (options) => {
      const aged = agedInMemory(state, options);
      await write({ kind: "drop", ...aged });
      return aged;
    },
    [Symbol.asyncDispose]: async () => release(),
  };
}
