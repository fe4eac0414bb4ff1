import type { CheckpointLease, CheckpointReader, CheckpointStore } from "../../src/ports/checkpoint-store.ts";
import { agedInMemory } from "../../src/stores/shared/aged-in-memory.ts";
import { changeMemoryState } from "../../src/stores/shared/change-memory-state.ts";
import { memoryReader } from "../../src/stores/shared/memory-reader.ts";
import { MemoryState } from "../../src/stores/shared/memory-state.ts";
import type { StateChange } from "../../src/stores/shared/state-change.ts";
import { wholeState } from "../../src/testing/whole-state.ts";
import { BrokenPromise } from "./promises.ts";

/**
 * Holds a store to what it told: whoever takes the lease must find all writes that anybody was told of, and besides them at most the one
 * that was under way; and nobody is told of a write whose lease was taken over.
 */
export class DurabilityWatch {
  #told = new MemoryState();
  /** What the state may be besides: with a write that was under way when its run ended. */
  #underWay: MemoryState[] = [];
  #holder: object | null = null;
  broken: BrokenPromise | null = null;

  over(store: CheckpointStore): CheckpointStore {
    return {
      reader: () => store.reader(),
      replace: (records) => store.replace(records),
      size: () => store.size(),
      acquire: async () => this.#watched(await store.acquire()),
      fallBack: async () => (await store.fallBack?.()) ?? null,
    };
  }

  async #watched(lease: CheckpointLease): Promise<CheckpointLease> {
    const holder = {};
    const found = await textOf(lease);
    const possible = [...this.#underWay, this.#told];
    const texts = await Promise.all(possible.map((state) => textOf(memoryReader(state))));
    const at = texts.indexOf(found);
    if (at < 0) this.#break("P12 what a run was told to be durable stands", `a lease found\n${found}\nand none of\n${texts.join("\n")}`);
    this.#told = possible[at] ?? this.#told;
    // Where there is no state yet, whoever begins it takes it.
    if (this.#told.head !== null) {
      this.#holder = holder;
      this.#underWay = [];
    }
    const write = async <T>(work: () => Promise<T>, change: (state: MemoryState) => void): Promise<T> => {
      const isHolder = this.#holder === holder || this.#told.head === null;
      const after = this.#told.copy();
      if (isHolder) {
        change(after);
        this.#underWay.push(after);
      }
      const result = await work();
      if (!isHolder || (this.#holder !== holder && this.#told.head !== null))
        this.#break("P9 every write is fenced", "a run was told that it wrote, and another had taken the lease");
      this.#holder = holder;
      this.#told = after;
      this.#underWay = [];
      return result;
    };
    const changing = <T>(work: () => Promise<T>, change: StateChange): Promise<T> =>
      write(work, (state) => changeMemoryState(state, change));
    return {
      ...lease,
      begin: (head) =>
        write(
          () => lease.begin(head),
          (state) => {
            if (state.head === null) state.head = { format: 1, ...head, generation: 0, clean: false };
            else changeMemoryState(state, { kind: "begin" });
          },
        ),
      intend: (intents) => changing(() => lease.intend(intents), { kind: "intend", intents }),
      record: (outcomes) => changing(() => lease.record(outcomes), { kind: "record", outcomes }),
      refresh: (items) => changing(() => lease.refresh(items), { kind: "refresh", items }),
      keep: (intents) => changing(() => lease.keep(intents), { kind: "keep", intents }),
      addRun: (report) => changing(() => lease.addRun(report), { kind: "add_run", report }),
      prune: (options) => {
        const { runs, history, versions } = agedInMemory(this.#told, options);
        return changing(() => lease.prune(options), { kind: "drop", runs, history, versions });
      },
      commit: (commit) =>
        changing(() => lease.commit(commit), { kind: "commit", head: commit.head, memory: [...commit.memory], report: commit.report }),
      [Symbol.asyncDispose]: () => lease[Symbol.asyncDispose](),
    };
  }

  #break(promise: string, what: string): never {
    this.broken ??= new BrokenPromise(promise, what);
    throw this.broken;
  }
}

/** All that a reader tells but for how the last run ended. */
async function textOf(reader: CheckpointReader): Promise<string> {
  const { head, ...rest } = await wholeState(reader);
  return JSON.stringify({ ...rest, head: head && { ...head, clean: null, recovered: null } });
}
