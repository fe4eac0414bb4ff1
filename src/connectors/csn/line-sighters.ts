import { inOrder } from "../../threads/in-order.ts";
import { besides, ThreadPool } from "../../threads/thread-pool.ts";
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
/** Stretches that each thread has before it, and as many that wait to be taken. */
const AHEAD = 4;

/** Has other threads look at stretches. They get the bytes, and give columns of text. */
export class LineSighters implements AsyncDisposable {
  readonly #pool: ThreadPool<Look, Looked>;

  constructor(threads?: number) {
    this.#pool = new ThreadPool(besides(import.meta.url, "line-thread"), threads === undefined ? {} : { threads });
  }

  readonly sight: Sight = (stretches) => inOrder(stretches, this.#pool.threads * AHEAD, (stretch) => this.#handOver(stretch));

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pool[Symbol.asyncDispose]();
  }

  async #handOver(stretch: Stretch): Promise<Sighted> {
    const { byteOffset: from, length, buffer } = stretch.bytes;
    // A piece of something larger is not ours to give away.
    if (length < WORTH_HANDING_OVER || buffer.byteLength >= 2 * length) return { stretch, lines: sightLines(stretch.bytes) };
    const moved = buffer as ArrayBuffer;
    return sightedFrom(await this.#pool.ask({ buffer: moved, from, length }, [moved]), stretch.at);
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

function sightedFrom({ buffer, from, length, names, tokens, ats, lengths }: Looked, at: number): Sighted {
  return {
    stretch: { at, bytes: Buffer.from(buffer, from, length) },
    lines: { names: names.split("\n"), tokens: tokens.split("\n"), ats, lengths },
  };
}
