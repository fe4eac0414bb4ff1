import type { CheckpointReader, CheckpointStore } from "../../src/ports/checkpoint-store.ts";
import type { Lock } from "../../src/ports/lock.ts";
import { JsonStore } from "../../src/stores/json/index.ts";
import { createMemoryStore } from "../../src/stores/memory/index.ts";
import { DurabilityWatch } from "./durability-watch.ts";
import type { Mutant } from "./mutants.ts";
import { SimDisk } from "./sim-disk.ts";
import { simStore } from "./sim-store.ts";
import type { World } from "./world.ts";

/** Where the state of a life is kept. */
export interface SimStorage {
  /** The store as a process sees it. */
  as(process: number): CheckpointStore;
  /** The state as one sees it who looks at it from outside. */
  reader(): Promise<CheckpointReader>;
  processDied(process: number): void;
  /** No process runs: power may be lost now, and bits may flip. */
  betweenRuns(): void;
  /** Faults have stopped. */
  quiet(): void;
  /** While true, the lease is given to whoever asks. */
  bypassLock: boolean;
  /** Steps within which runs are killed. */
  readonly killedWithin: readonly number[];
}

/** The model of a store: each call is durable, and one step. */
export function memoryStorage(world: World, mutant: Mutant | undefined): SimStorage {
  const store = createMemoryStore({ pipeline: "p" });
  store.bypassFence = mutant?.noFence === true;
  return {
    as: (process) => simStore(world, process, store.as(process)),
    reader: () => store.reader(),
    processDied: (process) => store.processDied(process),
    betweenRuns: () => undefined,
    quiet: () => undefined,
    set bypassLock(isBypassed: boolean) {
      store.bypassLock = isBypassed;
    },
    killedWithin: [15, 60, 200],
  };
}

const FOLDER = "/state/p";

/** The json store on a simulated disk: each call of the disk is a step. */
export function jsonStorage(world: World, mutant: Mutant | undefined): SimStorage {
  const { rng } = world;
  const disk = new SimDisk();
  const watch = new DurabilityWatch();
  // Two kinds of lives: every commit makes a new snapshot, or hardly any does.
  const smallBytes = rng.pick([0, 1 << 20]);
  let rots = rng.chance(0.5) ? 1 : 0;
  let holder: number | null = null;
  let isFresh = true;
  disk.faults = { full: world.faults.disk, sync: rng.pick([0, 0, 0.01]), lying: rng.pick([0, 0, 0.1]) };
  const storage: SimStorage = {
    as: (process) => {
      const files = disk.as(world, process);
      return watch.over(
        new JsonStore({
          folder: FOLDER,
          files: mutant?.files?.(files) ?? files,
          lock: lockOf(process),
          holder: () => ({ pid: process, host: "simulated", since: new Date(0).toISOString() }),
          smallBytes,
        }),
      );
    },
    reader: () => {
      const files = disk.now();
      return new JsonStore({ folder: FOLDER, files, lock: lockOf(-1), holder: () => ({ pid: -1, host: "", since: "" }) }).reader();
    },
    processDied: (process) => {
      isFresh = false;
      if (holder === process) holder = null;
    },
    betweenRuns: () => {
      if (watch.broken !== null) throw watch.broken;
      if (!isFresh && rng.chance(0.5)) {
        world.trace?.push("power is lost");
        disk.losePower(rng);
      }
      isFresh = true;
      if (rots > 0 && rng.chance(0.3)) {
        const what = disk.damage(FOLDER, rng);
        if (what === null) return;
        rots--;
        world.trace?.push(`damage: ${what}`);
      }
    },
    quiet: () => {
      disk.faults = { full: 0, sync: 0, lying: 0 };
    },
    bypassLock: false,
    killedWithin: [30, 200, 800],
  };
  const lockOf = (process: number): Lock => ({
    acquire: () =>
      world.op(process, "lock", () => {
        if (holder !== null && !storage.bypassLock) return { ok: false as const, holder: null };
        holder = process;
        return {
          ok: true as const,
          release: () =>
            world.op(process, "unlock", () => {
              if (holder === process) holder = null;
            }),
        };
      }),
  });
  return storage;
}
