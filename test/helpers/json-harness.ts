import type { Lock } from "../../src/ports/lock.ts";
import { systemClock, thisProcess } from "../../src/config/system.ts";
import { nodeFileSystem } from "../../src/stores/files/index.ts";
import { JsonStore } from "../../src/stores/json/index.ts";
import { kernelLock } from "../../src/stores/lock/index.ts";
import type { StoreHarness } from "../../src/testing/store-harness.ts";
import { aStateFolder, OPEN_TO_ALL } from "./sqlite-harness.ts";

/** A store of plain files over that folder, behind the kernel's lock or another. */
export function jsonStore(folder: string, lock: Lock = kernelLock(folder)): JsonStore {
  return new JsonStore({ folder, files: nodeFileSystem, lock, holder: () => thisProcess(systemClock) });
}

export async function jsonHarness(options: { readonly on?: "disk" | "memory" } = {}): Promise<StoreHarness> {
  const state = await aStateFolder(options);
  return {
    open: () => jsonStore(state.folder),
    openUnlocked: () => jsonStore(state.folder, OPEN_TO_ALL),
    [Symbol.asyncDispose]: () => state[Symbol.asyncDispose](),
  };
}
