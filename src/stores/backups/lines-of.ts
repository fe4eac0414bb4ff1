import { createReadStream } from "node:fs";
import { createZstdDecompress } from "node:zlib";
import { TidemarkError } from "../../model/errors.ts";

/** What a file's name ends with whose content is compressed. */
export const ZSTD = ".zst";

/** The longest line that is read: a checkpoint with its snapshot takes a few kilobytes. */
const LONGEST_LINE = 64 << 20;

/** The lines of a file of state records, decompressed where its name says so. `path` tells the kind where the file still has another name. */
export async function* linesOf(path: string, kind: string = path): AsyncGenerator<string> {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true, fatal: true });
  let rest = "";
  try {
    for await (const chunk of bytesOf(path, kind.endsWith(ZSTD))) {
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

async function* bytesOf(path: string, isCompressed: boolean): AsyncGenerator<Uint8Array> {
  const stored = createReadStream(path, { highWaterMark: 1 << 18 });
  if (!isCompressed) {
    yield* stored as AsyncIterable<Uint8Array>;
    return;
  }
  const plain = createZstdDecompress();
  // What breaks on the way breaks the reader of `plain` too.
  stored.on("error", (error) => plain.destroy(error));
  stored.pipe(plain);
  try {
    yield* plain as AsyncIterable<Uint8Array>;
  } finally {
    stored.destroy();
  }
}

function unreadable(path: string, error: NodeJS.ErrnoException): TidemarkError {
  const why = error.code === "ENOENT" ? "there is no such file" : error.message;
  return new TidemarkError("input_invalid", `${path} cannot be read: ${why}.`, {
    remedy: "`tidemark checkpoint backup --list` shows the backups there are.",
    cause: error,
  });
}
