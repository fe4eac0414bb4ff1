import { statSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { StateRecord } from "../../model/state-record.ts";
import type {
  AcquireOptions,
  CheckpointLease,
  CheckpointReader,
  CheckpointStore,
  Holder,
  Replaced,
  StateSize,
  Verification,
} from "../../ports/checkpoint-store.ts";
import type { Lock } from "../../ports/lock.ts";
import { leaseHeld } from "../shared/lease-held.ts";
import { checkState } from "./check-state.ts";
import { fallBack } from "./fall-back.ts";
import { JOURNAL } from "./journal.ts";
import { joinJournal } from "./join-journal.ts";
import { migrate } from "./migrate.ts";
import { openForReading, stateFile } from "./open-for-reading.ts";
import { replaceState } from "./replace-state.ts";
import { PREVIOUS } from "./renew-fallback.ts";
import { requireSqlite } from "./schema.ts";
import { setAside } from "./set-aside.ts";
import { type Opened, SqliteLease } from "./sqlite-lease.ts";
import { SqliteReader } from "./sqlite-reader.ts";
import { StateDatabase } from "./state-database.ts";
import { stateUnwritable } from "../shared/state-error.ts";
import { verifyFallback } from "./verify-fallback.ts";
import { verifyState } from "./verify-state.ts";

export interface SqliteStoreOptions {
  /** The pipeline's own folder; made, with mode 0700, when the lease is first taken. The state is `state.db` in it. */
  readonly folder: string;
  /** Keeps two runs apart; lies in the same folder. */
  readonly lock: Lock;
  /** Who takes the lease, for the one who then finds it taken. */
  readonly holder: () => Holder;
  /** Whether snapshots are stored packed: by default. */
  readonly compress?: boolean;
}

/**
 * Keeps a pipeline's state in one SQLite file: one writer behind a lock of the kernel and a fence in the file, any number of readers,
 * memory bounded whatever the number of assets. Beside it stand a copy of an earlier moment (`previous.db`) and a journal of every write
 * since (`journal.ndjson`), of which a damaged state is made again.
 *
 * No other code of this process may open `state.db` or `lock.db`, not even to copy them: when any handle of a file is closed, POSIX
 * drops every lock that the process holds on it, SQLite's own among them.
 */
export class SqliteStore implements CheckpointStore {
  readonly #path: string;
  readonly #options: SqliteStoreOptions;

  constructor(options: SqliteStoreOptions) {
    requireSqlite();
    this.#options = options;
    this.#path = join(options.folder, "state.db");
  }

  get #compress(): boolean {
    return this.#options.compress ?? true;
  }

  async reader(): Promise<CheckpointReader> {
    return new SqliteReader(openForReading(this.#path));
  }

  async acquire({ signal, onFailure }: AcquireOptions = {}): Promise<CheckpointLease> {
    const release = await this.#lock();
    try {
      const opened = stateFile(this.#path) === null ? null : await this.#open(signal);
      return new SqliteLease(this.#path, opened, { release, compress: this.#compress, signal, onFailure });
    } catch (error) {
      await release();
      throw error;
    }
  }

  /** Checks the whole state, not only what is read, and what it would fall back to. Null where there is none. Throws where it cannot be opened at all. */
  async verify(): Promise<Verification | null> {
    const state = openForReading(this.#path);
    if (state === null) return null;
    await using _reader = new SqliteReader(state);
    const { checkpoints, problems } = await verifyState(state);
    return { checkpoints, problems: [...problems, ...(await verifyFallback(this.#options.folder, state))] };
  }

  /** Moves a state that cannot be trusted into `quarantine/` and answers with its new folder; null where there is none. Deletes nothing. */
  async setAside(): Promise<string | null> {
    const release = await this.#lock();
    try {
      return await setAside(this.#options.folder);
    } finally {
      await release();
    }
  }

  /** Falls back to the last copy of the state and the journal since. */
  async fallBack(): Promise<string | null> {
    const release = await this.#lock();
    try {
      return await fallBack(this.#path);
    } finally {
      await release();
    }
  }

  /** Puts a state made of these records in the place of the one that is there, which goes into `quarantine/`. */
  async replace(records: AsyncIterable<readonly StateRecord[]>): Promise<Replaced> {
    const release = await this.#lock();
    try {
      return await replaceState(this.#path, records, this.#compress);
    } finally {
      await release();
    }
  }

  async size(): Promise<StateSize | null> {
    if (stateFile(this.#path) === null) return null;
    const { folder } = this.#options;
    const parts = {
      state: bytesOf(this.#path) + bytesOf(`${this.#path}-wal`),
      copy: bytesOf(join(folder, PREVIOUS)),
      journal: bytesOf(join(folder, JOURNAL)),
    };
    return { total: parts.state + parts.copy + parts.journal, parts };
  }

  async #open(signal: AbortSignal | undefined): Promise<Opened> {
    const state = new StateDatabase(this.#path, "write");
    try {
      checkState(state);
      migrate(state);
      return { state, journal: await joinJournal(state, this.#options.folder, signal) };
    } catch (error) {
      state.close();
      throw error;
    }
  }

  async #lock(): Promise<() => Promise<void>> {
    const { folder, lock, holder } = this.#options;
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 });
    } catch (error) {
      throw stateUnwritable(this.#path, `its folder cannot be made (${(error as Error).message})`, error);
    }
    const taken = await lock.acquire(holder());
    if (!taken.ok) throw leaseHeld(folder, taken.holder);
    return taken.release;
  }
}

function bytesOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
