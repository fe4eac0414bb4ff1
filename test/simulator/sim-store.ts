import { TidemarkError } from "../../src/model/errors.ts";
import type { CheckpointLease, CheckpointReader, CheckpointStore } from "../../src/ports/checkpoint-store.ts";
import type { World } from "./world.ts";

/**
 * The model store as a process sees it: every call is a step of its own, at which the process may die before or after the effect, and
 * a write may be refused by a full disk, a read find damage. What a call did is durable, as a store promises.
 */
export function simStore(world: World, process: number, store: CheckpointStore): CheckpointStore {
  const step = <T>(name: string, effect: () => Promise<T>): Promise<T> => world.op(process, name, () => null).then(effect);
  const read = <T>(name: string, effect: () => Promise<T>): Promise<T> =>
    world
      .op(process, name, () => {
        if (world.rng.chance(world.faults.damage)) throw new TidemarkError("state_damaged", "A row of the simulated state is damaged.");
      })
      .then(effect);
  const write = <T>(name: string, effect: () => Promise<T>): Promise<T> =>
    world
      .op(process, name, () => {
        if (world.rng.chance(world.faults.disk)) throw new TidemarkError("state_unwritable", "The simulated disk is full.");
      })
      .then(effect)
      // The process may also die after the effect and before it knows.
      .then((value) => world.op(process, `${name} answers`, () => value));

  async function* stepped<T>(name: string, rows: AsyncIterable<readonly T[]>): AsyncIterable<readonly T[]> {
    for await (const page of rows) yield await read(name, async () => page);
  }

  const reading = (reader: CheckpointReader): Omit<CheckpointReader, typeof Symbol.asyncDispose> => ({
    head: () => read("head", () => reader.head()),
    count: () => reader.count(),
    spaces: () => reader.spaces(),
    entries: (options) => stepped("entries", reader.entries(options)),
    checkpoints: (options) => stepped("checkpoints", reader.checkpoints(options)),
    get: (ids) => reader.get(ids),
    intents: () => read("intents", () => reader.intents()),
    memory: (key) => reader.memory(key),
    memories: () => reader.memories(),
    versions: (options) => reader.versions(options),
    runs: (limit) => reader.runs(limit),
    reports: () => reader.reports(),
    history: (options) => reader.history(options),
    trail: () => reader.trail(),
  });

  return {
    reader: async () => {
      const reader = await store.reader();
      return { ...reading(reader), [Symbol.asyncDispose]: () => reader[Symbol.asyncDispose]() };
    },
    acquire: async () => {
      const lease = await step("acquire", () => store.acquire());
      const stepping: CheckpointLease = {
        ...reading(lease),
        begin: (head) => write("begin", () => lease.begin(head)),
        intend: (intents) => write("intend", () => lease.intend(intents)),
        record: (outcomes) => write("record", () => lease.record(outcomes)),
        refresh: (items) => write("refresh", () => lease.refresh(items)),
        keep: (intents) => write("keep", () => lease.keep(intents)),
        addRun: (report) => write("add run", () => lease.addRun(report)),
        commit: (commit) => write("commit", () => lease.commit(commit)),
        prune: (options) => write("prune", () => lease.prune(options)),
        [Symbol.asyncDispose]: () => step("release", async () => lease[Symbol.asyncDispose]()),
      };
      return stepping;
    },
    replace: (records) => write("replace", () => store.replace(records)),
    size: () => store.size(),
    // What a store falls back to is all that was durable: the same state, marked as recovered.
    fallBack: async () => {
      const lease = await step("acquire", () => store.acquire());
      try {
        const head = await lease.head();
        if (head === null) return null;
        await write("fall back", () => lease.commit({ head: { ...head, clean: false, recovered: true }, memory: new Map(), report: null }));
        return "quarantine";
      } finally {
        await step("release", async () => lease[Symbol.asyncDispose]());
      }
    },
  };
}
