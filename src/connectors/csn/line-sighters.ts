import type { Span } from "../../csn/find-definitions.ts";
import { inOrder } from "../../threads/in-order.ts";
import type { OpenFile } from "./disk.ts";
import { giveBack } from "../../threads/give-back.ts";
import { type Cut, cutPart, digestOf, joined, type OnDigest, partsFromEnd, type Sighted } from "./lines-from-end.ts";
import { fromEnd, type LineColumns, OrderedLines } from "./ordered-lines.ts";

/** Looks at all lines of a file, and answers from the last to the first; `onDigest` is told the digest of each part, in their order. */
export type Sight = (file: OpenFile, onDigest?: OnDigest) => AsyncIterable<Sighted>;

/** One part after the other, here; `chunk`: the bytes of a part. */
export function sightHere(file: OpenFile, onDigest?: OnDigest, chunk?: number): AsyncIterable<Sighted> {
  return joined(cutHere(file, onDigest, chunk));
}

async function* cutHere(file: OpenFile, onDigest?: OnDigest, chunk?: number): AsyncIterable<Cut> {
  for (const { at, length } of partsFromEnd(file.size, chunk)) {
    const bytes = await file.read(at, length);
    onDigest?.(digestOf(bytes));
    yield cutPart(at, bytes);
    giveBack([bytes]);
  }
}

async function* digestsHere(file: OpenFile): AsyncIterable<string> {
  for (const { at, length } of partsFromEnd(file.size)) {
    const bytes = await file.read(at, length);
    yield digestOf(bytes);
    giveBack([bytes]);
  }
}

/** Below this a file is looked at sooner than other threads are asked. */
const WORTH_ASKING = 256 * 1024;
/** Parts that each thread has before it, and as many that wait to be taken. */
const AHEAD = 4;

/** Threads that look at lines, each at one part of a file after the other. */
export interface LineThreads {
  readonly threads: number;
  look(look: Look): Promise<Looked | Digested | Unread>;
}

/** Has threads read files and look at their lines: what they answer is columns of text, and no bytes pass from thread to thread. */
export class LineSighters {
  readonly #threads: LineThreads | undefined;
  readonly #part: number | undefined;

  /** Without threads all is looked at here. `part`: the bytes of a part, where not the usual ones. */
  constructor(threads?: LineThreads, part?: number) {
    this.#threads = threads;
    this.#part = part;
  }

  readonly sight: Sight = (file, onDigest) => {
    const answers = this.#answers<Looked>(file, onDigest === undefined ? "lines" : "lines and digest");
    return answers === null ? sightHere(file, onDigest) : joined(cutsOf(answers, onDigest));
  };

  /** The digests of a file's parts, from the last to the first: those that a look at its lines tells. */
  async *digests(file: OpenFile): AsyncIterable<string> {
    const answers = this.#answers<Digested>(file, "digest");
    if (answers === null) yield* digestsHere(file);
    else for await (const { digest } of answers) yield digest;
  }

  /** Null where a file is better looked at here. */
  #answers<Answer extends Looked | Digested>(file: OpenFile, wanted: Look["wanted"]): AsyncIterable<Answer> | null {
    const [threads, { lend, size }] = [this.#threads, file];
    if (threads === undefined || lend === undefined || size < (this.#part ?? WORTH_ASKING)) return null;
    return inOrder(partsFromEnd(size, this.#part), threads.threads * AHEAD, async (part) => {
      const answer = await threads.look({ descriptor: lend(part.length), ...part, wanted });
      if ("problem" in answer) throw new Error(answer.problem);
      return answer as Answer;
    });
  }
}

/** What a thread is asked: a part of a file that stays open until it has answered. */
export interface Look extends Span {
  readonly descriptor: number;
  readonly wanted: "lines" | "lines and digest" | "digest";
}

/** What a thread answers: a {@link Cut}, and where it was wanted the digest of the same bytes. */
export interface Looked extends Omit<Cut, "inner"> {
  readonly inner: { readonly at: number; readonly lines: LineColumns & { readonly isOrdered: boolean } } | null;
  readonly digest?: string;
}

/** What a thread answers that was asked for no more. */
export interface Digested {
  readonly digest: string;
}

/** What a thread answers about a part that it could not read. */
export interface Unread {
  readonly problem: string;
}

async function* cutsOf(answers: AsyncIterable<Looked>, onDigest?: OnDigest): AsyncIterable<Cut> {
  for await (const looked of answers) {
    if (looked.digest !== undefined) onDigest?.(looked.digest);
    yield cutFrom(looked);
  }
}

function cutFrom({ head, tail, inner }: Looked): Cut {
  if (inner === null) return { head, tail, inner };
  const { at, lines } = inner;
  return { head, tail, inner: { at, lines: lines.isOrdered ? new OrderedLines(lines) : fromEnd(lines) } };
}
