import { TidemarkError } from "../../model/errors.ts";
import type {
  CheckpointLease,
  CheckpointReader,
  CheckpointStore,
  Holder,
  Replaced,
  StateSize,
  Verification,
} from "../../ports/checkpoint-store.ts";
import type { StateRecord } from "../../model/state-record.ts";
import type { Lock } from "../../ports/lock.ts";
import { holderOf } from "./advisory-lock.ts";
import { migrate } from "./migrations.ts";
import { openForReading } from "./open-state.ts";
import { PostgresLease } from "./postgres-lease.ts";
import { PostgresReader } from "./postgres-reader.ts";
import { replaceState } from "./replace-state.ts";
import { Session } from "./session.ts";
import { setAside } from "./set-aside.ts";
import { sizeOf } from "./state-size.ts";
import type { StatePlace } from "./state-place.ts";
import { verifyState } from "./verify-state.ts";

export interface PostgresStoreOptions {
  readonly place: StatePlace;
  /** Keeps two runs apart. */
  readonly lock: Lock;
  /** Who takes the lease, for the one who then finds it taken. */
  readonly holder: () => Holder;
  /** Whether snapshots are stored packed: by default. */
  readonly compress?: boolean;
}

/**
 * Keeps the states of several pipelines in one schema of a PostgreSQL database, for runs on several machines: one writer behind an
 * advisory lock and a fence in every transaction, any number of readers, memory bounded whatever the number of assets.
 *
 * There is no `fallBack`: copies and earlier moments of a database are its server's business.
 */
export class PostgresStore implements CheckpointStore {
  readonly #options: PostgresStoreOptions;

  constructor(options: PostgresStoreOptions) {
    this.#options = options;
  }

  /** Where the state is, for messages: no user, no password. */
  get shown(): string {
    const { schema, address } = this.#options.place;
    return `Schema ${schema} of ${address.shown}`;
  }

  get #compress(): boolean {
    return this.#options.compress ?? true;
  }

  async reader(): Promise<CheckpointReader> {
    return new PostgresReader(await openForReading(this.#options.place));
  }

  async acquire(): Promise<CheckpointLease> {
    const options = { compress: this.#compress };
    return await this.#locked(
      async (session, release) => await PostgresLease.open(this.#options.place, session, { ...options, release }),
      "stays open",
    );
  }

  /** Checks every row of the state, not only what is read. Null where there is none. */
  async verify(): Promise<Verification | null> {
    const rows = await openForReading(this.#options.place);
    if (rows === null) return null;
    try {
      return await verifyState(rows);
    } finally {
      await rows.queries.close();
    }
  }

  /** Takes a state that cannot be trusted out of its place and answers with its new one; null where there is none. Deletes nothing. */
  async setAside(): Promise<string | null> {
    return await this.#locked(async (session) => await setAside(session, this.#options.place), "ends");
  }

  async replace(records: AsyncIterable<readonly StateRecord[]>): Promise<Replaced> {
    return await this.#locked(async (session) => await replaceState(session, this.#options.place, records, this.#compress), "ends");
  }

  async size(): Promise<StateSize | null> {
    const rows = await openForReading(this.#options.place);
    if (rows === null) return null;
    try {
      return await sizeOf(rows);
    } finally {
      await rows.queries.close();
    }
  }

  /** Who holds the lease; null where nobody does, as far as that is known. Creates nothing. */
  async holder(): Promise<Holder | null> {
    return await holderOf(this.#options.place);
  }

  /** Does something under the lock, on a session of its own. What `stays open` is handed session and lock, to close and free them itself. */
  async #locked<T>(work: (session: Session, release: () => Promise<void>) => Promise<T>, lifetime: "ends" | "stays open"): Promise<T> {
    const { place, lock, holder } = this.#options;
    const session = await Session.open(place.address, place.shown);
    let release = async (): Promise<void> => {};
    const close = async (): Promise<void> => {
      await session.close();
      await release();
    };
    try {
      await migrate(session, place.schema);
      const taken = await lock.acquire(holder());
      if (!taken.ok) throw leaseHeld(place, taken.holder);
      ({ release } = taken);
      const result = await work(session, release);
      if (lifetime === "ends") await close();
      return result;
    } catch (error) {
      await close();
      throw error;
    }
  }
}

function leaseHeld({ shown }: StatePlace, holder: Holder | null): TidemarkError {
  const who = holder === null ? "another run" : `process ${holder.pid} on ${holder.host} since ${holder.since}`;
  return new TidemarkError("lease_held", `The state ${shown} is in use: ${who} holds its lease.`, {
    remedy: "Wait for that run to end. If it died, its lease is free at once; if its machine was cut off, within a minute.",
  });
}
