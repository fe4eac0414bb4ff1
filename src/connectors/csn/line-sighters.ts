import { availableParallelism } from "node:os";
import { setFlagsFromString } from "node:v8";
import { Worker } from "node:worker_threads";
import type { Stretch } from "./lines-from-end.ts";
import { type SightedLines, sightLines } from "./usual-lines.ts";

/** A stretch and what a look at its lines found. */
export interface Sighted {
  readonly stretch: Stretch;
  readonly lines: SightedLines;
}

/** Looks at stretches of lines, and answers in their order. */
export type Sight = (stretches: AsyncIterable<Stretch>) => AsyncIterable<Sighted>;

/** One after the other, here. */
export const sightHere: Sight = async function* (stretches) {
  for await (const stretch of stretches) yield { stretch, lines: sightLines(stretch.bytes) };
};

/** Below this a stretch is looked at sooner than it is handed over. */
const WORTH_HANDING_OVER = 256 * 1024;
const MOST_THREADS = 2;
/** Stretches that a thread has before it. */
const AHEAD = 2;

/**
 * Has other threads look at stretches. They get bytes, which are moved and not copied, and give columns of text: objects would cost more
 * to hand over than to make. Threads start when there is something for them.
 */
export class LineSighters implements AsyncDisposable {
  readonly #threads: number;
  #workers: Thread[] = [];

  constructor(threads: number = Math.min(MOST_THREADS, availableParallelism())) {
    this.#threads = threads;
  }

  readonly sight: Sight = (stretches) => this.#sight(stretches);

  async [Symbol.asyncDispose](): Promise<void> {
    // A process that ends while a thread is at work may hang: each is waited for.
    await Promise.all(this.#workers.map((worker) => worker.end()));
    this.#workers = [];
  }

  async *#sight(stretches: AsyncIterable<Stretch>): AsyncIterable<Sighted> {
    const waiting: Promise<Sighted>[] = [];
    for await (const stretch of stretches) {
      const sighted = this.#handOver(stretch);
      // Who waits for it may come to it only after it has failed.
      sighted.catch(() => undefined);
      waiting.push(sighted);
      if (waiting.length > this.#threads * AHEAD * 2) yield (await waiting.shift()) as Sighted;
    }
    for (const sighted of waiting) yield await sighted;
  }

  async #handOver(stretch: Stretch): Promise<Sighted> {
    const { length, buffer } = stretch.bytes;
    // A piece of something larger is not ours to give away.
    if (length < WORTH_HANDING_OVER || buffer.byteLength >= 2 * length) return { stretch, lines: sightLines(stretch.bytes) };
    if (this.#workers.length < this.#threads) this.#workers.push(new Thread());
    const free = this.#workers.toSorted((a, b) => a.busy - b.busy)[0] as Thread;
    return await free.look(stretch);
  }
}

/** What a thread is asked, and what it answers; the bytes travel with both. */
export interface Look {
  readonly buffer: ArrayBuffer;
  readonly from: number;
  readonly length: number;
}

export interface Looked extends Look {
  /** `names` and `tokens` are joined by line ends, which none of them holds. */
  readonly names: string;
  readonly tokens: string;
  readonly ats: Uint32Array;
  readonly lengths: Uint32Array;
}

class Thread {
  readonly #worker: Worker;
  readonly #asked: { readonly at: number; readonly resolve: (sighted: Sighted) => void; readonly reject: (error: Error) => void }[] = [];

  constructor() {
    // With it, about one in thirty processes that end right after their threads did hung for good.
    setFlagsFromString("--no-concurrent-sparkplug");
    const own = import.meta.url;
    this.#worker = new Worker(new URL(`./line-thread${own.slice(own.lastIndexOf("."))}`, own));
    this.#worker.on("message", (looked: Looked) => {
      const asked = this.#asked.shift();
      asked?.resolve(sightedFrom(looked, asked.at));
    });
    const fail = (error: Error): void => {
      for (const { reject } of this.#asked.splice(0)) reject(error);
    };
    this.#worker.on("error", (error) => fail(error as Error));
    this.#worker.on("exit", () => fail(new Error("a thread that looked at its lines ended before it answered")));
  }

  get busy(): number {
    return this.#asked.length;
  }

  look({ at, bytes }: Stretch): Promise<Sighted> {
    const { promise, resolve, reject } = Promise.withResolvers<Sighted>();
    this.#asked.push({ at, resolve, reject });
    const buffer = bytes.buffer as ArrayBuffer;
    const look: Look = { buffer, from: bytes.byteOffset, length: bytes.length };
    this.#worker.postMessage(look, [buffer]);
    return promise;
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }
}

function sightedFrom({ buffer, from, length, names, tokens, ats, lengths }: Looked, at: number): Sighted {
  return {
    stretch: { at, bytes: Buffer.from(buffer, from, length) },
    lines: { names: names.split("\n"), tokens: tokens.split("\n"), ats, lengths },
  };
}
