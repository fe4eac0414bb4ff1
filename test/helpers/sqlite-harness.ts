import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock, thisProcess } from "../../src/config/system.ts";
import type { Lock } from "../../src/ports/lock.ts";
import { kernelLock } from "../../src/stores/lock/index.ts";
import { SqliteStore } from "../../src/stores/sqlite/index.ts";
import type { StoreHarness } from "../../src/testing/store-harness.ts";

/** A folder for a pipeline's state, not made yet, in a temporary one that is removed with it. */
export interface StateFolder extends AsyncDisposable {
  readonly folder: string;
  /** The state's file. */
  readonly path: string;
}

/** `on: "memory"` spares what is about content alone the waits for a disk. */
export async function aStateFolder({ on = "disk" }: { readonly on?: "disk" | "memory" } = {}): Promise<StateFolder> {
  const parent = await mkdtemp(join(on === "memory" && existsSync(SHARED_MEMORY) ? SHARED_MEMORY : tmpdir(), "tidemark-test-"));
  const folder = join(parent, "checkpoints", "sales");
  return { folder, path: join(folder, "state.db"), [Symbol.asyncDispose]: () => rm(parent, { recursive: true, force: true }) };
}

const SHARED_MEMORY = "/dev/shm";

/** A store over that folder, behind the kernel's lock or another. */
export function sqliteStore(folder: string, lock: Lock = kernelLock(folder)): SqliteStore {
  return new SqliteStore({ folder, lock, holder: () => thisProcess(systemClock) });
}

/** Lets everyone in, as if the lock's file had been deleted. */
export const OPEN_TO_ALL: Lock = { acquire: async () => ({ ok: true, release: async () => undefined }) };

export async function sqliteHarness(options: { readonly on?: "disk" | "memory" } = {}): Promise<StoreHarness> {
  const state = await aStateFolder(options);
  return {
    open: () => sqliteStore(state.folder),
    openUnlocked: () => sqliteStore(state.folder, OPEN_TO_ALL),
    [Symbol.asyncDispose]: () => state[Symbol.asyncDispose](),
  };
}
