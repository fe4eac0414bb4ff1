import { createReadStream } from "node:fs";
import { resolve } from "node:path";
import { TidemarkError } from "../model/errors.ts";
import type { HashScheme } from "../model/fingerprint.ts";
import { inOrder } from "../threads/in-order.ts";
import { besides, ThreadPool } from "../threads/thread-pool.ts";
import type { Context } from "./context.ts";
import { type HashedChunk, hashChunk } from "./fingerprint-chunk.ts";

/** Whole lines of the input, in a buffer of their own. */
export interface Chunk {
  readonly buffer: ArrayBuffer;
  readonly from: number;
  readonly length: number;
  readonly isFirst: boolean;
}

/** So much is handed to a thread at once, less what stands behind its last line end. */
const CHUNK = 512 * 1024;
/** A chunk of less, which is the end of an input or all of a small one, is hashed sooner than it is handed over. */
const WORTH_HANDING_OVER = CHUNK / 2;
/** Chunks that each thread has before it, and as many that wait to be taken. */
const AHEAD = 4;

/** The hashes of each line of a file, or of standard input, in chunks of whole lines. Lines that were right are handed on before a wrong one throws. */
export async function* fingerprintLines(
  file: string | undefined,
  { cwd, stdin }: Pick<Context, "cwd" | "stdin">,
  scheme: HashScheme,
): AsyncGenerator<string> {
  const name = file ?? "standard input";
  const stream = file === undefined ? stdin : createReadStream(resolve(cwd, file), { highWaterMark: CHUNK });
  await using threads = new ThreadPool<Chunk, HashedChunk>(besides(import.meta.url, "fingerprint-thread"), { data: scheme });
  const hashed = inOrder(chunksOf(stream, name), threads.threads * AHEAD, async (chunk) =>
    chunk.length < WORTH_HANDING_OVER
      ? hashChunk(Buffer.from(chunk.buffer, chunk.from, chunk.length), chunk.isFirst, scheme)
      : await threads.ask(chunk, [chunk.buffer]),
  );
  let number = 0;
  for await (const { text, lines, wrong } of hashed) {
    number += lines;
    yield text;
    if (wrong !== null)
      throw new TidemarkError("input_invalid", `Line ${number} of ${name} cannot be hashed: ${wrong}.`.replace("..", "."));
  }
}

// Only "\n" ends a line: JSON may hold every other character that some readers take for an end.
async function* chunksOf(stream: NodeJS.ReadableStream, name: string): AsyncGenerator<Chunk> {
  let pieces: Buffer[] = [];
  let size = 0;
  let isFirst = true;
  const chunk = (): Chunk => {
    const { buffer, byteOffset: from, length } = ownBuffer(pieces, size);
    const whole = { buffer, from, length, isFirst };
    isFirst = false;
    return whole;
  };
  try {
    for await (const read of stream) {
      const bytes = typeof read === "string" ? Buffer.from(read) : read;
      const end = size + bytes.length < CHUNK ? -1 : bytes.lastIndexOf(NEWLINE);
      if (end < 0) {
        pieces.push(bytes);
        size += bytes.length;
        continue;
      }
      pieces.push(bytes.subarray(0, end));
      size += end;
      yield chunk();
      pieces = end + 1 < bytes.length ? [bytes.subarray(end + 1)] : [];
      size = bytes.length - end - 1;
    }
  } catch (error) {
    throw new TidemarkError("input_invalid", `Reading ${name} failed: ${(error as Error).message}.`, { cause: error });
  }
  if (size > 0) yield chunk();
}

const NEWLINE = 0x0a;

/** A copy that can be given away. */
function ownBuffer(
  pieces: readonly Buffer[],
  size: number,
): { readonly buffer: ArrayBuffer; readonly byteOffset: number; readonly length: number } {
  const bytes = Buffer.allocUnsafeSlow(size);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}
