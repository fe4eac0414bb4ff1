import type { OpenFile } from "./disk.ts";

/** A line without its end, and where it begins in its file. */
export interface Line {
  readonly at: number;
  readonly bytes: Buffer;
}

/** Whole lines one behind the other, without the end of the last, and where they begin in their file. */
export interface Stretch {
  readonly at: number;
  readonly bytes: Buffer;
}

/** A line beyond this is no definition but a mistake; a file of one line must not fill the memory. */
export const MAX_LINE: number = 64 * 1024 * 1024;

/**
 * The lines of a file from its end to its beginning, as many at a time as one read gives.
 *
 * From the end, because of two lines with the same name the later one counts: it is then met first, and nothing that was already
 * passed on need be taken back.
 */
export async function* stretchesFromEnd(file: OpenFile, chunk: number = CHUNK): AsyncIterable<Stretch> {
  // The pieces of a line whose beginning has not been reached yet. They are copies: who takes a stretch may have its bytes.
  let pieces: readonly Buffer[] = [];
  for (let end = file.size; end > 0; end = Math.max(0, end - chunk)) {
    const start = Math.max(0, end - chunk);
    const bytes = await file.read(start, end - start);
    const [first, last] = [bytes.indexOf(NEWLINE), bytes.lastIndexOf(NEWLINE)];
    if (first < 0) {
      pieces = [Buffer.from(bytes), ...pieces];
    } else {
      const split = { at: start + last + 1, bytes: Buffer.concat([bytes.subarray(last + 1), ...pieces]) };
      pieces = [Buffer.from(bytes.subarray(0, first))];
      yield split;
      if (last > first) yield { at: start + first + 1, bytes: bytes.subarray(first + 1, last) };
    }
    if (size(pieces) > MAX_LINE) throw new Error(`it has a line longer than ${MAX_LINE / 1024 / 1024} MiB`);
  }
  if (file.size > 0) yield { at: 0, bytes: Buffer.concat(pieces) };
}

const CHUNK = 1024 * 1024;
const NEWLINE = 0x0a;

function size(pieces: readonly Buffer[]): number {
  return pieces.reduce((sum, piece) => sum + piece.length, 0);
}
