import type { CheckpointLease, CheckpointStore } from "../ports/checkpoint-store.ts";
import { aHead } from "./checkpoint-builders.ts";

/** One state, empty at first, as several processes see it. */
export interface StoreHarness extends AsyncDisposable {
  /** The store as a process of its own opens it. */
  open(): CheckpointStore;
  /** The same, with a lock that lets everyone in, as if its file had been deleted. */
  openUnlocked(): CheckpointStore;
}

/** Says something that must be so of every store, and shows it on a new state. */
export type Claim = (title: string, check: (harness: StoreHarness) => Promise<void>) => void;

/** Does something under a lease, in a state that is begun if it is not. */
export async function withState<T>(harness: StoreHarness, work: (lease: CheckpointLease) => Promise<T>): Promise<T> {
  await using lease = await harness.open().acquire();
  await lease.begin(aHead());
  return await work(lease);
}
