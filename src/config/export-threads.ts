import type { Digested, LineThreads, Look, Looked, Unread } from "../connectors/csn/line-sighters.ts";
import type { CsnSourceOptions } from "../connectors/csn/source.ts";
import { readFingerprints } from "../engine/fingerprint-reads.ts";
import { TidemarkError } from "../model/errors.ts";
import type { HashScheme } from "../model/fingerprint.ts";
import type { Listed } from "../model/listing.ts";
import type { Cost } from "../model/report.ts";
import type { FingerprintRead, FingerprintReader } from "../ports/fingerprint-reader.ts";
import type { Source } from "../ports/source.ts";
import { inOrder } from "../threads/in-order.ts";
import { besides, ThreadPool } from "../threads/thread-pool.ts";

/** What each thread is started with: the same folder of exports, and the scheme. */
export interface ThreadData {
  readonly source: Omit<CsnSourceOptions, "meter">;
  readonly scheme: HashScheme;
}

/** A part of a file whose lines are to be looked at, or assets that are to be read. */
export type ExportQuestion = Look | { readonly items: readonly Listed[] };

export type ExportAnswer = Looked | Digested | Unread | ReadThere | FailedThere;

/** What a thread answers a batch: with what it cost. */
export interface ReadThere {
  readonly reads: readonly FingerprintRead[];
  readonly cost: Cost;
}

export interface FailedThere {
  readonly problem: string;
}

export interface ExportThreadsOptions {
  readonly source: CsnSourceOptions;
  readonly scheme: HashScheme;
  /** They stay between runs, with all that is compiled in them; otherwise they end when nothing was asked for a while. */
  readonly stay: boolean;
}

/** So few are read sooner here than threads have loaded what it takes. */
const READ_HERE = 128;
/** Batches that are looked at before it is decided who reads them: many assets are read by threads alone, where all that it takes is loaded in any case. */
const SEEN_AHEAD = 8;
/** MiB: in the one that V8 begins with a thread spends a quarter of its time on collecting. */
const ROOM_FOR_NEW = 4;
/**
 * MiB, for threads that stay: they keep 6. Where V8 had its way one of them could have 32 before it looked, and the process 131 to 158 MB in place of
 * 132 to 138. To those of a command it would come too early to pay.
 */
const ROOM_FOR_OLD = 8;
/** Batches that each thread has before it. */
const AHEAD = 3;
/** Milliseconds: longer than from the end of a listing to the first asset that is read, and shorter than what goes on without threads. */
const END_AFTER = 250;

/** Threads over a folder of exports: they look at lines while it is listed, and read, map and hash its assets. They start when they are asked. */
export class ExportThreads implements LineThreads, AsyncDisposable {
  readonly #pool: ThreadPool<ExportQuestion, ExportAnswer>;
  readonly #options: ExportThreadsOptions;
  /** Threads that stay have loaded what it takes. */
  #areReady = false;

  constructor(options: ExportThreadsOptions) {
    const { meter: _meter, ...source } = options.source;
    this.#options = options;
    this.#pool = new ThreadPool(besides(import.meta.url, "export-thread"), {
      data: { source, scheme: options.scheme } satisfies ThreadData,
      roomForNew: ROOM_FOR_NEW,
      ...(options.stay ? { roomForOld: ROOM_FOR_OLD } : { endAfter: END_AFTER }),
    });
  }

  get threads(): number {
    return this.#pool.threads;
  }

  async look(look: Look): Promise<Looked | Digested | Unread> {
    return (await this.#pool.ask(look, [])) as Looked | Digested | Unread;
  }

  /** Has the threads read fingerprints; few are read from `source`, here. */
  fingerprints(source: Source): FingerprintReader {
    return {
      reads: (batches, call) =>
        inOrder(placed(batches, this.#areReady ? 0 : READ_HERE), this.threads * AHEAD, async ({ items, isHere }) => {
          call.signal.throwIfAborted();
          return isHere ? await readFingerprints(source, this.#options.scheme, items, call) : await this.#readThere(items);
        }),
    };
  }

  async #readThere(items: readonly Listed[]): Promise<readonly FingerprintRead[]> {
    const answer = (await this.#pool.ask({ items }, [])) as ReadThere | FailedThere;
    if ("problem" in answer) throw new TidemarkError("source_unavailable", `The exports could not be read: ${answer.problem}`);
    this.#areReady = this.#options.stay;
    this.#options.source.meter.count(answer.cost);
    return answer.reads;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pool[Symbol.asyncDispose]();
  }
}

/** A batch, and whether it is read here or by a thread. */
interface Placed {
  readonly items: readonly Listed[];
  readonly isHere: boolean;
}

/** Places the batches: here as long as no more than `most` assets are to be read in all, as far as one can see ahead. */
async function* placed(batches: AsyncIterable<readonly Listed[]>, most: number): AsyncGenerator<Placed> {
  const waiting: (readonly Listed[])[] = [];
  let met = 0;
  const place = (): readonly Placed[] => {
    const isFew = met <= most;
    return waiting.splice(0).map((items) => ({ items, isHere: isFew || items.length === 0 }));
  };
  for await (const items of batches) {
    waiting.push(items);
    met += items.length;
    if (met > most || waiting.length === SEEN_AHEAD) yield* place();
  }
  yield* place();
}
