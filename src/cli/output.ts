import { once } from "node:events";
import { styleText } from "node:util";

export type Paint = Parameters<typeof styleText>[0];

/**
 * A standard stream. Writing to one whose reader has gone (`… | head`) does nothing, so that a command ends as it would have ended;
 * a long print looks at `closed` and stops.
 */
export class Output {
  readonly #stream: NodeJS.WriteStream;
  #closed = false;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
      this.#closed = true;
    });
  }

  get closed(): boolean {
    return this.#closed;
  }

  get isTerminal(): boolean {
    return this.#stream.isTTY === true;
  }

  /** Columns of the terminal; without a terminal, lines are not broken at all. */
  get width(): number {
    return this.isTerminal ? Math.max(this.#stream.columns, 40) : Number.POSITIVE_INFINITY;
  }

  get stream(): NodeJS.WriteStream {
    return this.#stream;
  }

  /** Resolves once the stream takes more. */
  async write(text: string): Promise<void> {
    if (this.#closed || this.#stream.write(text)) return;
    const given = new AbortController();
    const drained = once(this.#stream, "drain", { signal: given.signal }).catch(() => undefined);
    const gone = once(this.#stream, "close", { signal: given.signal }).catch(() => undefined);
    await Promise.race([drained, gone]);
    given.abort();
  }

  /** Writes what comes until it ends or nobody reads any more. */
  async writeAll(chunks: AsyncIterable<string> | Iterable<string>): Promise<void> {
    for await (const chunk of chunks) {
      await this.write(chunk);
      if (this.#closed) return;
    }
  }

  /** Colours a text where this stream shows colours: a terminal, NO_COLOR and FORCE_COLOR heeded. */
  readonly paint = (format: Paint, text: string): string => styleText(format, text, { stream: this.#stream });
}
