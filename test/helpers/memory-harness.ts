import { createMemoryStore } from "../../src/stores/memory/index.ts";
import type { StoreHarness } from "../../src/testing/store-harness.ts";

/** The model store; each opening is a process of its own. */
export async function memoryHarness(): Promise<StoreHarness> {
  const store = createMemoryStore({ pipeline: "sales" });
  let processes = 0;
  return {
    open: () => store.as(++processes),
    openUnlocked: () => {
      const process = store.as(++processes);
      return {
        ...process,
        acquire: () => {
          store.bypassLock = true;
          return process.acquire().finally(() => (store.bypassLock = false));
        },
      };
    },
    [Symbol.asyncDispose]: async () => undefined,
  };
}
