import { availableParallelism } from "node:os";
import { setFlagsFromString } from "node:v8";
import { Worker } from "node:worker_threads";
import { once, setFlag, usualFlags } from "./v8-flags.ts";

const MOST_THREADS = 2;

export interface ThreadPoolOptions {
  /** What each thread finds as its `workerData`. */
  readonly data?: unknown;
  /** Default: as many as there are cores, and two at most. */
  readonly threads?: number;
  /** MiB that each thread has for new objects, in the place of the least that V8 begins with: for threads that make many. */
  readonly roomForNew?: number;
  /** MiB of older objects with which each thread first looks for those that are gone. Default: V8's, which is several times what a thread needs. */
  readonly roomForOld?: number;
  /** Milliseconds without a question after which the threads end, and give back what they hold. Default: they stay as long as the pool. */
  readonly endAfter?: number;
}

/**
 * Threads of one module, each of which answers every message with one, in their order. They start when there is something for them, and end with
 * the pool or before. Hand them bytes, which are moved and not copied: objects cost more to hand over than to make.
 */
export class ThreadPool<Question, Answer> implements AsyncDisposable {
  readonly threads: number;
  readonly #module: URL;
  readonly #data: unknown;
  readonly #room: Room;
  readonly #endAfter: number | undefined;
  #started: Thread<Question, Answer>[] = [];
  #endsAt: NodeJS.Timeout | undefined;
  #ended: Promise<void> = Promise.resolve();

  constructor(
    module: URL,
    { data, threads = Math.min(MOST_THREADS, availableParallelism()), roomForNew, roomForOld, endAfter }: ThreadPoolOptions = {},
  ) {
    this.#module = module;
    this.#data = data;
    this.#room = { roomForNew, roomForOld };
    this.#endAfter = endAfter;
    this.threads = threads;
  }

  /** Asks the thread that has least to do. What stands in `moved` is there no longer afterwards. */
  async ask(question: Question, moved: readonly ArrayBuffer[]): Promise<Answer> {
    clearTimeout(this.#endsAt);
    if (this.#started.length < this.threads && this.#started.every(({ busy }) => busy > 0)) this.#start();
    const free = this.#started.toSorted((a, b) => a.busy - b.busy)[0] as Thread<Question, Answer>;
    try {
      return await free.ask(question, moved);
    } finally {
      if (this.#endAfter !== undefined && this.#started.every(({ busy }) => busy === 0)) this.#endIn(this.#endAfter);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearTimeout(this.#endsAt);
    this.#end();
    await this.#ended;
  }

  #start(): void {
    const options = { data: this.#data, room: this.#room, staysBriefly: this.#endAfter !== undefined };
    const thread = new Thread<Question, Answer>(this.#module, options, () => {
      this.#started = this.#started.filter((one) => one !== thread);
    });
    this.#started.push(thread);
  }

  #endIn(milliseconds: number): void {
    clearTimeout(this.#endsAt);
    this.#endsAt = setTimeout(() => this.#end(), milliseconds);
  }

  #end(): void {
    // A process that ends while a thread is at work may hang: each is waited for.
    const ending = Promise.all([this.#ended, ...this.#started.map((thread) => thread.end())]);
    this.#started = [];
    this.#ended = ending.then(() => undefined);
  }
}

/** The module beside the one that has this address, as it is run: source or built. */
export function besides(own: string, name: string): URL {
  return new URL(`./${name}${own.slice(own.lastIndexOf("."))}`, own);
}

type Room = { readonly [Of in "roomForNew" | "roomForOld"]: ThreadPoolOptions[Of] };

interface StartedWith {
  readonly data: unknown;
  readonly room: Room;
  readonly staysBriefly: boolean;
}

class Thread<Question, Answer> {
  readonly #worker: Worker;
  readonly #asked: { readonly resolve: (answer: Answer) => void; readonly reject: (error: Error) => void }[] = [];

  /** `onEnd`: it answers nothing from then on. */
  constructor(module: URL, { data, room, staysBriefly }: StartedWith, onEnd: () => void) {
    // With it, about one in thirty processes that end right after their threads did hung for good.
    setFlagsFromString("--no-concurrent-sparkplug");
    const isEachCoreAtWork = availableParallelism() <= MOST_THREADS;
    // Threads that keep every core at work leave none to help a collector, which took turns from the work that it was to speed up.
    if (isEachCoreAtWork) setFlagsFromString("--no-parallel-scavenge");
    const ended = isEachCoreAtWork && staysBriefly ? compileOnlyOnce() : () => undefined;
    // The limits that a worker takes bound how far its rooms grow, and not where they begin. These hold for all threads from now on.
    if (room.roomForNew !== undefined) setFlagsFromString(`--min-semi-space-size=${room.roomForNew}`);
    if (room.roomForOld !== undefined) setFlagsFromString(`--initial-old-space-size=${room.roomForOld}`);
    const flags = usualFlags();
    this.#worker = new Worker(module, { workerData: data });
    this.#worker.once("message", flags.started);
    this.#worker.on("message", (answer: Answer) => this.#asked.shift()?.resolve(answer));
    const fail = (error: Error): void => {
      flags.started();
      ended();
      onEnd();
      for (const { reject } of this.#asked.splice(0)) reject(error);
    };
    this.#worker.on("error", (error) => fail(error as Error));
    this.#worker.on("exit", () => {
      flags.ended();
      fail(new Error("a thread ended before it answered"));
    });
  }

  get busy(): number {
    return this.#asked.length;
  }

  ask(question: Question, moved: readonly ArrayBuffer[]): Promise<Answer> {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    this.#asked.push({ resolve, reject });
    this.#worker.postMessage(question, moved);
    return promise;
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }
}

let threadsThatEnd = 0;

/**
 * V8 compiles what it does often a second time, with more care, on a core that is then missing. To find a tenth of 100,000 assets changed that took
 * a ninth of the time, and came too late to pay; of a million assets it took 20 MB, and no less time. A filter that no function passes puts it off
 * until the function that this answers with is called: without the compiler, or with a later turn for it, V8 would leave from the code of the
 * first time what tells that it pays.
 */
function compileOnlyOnce(): () => void {
  if (threadsThatEnd++ === 0) setFlag("turbo-filter", { usual: "*", wanted: "~" });
  return once(() => {
    if (--threadsThatEnd === 0) setFlag("turbo-filter", { usual: "*", wanted: "*" });
  });
}
