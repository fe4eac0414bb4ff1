import { type FileHandle, open, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { type Feed, feedUnavailable } from "./feed.ts";

/**
 * A file of lines that is only ever appended to. Lines that wait at the same time are written together and made durable by one sync.
 *
 * A line cut short by a crash was never acknowledged: it is cut off before the first line is added, so that the file always holds
 * whole lines and a reader who takes whole lines only has never seen it.
 */
export class FeedFile implements Feed {
  readonly #path: string;
  #opened: Opened | null = null;
  #waiting: Waiting[] = [];
  #writing: Promise<void> = Promise.resolve();

  constructor(path: string) {
    this.#path = path;
  }

  append(line: string): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#waiting.push({ line, resolve, reject });
    if (this.#waiting.length === 1) this.#writing = this.#writing.then(() => this.#writeWaiting());
    return promise;
  }

  async close(): Promise<void> {
    await this.#writing;
    await this.#opened?.handle.close();
    this.#opened = null;
  }

  async #writeWaiting(): Promise<void> {
    const lines = this.#waiting;
    this.#waiting = [];
    try {
      this.#opened ??= await openFeed(this.#path);
      const bytes = Buffer.from(lines.map(({ line }) => line).join(""));
      await this.#opened.handle.appendFile(bytes);
      if (this.#opened.regular) await this.#opened.handle.datasync();
      this.#opened.size += bytes.length;
      for (const { resolve } of lines) resolve();
    } catch (error) {
      await this.#takeBack();
      const failure = feedUnavailable(this.#path, error, "Make room, or mend the folder and its rights");
      for (const { reject } of lines) reject(failure);
    }
  }

  // Whatever part of the lines came to stand in the file goes again; what cannot be taken back is repeated under the same key.
  async #takeBack(): Promise<void> {
    const opened = this.#opened;
    this.#opened = null;
    if (opened === null) return;
    if (opened.regular) await opened.handle.truncate(opened.size).catch(() => undefined);
    await opened.handle.close().catch(() => undefined);
  }
}

interface Waiting {
  readonly line: string;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

interface Opened {
  readonly handle: FileHandle;
  /** False for a pipe or a device, which has no end to look at and nothing to sync. */
  readonly regular: boolean;
  /** Bytes that are durable. */
  size: number;
}

async function openFeed(path: string): Promise<Opened> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw error;
  });
  if (found !== null && !found.isFile()) return { handle: await open(path, "a"), regular: false, size: 0 };
  const handle = await open(path, "a+");
  try {
    if (found === null) await syncFolder(dirname(path));
    const { size: written } = await handle.stat();
    const size = await endOfLastLine(handle, written);
    if (size < written) await handle.truncate(size);
    return { handle, regular: true, size };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

const CHUNK = 64 * 1024;
const NEWLINE = 10;

async function endOfLastLine(handle: FileHandle, size: number): Promise<number> {
  const chunk = Buffer.alloc(CHUNK);
  for (let end = size; end > 0; end -= CHUNK) {
    const start = Math.max(0, end - CHUNK);
    const { bytesRead } = await handle.read(chunk, 0, end - start, start);
    const at = chunk.subarray(0, bytesRead).lastIndexOf(NEWLINE);
    if (at >= 0) return start + at + 1;
  }
  return 0;
}

// The name of a new file is durable only with its folder.
async function syncFolder(path: string): Promise<void> {
  await using folder = await open(path, "r");
  await folder.sync();
}
