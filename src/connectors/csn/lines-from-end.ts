import type { OpenFile } from "./disk.ts";

/** A line without its end, and where it begins in its file. */
export interface Line {
  readonly at: number;
  readonly bytes: Buffer;
}

/** A line beyond this is no definition but a mistake; a file of one line must not fill the memory. */
export const MAX_LINE: number = 64 * 1024 * 1024;

/**
 * The lines of a file from its end to its beginning, a chunk's worth at a time.
 *
 * From the end, because of two lines with the same name the later one counts: it is then met first, and nothing that was already
 * passed on need be taken back.
 */
export async function* linesFromEnd(file: OpenFile, chunk: number = CHUNK): AsyncIterable<readonly Line[]> {
  // The pieces of a line whose beginning has not been reached yet.
  let pieces: readonly Buffer[] = [];
  for (let end = file.size; end > 0; end = Math.max(0, end - chunk)) {
    const start = Math.max(0, end - chunk);
    const bytes = await file.read(start, end - start);
    const lines: Line[] = [];
    let cut = bytes.length;
    for (const newline of newlinesFromEnd(bytes)) {
      lines.push({ at: start + newline + 1, bytes: joined(bytes.subarray(newline + 1, cut), pieces) });
      pieces = [];
      cut = newline;
    }
    pieces = [bytes.subarray(0, cut), ...pieces];
    if (size(pieces) > MAX_LINE) throw new Error(`it has a line longer than ${MAX_LINE / 1024 / 1024} MiB`);
    if (lines.length > 0) yield lines;
  }
  if (file.size > 0) yield [{ at: 0, bytes: joined(Buffer.alloc(0), pieces) }];
}

const CHUNK = 1024 * 1024;

function newlinesFromEnd(bytes: Buffer): readonly number[] {
  const found: number[] = [];
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) found.push(at);
  return found.reverse();
}

function joined(first: Buffer, rest: readonly Buffer[]): Buffer {
  return rest.length === 0 ? first : Buffer.concat([first, ...rest]);
}

function size(pieces: readonly Buffer[]): number {
  return pieces.reduce((sum, piece) => sum + piece.length, 0);
}
