import { createReadStream } from "node:fs";
import { createZstdDecompress } from "node:zlib";
import { TidemarkError } from "../../model/errors.ts";
import { giveBack } from "../../threads/give-back.ts";

/** What a file's name ends with whose content is compressed. */
export const ZSTD = ".zst";

/** Bytes that are read, packed or unpacked at a time: with the platform's 16 KiB every chunk is a journey to another thread and back. */
export const CHUNK: number = 1 << 18;

/** The longest line that is read: a checkpoint with its snapshot takes a few kilobytes. */
const LONGEST_LINE = 64 << 20;

/** The lines of a file of state records, decompressed where its name says so. */
export async function* linesOf(path: string): AsyncGenerator<string> {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true, fatal: true });
  let rest = "";
  try {
    for await (const chunk of bytesOf(path, path.endsWith(ZSTD))) {
      const parts = (rest + decoder.decode(chunk, { stream: true })).split("\n");
      rest = parts.pop() as string;
      if (rest.length > LONGEST_LINE) throw new Error("a line is longer than 64 MiB");
      yield* parts;
    }
    rest += decoder.decode();
  } catch (error) {
    throw error instanceof TidemarkError ? error : unreadable(path, error as NodeJS.ErrnoException);
  }
  if (rest !== "") yield rest;
}

/** What a file of text holds, decompressed where it is compressed. Nobody may look at a part of it once the next is asked for. */
export async function* bytesOf(path: string, isCompressed: boolean): AsyncGenerator<Uint8Array> {
  const stored = createReadStream(path, { highWaterMark: CHUNK });
  if (!isCompressed) {
    yield* givingBack(stored as AsyncIterable<Buffer>);
    return;
  }
  const plain = createZstdDecompress({ chunkSize: CHUNK });
  // What breaks on the way breaks the reader of `plain` too.
  stored.on("error", (error) => plain.destroy(error));
  stored.pipe(plain);
  try {
    yield* givingBack(plain as AsyncIterable<Buffer>);
  } finally {
    stored.destroy();
  }
}

async function* givingBack(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    yield chunk;
    // One that does not fill its memory may share it with what is unpacked next.
    if (chunk.byteLength === chunk.buffer.byteLength) giveBack([chunk]);
  }
}

function unreadable(path: string, error: NodeJS.ErrnoException): TidemarkError {
  const why = error.code === "ENOENT" ? "there is no such file" : error.message;
  return new TidemarkError("input_invalid", `${path} cannot be read: ${why}.`, {
    remedy: "`tidemark checkpoint backup --list` shows the backups there are.",
    cause: error,
  });
}
