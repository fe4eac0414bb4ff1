import { dirname, join } from "node:path";
import type { Intent, OutcomeRecord, StateHead } from "../../model/checkpoint.ts";
import { TidemarkError } from "../../model/errors.ts";
import type { PruneOptions } from "../../model/ageing.ts";
import type { Refresh } from "../../model/plan.ts";
import type { RunReport } from "../../model/report.ts";
import type { AcquireOptions, CheckpointLease, CheckpointReader, Commit, Pruned } from "../../ports/checkpoint-store.ts";
import { agedInMemory } from "../shared/aged-in-memory.ts";
import { changeMemoryState, requireStorable } from "../shared/change-memory-state.ts";
import { memoryReader } from "../shared/memory-reader.ts";
import { MemoryState } from "../shared/memory-state.ts";
import type { NewHead, StateChange } from "../shared/state-change.ts";
import { fileFailure, leaseLost } from "../shared/state-error.ts";
import { JournalWriter } from "./journal-writer.ts";
import type { Held } from "./open-state.ts";
import { putBoth, removeJournalsBefore, replaceImage } from "./replace-image.ts";
import { FORMAT, imageBytes } from "./image.ts";
import { type Place, imageName } from "./state-files.ts";

/** What a lease knows of the files of its state. */
interface Open {
  readonly image: string;
  writer: JournalWriter;
  /** Number of the journal that goes on from the image. */
  since: number;
  /** Journals since the image. */
  journals: number;
  bytes: { image: number; journals: number };
  /** The copies of a journal differ: a new image makes that good. */
  isUneven: boolean;
}

export interface LeaseOptions {
  readonly place: Place;
  /** The highest number of a journal when the lease was taken and no state was there. */
  readonly last: number;
  /** Frees the lock. */
  readonly release: () => Promise<void>;
  /** Bytes up to which an image is small. */
  readonly smallBytes: number;
  /** Is told at every commit how many checkpoints there are. */
  readonly counted: (count: number) => void;
  /** As {@link AcquireOptions} has it. */
  readonly onFailure: AcquireOptions["onFailure"];
}

/** The right to write a state, which may not exist yet: every write is a line of a journal, and then in memory. */
export class JsonLease {
  readonly #options: LeaseOptions;
  readonly #state: MemoryState;
  #writes: number;
  #open: Open | null;

  private constructor(options: LeaseOptions, held: Held | null) {
    this.#options = options;
    this.#state = held?.loaded.state ?? new MemoryState();
    this.#writes = held?.loaded.writes ?? 0;
    this.#open = held === null ? null : openOf(held);
  }

  static take(options: LeaseOptions, held: Held | null): CheckpointLease {
    const lease = new JsonLease(options, held);
    const reader: CheckpointReader = memoryReader(lease.#state);
    return {
      ...reader,
      begin: (head) => lease.begin(head),
      intend: (intents) => lease.intend(intents),
      record: (outcomes: readonly OutcomeRecord[]) => lease.#write({ kind: "record", outcomes }),
      refresh: (items: readonly Refresh[]) => lease.#write({ kind: "refresh", items }),
      keep: (intents) => lease.#write({ kind: "keep", intents }),
      addRun: (report: RunReport) => lease.#write({ kind: "add_run", report }),
      prune: (what) => lease.prune(what),
      commit: (commit) => lease.commit(commit),
      [Symbol.asyncDispose]: options.release,
    };
  }

  async begin(head: NewHead): Promise<StateHead> {
    if (this.#open === null) await this.#create(head);
    else {
      await this.#write({ kind: "begin" });
      if (this.#open.isUneven) await this.#renewIfPossible();
    }
    return this.#head();
  }

  async intend(intents: readonly Omit<Intent, "seq">[]): Promise<readonly Intent[]> {
    await this.#write({ kind: "intend", intents });
    return [...this.#state.intents.values()].slice(this.#state.intents.size - intents.length);
  }

  async prune(options: PruneOptions): Promise<Pruned> {
    const aged = agedInMemory(this.#state, options);
    await this.#write({ kind: "drop", ...aged });
    return aged;
  }

  async commit({ head, memory, report }: Commit): Promise<StateHead> {
    await this.#write({ kind: "commit", head, memory: [...memory], report });
    this.#options.counted(this.#state.count);
    if (this.#isDue()) await this.#renewIfPossible();
    return this.#head();
  }

  /** The journal's line comes first: what a run is told to be durable is in both of its copies. */
  async #write(change: StateChange): Promise<void> {
    const { folder } = this.#options.place;
    if (this.#open === null) throw new Error(`The state in ${folder} is written before it was begun.`);
    requireStorable(change);
    const { writer } = this.#open;
    const before = writer.end.bytes;
    await writer.append({ writes: this.#writes + 1, change });
    changeMemoryState(this.#state, change);
    this.#writes += 1;
    this.#open.bytes.journals += writer.end.bytes - before;
  }

  /** Until the image has its name there is no state, whatever else stands there by then. */
  async #create(head: NewHead): Promise<void> {
    const { place, last } = this.#options;
    const name = imageName(head.source_system);
    const path = join(place.folder, name);
    const writer = await JournalWriter.claim(place, last + 1);
    try {
      await writer.begin({ lineage: head.lineage, writes: 0, after: null });
      this.#state.head = { format: FORMAT, ...head, generation: 0, clean: false };
      const bytes = this.#imageBytes(writer);
      await putBoth(place, { name, bytes, number: writer.number, requireLease: () => writer.requireLease() }, "previous first");
      await place.files.syncDirectory(dirname(place.folder));
      this.#open = {
        image: name,
        writer,
        since: writer.number,
        journals: 1,
        bytes: { image: bytes.length, journals: 0 },
        isUneven: false,
      };
    } catch (error) {
      this.#state.head = null;
      throw fileFailure(error, path);
    }
  }

  #isDue(): boolean {
    if (this.#open === null) return false;
    const { bytes, journals, isUneven } = this.#open;
    return isUneven || journals > MANY_JOURNALS || bytes.image < this.#options.smallBytes || bytes.journals > bytes.image / 2;
  }

  /** A new image, and a new journal that goes on from it. */
  async #renewIfPossible(): Promise<void> {
    try {
      if (this.#open !== null) await this.#renew(this.#open);
    } catch (error) {
      // What was committed stands, and so do the image and the journals that were there: the next commit tries again.
      const failure = fileFailure(error, this.#options.place.folder);
      if (!(failure instanceof TidemarkError)) throw error;
      this.#options.onFailure?.(failure);
    }
  }

  async #renew(open: Open): Promise<void> {
    const { place } = this.#options;
    await open.writer.requireLease();
    const after = { number: open.writer.number, ...open.writer.end };
    const next = await JournalWriter.claim(place, open.writer.number + 1);
    // From here on writes go there, whatever becomes of the image.
    open.writer = next;
    await next.begin({ lineage: this.#state.head?.lineage ?? "", writes: this.#writes, after });
    open.journals += 1;
    const bytes = this.#imageBytes(next);
    await replaceImage(place, { name: open.image, bytes, number: next.number, requireLease: () => next.requireLease() });
    const needed = open.since;
    open.since = next.number;
    open.journals = 1;
    open.bytes = { image: bytes.length, journals: 0 };
    open.isUneven = false;
    await removeJournalsBefore(place, needed);
  }

  #imageBytes(writer: JournalWriter): Buffer {
    return imageBytes({ state: this.#state, writes: this.#writes, journal: { number: writer.number, sum: writer.first.sum } });
  }

  #head(): StateHead {
    if (this.#state.head === null) throw leaseLost(this.#options.place.folder, "the state was not begun");
    return this.#state.head;
  }
}

/** An image is renewed when so many journals stand behind it. */
const MANY_JOURNALS = 16;

function openOf({ image, loaded, writer }: Held): Open {
  return {
    image,
    writer,
    since: loaded.journals[0]?.number ?? writer.number,
    journals: loaded.journals.length + 1,
    bytes: { ...loaded.bytes },
    isUneven: loaded.journals.some(({ uneven }) => uneven !== null),
  };
}
