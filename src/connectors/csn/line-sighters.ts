import type { Span } from "../../csn/find-definitions.ts";
import { inOrder } from "../../threads/in-order.ts";
import { besides, ThreadPool } from "../../threads/thread-pool.ts";
import type { OpenFile } from "./disk.ts";
import { giveBack } from "./give-back.ts";
import { type Cut, cutPart, joined, partsFromEnd, type Sighted } from "./lines-from-end.ts";

/** Looks at all lines of a file, and answers from the last to the first. */
export type Sight = (file: OpenFile) => AsyncIterable<Sighted>;

/** One part after the other, here; `chunk`: the bytes of a part. */
export function sightHere(file: OpenFile, chunk?: number): AsyncIterable<Sighted> {
  return joined(cutHere(file, chunk));
}

async function* cutHere(file: OpenFile, chunk?: number): AsyncIterable<Cut> {
  for (const { at, length } of partsFromEnd(file.size, chunk)) {
    const bytes = await file.read(at, length);
    yield cutPart(at, bytes);
    giveBack([bytes]);
  }
}

/** Below this a file is looked at sooner than other threads are asked. */
const WORTH_ASKING = 256 * 1024;
/** Parts that each thread has before it, and as many that wait to be taken. */
const AHEAD = 4;

/** Has other threads read files and look at their lines: what they answer is columns of text, and no bytes pass from thread to thread. */
export class LineSighters implements AsyncDisposable {
  readonly #pool: ThreadPool<Look, Looked | Unread>;

  constructor(threads?: number) {
    this.#pool = new ThreadPool(besides(import.meta.url, "line-thread"), threads === undefined ? {} : { threads });
  }

  readonly sight: Sight = (file) => {
    const { lend } = file;
    if (lend === undefined || file.size < WORTH_ASKING) return sightHere(file);
    return joined(
      inOrder(partsFromEnd(file.size), this.#pool.threads * AHEAD, async (part) =>
        cutFrom(await this.#pool.ask({ descriptor: lend(part.length), ...part }, [])),
      ),
    );
  };

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pool[Symbol.asyncDispose]();
  }
}

/** What a thread is asked: a part of a file that stays open until it has answered. */
export interface Look extends Span {
  readonly descriptor: number;
}

/** What a thread answers: a {@link Cut}. */
export interface Looked extends Omit<Cut, "inner"> {
  readonly inner: { readonly at: number; readonly lines: JoinedLines } | null;
}

/** Columns of lines as they pass from thread to thread: `names` and `tokens` are joined by line ends, which none of them holds. */
export interface JoinedLines {
  readonly names: string;
  readonly tokens: string;
  readonly ats: Uint32Array;
  readonly lengths: Uint32Array;
}

/** What a thread answers about a part that it could not read. */
export interface Unread {
  readonly problem: string;
}

function cutFrom(looked: Looked | Unread): Cut {
  if ("problem" in looked) throw new Error(looked.problem);
  const { inner } = looked;
  if (inner === null) return { ...looked, inner };
  const { names, tokens, ats, lengths } = inner.lines;
  return { ...looked, inner: { at: inner.at, lines: { names: names.split("\n"), tokens: tokens.split("\n"), ats, lengths } } };
}
