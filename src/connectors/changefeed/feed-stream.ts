import type { Writable } from "node:stream";
import { type Feed, feedUnavailable } from "./feed.ts";

/** A feed to standard output. A line counts as written once the stream took it; what its reader does with it nobody can know. */
export class FeedStream implements Feed {
  readonly #stream: Writable;

  constructor(stream: Writable) {
    this.#stream = stream;
  }

  append(line: string): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#stream.write(line, (error) => {
      if (error == null) resolve();
      else reject(feedUnavailable("on standard output", error, "See why its reader went away"));
    });
    return promise;
  }

  // The stream is the process's, not ours to end.
  async close(): Promise<void> {}
}
