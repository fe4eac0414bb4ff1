import { systemClock, thisProcess } from "../../src/config/system.ts";
import type { Lock } from "../../src/ports/lock.ts";
import { advisoryLock, PostgresStore, serverAddress, statePlace } from "../../src/stores/postgres/index.ts";
import type { StoreHarness } from "../../src/testing/store-harness.ts";
import { OPEN_TO_ALL } from "./sqlite-harness.ts";

export interface PostgresPlace {
  readonly url: string;
  readonly pipeline?: string;
  readonly schema?: string;
  readonly compress?: boolean;
}

/** A store in that database, behind the server's lock or another. */
export function postgresStore(
  { url, pipeline = "sales", schema = "tidemark", compress = true }: PostgresPlace,
  lock?: Lock,
): PostgresStore {
  const place = statePlace(serverAddress(url), schema, pipeline);
  return new PostgresStore({ place, lock: lock ?? advisoryLock(place), holder: () => thisProcess(systemClock), compress });
}

let states = 0;

/** A state of a pipeline of its own in that database. */
export async function postgresHarness(url: string): Promise<StoreHarness> {
  const pipeline = `p${(states += 1)}`;
  return {
    open: () => postgresStore({ url, pipeline }),
    openUnlocked: () => postgresStore({ url, pipeline }, OPEN_TO_ALL),
    [Symbol.asyncDispose]: async () => undefined,
  };
}
