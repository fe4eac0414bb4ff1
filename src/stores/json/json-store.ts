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
import type { FileSystem } from "../../ports/file-system.ts";
import type { Lock } from "../../ports/lock.ts";
import { leaseHeld } from "../shared/lease-held.ts";
import { memoryReader } from "../shared/memory-reader.ts";
import { MemoryState } from "../shared/memory-state.ts";
import { stateUnwritable } from "../shared/state-error.ts";
import { fallBack } from "./fall-back.ts";
import { JsonLease } from "./json-lease.ts";
import { readState, takeOver } from "./open-state.ts";
import { setAside } from "./quarantine.ts";
import { replaceState } from "./replace-state.ts";
import { journalPaths, listState, type Place } from "./state-files.ts";
import { verifyState } from "./verify-state.ts";

export interface JsonStoreOptions {
  /** The pipeline's own folder; made, with mode 0700, when the lease is first taken. */
  readonly folder: string;
  readonly files: FileSystem;
  /** Keeps two runs apart; lies in the same folder. */
  readonly lock: Lock;
  /** Who takes the lease, for the one who then finds it taken. */
  readonly holder: () => Holder;
  /** Is told, once for each lease, of more checkpoints than are well kept in memory. */
  readonly warn?: (message: string) => void;
  /** Bytes up to which an image is renewed at every commit; default 1 MiB. */
  readonly smallBytes?: number;
}

/**
 * Keeps a pipeline's state in files that people can read: an image (`datasphere_checkpoints.json`), the one before it (`.prev`), and
 * journals of what was written since, each of them twice.
 *
 * All checkpoints are in memory while it is open: up to about 50,000 assets it is at its best, and beyond that another store is.
 */
export class JsonStore implements CheckpointStore {
  readonly #options: JsonStoreOptions;
  readonly #place: Place;

  constructor(options: JsonStoreOptions) {
    this.#options = options;
    this.#place = { files: options.files, folder: options.folder };
  }

  async reader(): Promise<CheckpointReader> {
    const loaded = await readState(this.#place);
    return memoryReader(loaded?.state ?? new MemoryState());
  }

  async acquire({ onFailure }: AcquireOptions = {}): Promise<CheckpointLease> {
    const release = await this.#lock();
    try {
      const last = (await listState(this.#place)).journals.at(-1) ?? 0;
      const held = await takeOver(this.#place);
      const counted = this.#warning();
      counted(held?.loaded.state.count ?? 0);
      const { smallBytes = SMALL_BYTES } = this.#options;
      return JsonLease.take({ place: this.#place, last, release, smallBytes, counted, onFailure }, held);
    } catch (error) {
      await release();
      throw error;
    }
  }

  /** Checks the whole state, and what it would fall back to. Null where there is none. Throws where it cannot be opened at all. */
  async verify(): Promise<Verification | null> {
    const loaded = await readState(this.#place);
    return loaded === null ? null : await verifyState(this.#place, loaded);
  }

  /** Moves a state that cannot be trusted into `quarantine/` and answers with its new folder; null where there is none. Deletes nothing. */
  setAside(): Promise<string | null> {
    return this.#locked(() => setAside(this.#place));
  }

  /** Falls back to the image before the damaged one and the journals since. */
  fallBack(): Promise<string | null> {
    return this.#locked(() => fallBack(this.#place));
  }

  /** Is handed how many checkpoints there are, and warns once where they are many: of those that are found, or of those that a run adds. */
  #warning(): (count: number) => void {
    let isTold = false;
    return (count) => {
      if (isTold || count <= MANY) return;
      isTold = true;
      this.#options.warn?.(
        `The json store holds all ${count} checkpoints in memory; beyond ${MANY}, \`checkpoint_management.storage_type: sqlite\` needs less memory and time.`,
      );
    };
  }

  /** Puts a whole state in the place of the one that is there, which goes into `quarantine/`. */
  replace(records: AsyncIterable<readonly StateRecord[]>): Promise<Replaced> {
    return this.#locked(() => replaceState(this.#place, records));
  }

  async size(): Promise<StateSize | null> {
    const { files, folder } = this.#place;
    const { image, previous, journals } = await listState(this.#place);
    if (image === null) return null;
    const bytesOf = async (paths: readonly string[]): Promise<number> => {
      const sizes = await Promise.all(paths.map((path) => files.size(path)));
      return sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0);
    };
    const parts = {
      image: await bytesOf([join(folder, image)]),
      previous: await bytesOf(previous === null ? [] : [join(folder, previous)]),
      journals: await bytesOf(journals.flatMap((number) => journalPaths(this.#place, number))),
    };
    return { total: parts.image + parts.previous + parts.journals, parts };
  }

  async #locked<T>(work: () => Promise<T>): Promise<T> {
    const release = await this.#lock();
    try {
      return await work();
    } finally {
      await release();
    }
  }

  async #lock(): Promise<() => Promise<void>> {
    const { folder, files, lock, holder } = this.#options;
    try {
      await files.makeDirectory(folder);
    } catch (error) {
      throw stateUnwritable(folder, `its folder cannot be made (${(error as Error).message})`, error);
    }
    const taken = await lock.acquire(holder());
    if (!taken.ok) throw leaseHeld(folder, taken.holder);
    return taken.release;
  }
}

const SMALL_BYTES = 1 << 20;

/** Checkpoints up to which all of them are well kept in memory. */
const MANY = 50_000;
