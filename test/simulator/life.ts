import { REFERENCE_SCHEME } from "../../src/detect/scheme.ts";
import type { Parts } from "../../src/engine/parts.ts";
import { sync } from "../../src/engine/sync.ts";
import { TidemarkError } from "../../src/model/errors.ts";
import type { RunReport } from "../../src/model/report.ts";
import type { CheckpointStore } from "../../src/ports/checkpoint-store.ts";
import type { Spool } from "../../src/ports/spool.ts";
import type { Rng } from "../../src/sandbox/tenant/rng.ts";
import { openMemorySpool } from "../../src/stores/spool/index.ts";
import { createMeter } from "../../src/wrappers/meter.ts";
import type { Mutant } from "./mutants.ts";
import { BrokenPromise, Promises } from "./promises.ts";
import { SimTenant, simSource } from "./sim-source.ts";
import { jsonStorage, memoryStorage, type SimStorage } from "./sim-storage.ts";
import { SimCatalog, simTarget } from "./sim-target.ts";
import { type FaultRates, World } from "./world.ts";

/** What one life came to. */
export interface Life {
  readonly seed: number;
  readonly crashes: number;
  readonly steps: number;
  /** The promise that was broken, null for none. */
  readonly broken: string | null;
  readonly trace: readonly string[] | null;
}

export interface LifeOptions {
  readonly mutant?: Mutant;
  readonly trace?: boolean;
  /** A life of many runs nearly all of which are killed: for counting crashes. */
  readonly crashy?: boolean;
  /** Where the state is kept: in the model of a store, or in the files of the json store on a simulated disk. */
  readonly store?: StoreName;
}

export type StoreName = "memory" | "json";

/** Runs one life: a few runs with faults and crashes while the source changes, then quiet runs in which all must come right. */
export async function live(seed: number, options: LifeOptions = {}): Promise<Life> {
  const life = new SimulatedLife(seed, options);
  let broken: string | null = null;
  try {
    await life.troubled();
    await life.quiet();
  } catch (error) {
    // A mutant may break in any manner; the real engine may only break a promise, and then this is a finding too.
    broken =
      error instanceof BrokenPromise
        ? error.message
        : `the engine threw: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
  }
  return { seed, crashes: life.crashes, steps: life.world.steps, broken, trace: life.world.trace };
}

/** Share of the runs that compare every table with what was recorded. */
const RECONCILED = 0.2;

const QUIET: FaultRates = { network: 0, source: 0, zombie: 0.2, disk: 0, damage: 0 };

function swarm(rng: Rng): FaultRates {
  return {
    network: rng.pick([0, 0.03, 0.1, 0.35]),
    source: rng.pick([0, 0.03, 0.2]),
    zombie: rng.pick([0.3, 0.05, 0.01]),
    disk: rng.pick([0, 0, 0.01, 0.08]),
    damage: rng.pick([0, 0, 0, 0.02]),
  };
}

class SimulatedLife {
  readonly world: World;
  crashes = 0;
  readonly #tenant: SimTenant;
  readonly #catalog: SimCatalog;
  readonly #promises: Promises;
  readonly #store: SimStorage;
  readonly #mutant: Mutant | undefined;
  readonly #settings: Parts["settings"];
  readonly #crashy: boolean;
  /** The guard lets no deletion through: such a run changes nothing, and leaves its report. */
  #refusing = false;
  #ids = 0;

  constructor(seed: number, { mutant, trace = false, crashy = false, store = "memory" }: LifeOptions) {
    this.world = new World(seed, swarm, trace);
    const { rng } = this.world;
    this.#mutant = mutant;
    this.#crashy = crashy;
    this.#tenant = new SimTenant(this.world, rng.chance(0.7));
    this.#catalog = new SimCatalog(this.world);
    if (rng.chance(0.3))
      this.#catalog.write("db.a.k", null, { asset: null, note: "not ours", mark: null, asset_id: "foreign", tombstone: null });
    for (let edits = rng.between(2, 6); edits > 0; edits--) this.#tenant.edit();
    this.#promises = new Promises(this.#tenant, this.#catalog);
    this.world.invariant = () => this.#promises.check();
    this.#store = store === "json" ? jsonStorage(this.world, mutant) : memoryStorage(this.world, mutant);
    this.#settings = {
      scheme: REFERENCE_SCHEME,
      full_sync_threshold: 1.1,
      delta_sync_enabled: true,
      metadata_only_threshold: 0.1,
      batch_size: rng.between(1, 4),
      max_parallel_jobs: rng.between(1, 4),
      retry: { attempts: rng.between(1, 3), base_ms: 1, max_ms: 2 },
      deletion: { floor: 100, share: 1, grace_runs: rng.pick([0, 0, 1]) },
      renames: "show",
      comparable: "simulated",
    };
  }

  /** Runs with faults, kills, edits in between, and now and then two processes at once. */
  async troubled(): Promise<void> {
    const { rng } = this.world;
    const kill = this.#crashy ? 0.97 : 0.6;
    for (let runs = this.#crashy ? rng.between(20, 60) : rng.between(1, 4); runs > 0; runs--) {
      const two = rng.chance(0.15);
      this.#refusing = rng.chance(0.1);
      // A bypassed lock: both believe that they hold the lease. The fence of the store is what is left.
      this.#store.bypassLock = two && rng.chance(0.5);
      await this.#run(two ? 2 : 1, () => (rng.chance(kill) ? rng.below(rng.pick(this.#store.killedWithin)) : null));
      this.#store.bypassLock = false;
      this.#store.betweenRuns();
      for (let edits = rng.below(4); edits > 0; edits--) this.#tenant.edit();
      if (rng.chance(0.3)) this.#catalog.annotate();
    }
  }

  /** Faults have stopped: after two more runs (three after a fallback) source, target and checkpoint are equal, and the next run writes nothing. */
  async quiet(): Promise<void> {
    this.world.faults = QUIET;
    this.#store.quiet();
    this.#tenant.quiet = true;
    this.#refusing = false;
    // The first run on a state that fell back deletes nothing.
    await this.#quietRuns(2 + ((await this.#isRecovered()) ? 1 : 0));
    await this.#converged();
    const before = this.#catalog.effects;
    await this.#quietRun();
    if (this.#catalog.effects !== before) throw new BrokenPromise("P1 no change is lost", "a run at rest wrote to the target");
    if ((await (await this.#store.reader()).intents()).length > 0)
      throw new BrokenPromise("P1 no change is lost", "an intent is left at rest");
    if (this.#tenant.tokens) await this.#thereAndBack();
  }

  /** The source becomes what it was when it was at rest, and in between it was something else. */
  async #thereAndBack(): Promise<void> {
    const atRest = [...this.#tenant.definitions];
    this.#tenant.edit();
    await this.#quietRuns(1);
    this.#tenant.becomes(atRest);
    await this.#quietRuns(1);
    await this.#converged();
  }

  async #converged(): Promise<void> {
    const recorded = new Map<string, string>();
    for await (const page of (await this.#store.reader()).checkpoints())
      for (const { asset_id, target } of page) recorded.set(asset_id, target?.fingerprint ?? "none");
    this.#promises.converged(recorded);
  }

  /** Also where damage waits to be found: the next run falls back. */
  async #isRecovered(): Promise<boolean> {
    try {
      return (await (await this.#store.reader()).head())?.recovered === true;
    } catch (error) {
      if (error instanceof TidemarkError && error.code === "state_damaged") return true;
      throw error;
    }
  }

  /** As many, and those that a deletion waits for. */
  async #quietRuns(count: number): Promise<void> {
    for (let runs = count + this.#settings.deletion.grace_runs; runs > 0; runs--) {
      await this.#quietRun();
      this.world.settleLate();
    }
  }

  async #quietRun(): Promise<void> {
    for (const ended of await this.#run(1, () => null)) if (ended.how === "threw") throw ended.error;
  }

  async #run(processes: number, killAt: () => number | null): Promise<Awaited<ReturnType<World["run"]>>> {
    this.#tenant.beginRun();
    const ended = await this.world.run<RunReport>(
      Array.from({ length: processes }, () => {
        const process = this.world.spawn();
        const parts = this.#parts(process);
        const reconcile = this.world.rng.chance(RECONCILED);
        return {
          process,
          killAt: killAt(),
          start: () => sync(parts, { signal: new AbortController().signal, reconcile }),
          onKill: () => {
            this.crashes++;
            this.#store.processDied(process);
          },
        };
      }),
    );
    this.#promises.check();
    return ended;
  }

  #parts(process: number): Parts {
    const { world } = this;
    const mutated: Partial<Mutant> = this.#mutant ?? {};
    const source = simSource(world, process, this.#tenant);
    const target = simTarget(world, process, this.#catalog);
    const store = this.#watched(this.#store.as(process));
    return {
      pipeline: "p",
      source: mutated.source?.(source) ?? source,
      target: mutated.target?.(target, this.#catalog) ?? target,
      store: mutated.store?.(store) ?? store,
      openSpool: async () => (mutated.spool ?? ((spool: Spool) => spool))(await openMemorySpool()),
      clock: {
        // Wall time jumps by years either way: nothing may be decided by it.
        now: () => world.rng.below(4_000_000_000_000),
        monotonic: () => world.steps,
        sleep: (ms) => world.op(process, `sleep ${ms}`, () => undefined),
      },
      random: { uuid: () => `id-${this.#ids++}`, next: () => world.rng.next() },
      log: { event: () => undefined },
      meters: { source: createMeter(), target: createMeter() },
      settings: this.#refusing ? { ...this.#settings, deletion: { ...this.#settings.deletion, floor: 0, share: 0 } } : this.#settings,
    };
  }

  /** What is recorded is checked beneath the mutant, where it becomes durable. */
  #watched(store: CheckpointStore): CheckpointStore {
    return {
      ...store,
      acquire: async () => {
        const lease = await store.acquire();
        return {
          ...lease,
          record: (outcomes) => {
            this.#promises.recording(outcomes);
            return lease.record(outcomes);
          },
          commit: async (commit) => {
            const head = await lease.commit(commit);
            this.#promises.committed(head);
            return head;
          },
          [Symbol.asyncDispose]: () => lease[Symbol.asyncDispose](),
        };
      },
    };
  }
}
