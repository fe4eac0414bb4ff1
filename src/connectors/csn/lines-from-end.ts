import { hash } from "node:crypto";
import type { Span } from "../../csn/find-definitions.ts";
import { OrderedLines } from "./ordered-lines.ts";
import { type SightedLines, sightLines } from "./usual-lines.ts";

/** A line without its end, and where it begins in its file. */
export interface Line {
  readonly at: number;
  readonly bytes: Buffer;
}

/** What a look at whole lines found. Their places are counted from where they begin in their file. */
export interface Sighted {
  readonly at: number;
  readonly lines: SightedLines;
}

/** A part of a file, cut at its first and its last line end. Its bytes are copies: the part itself need not stay. */
export interface Cut {
  /** What stands before the first line end; all of it where there is none. */
  readonly head: Uint8Array;
  /** What stands behind the last line end, and where in the file; null where there is none. */
  readonly tail: { readonly at: number; readonly bytes: Uint8Array } | null;
  /** The lines between; null where there is no more than one line end. */
  readonly inner: Sighted | null;
}

/** A line beyond this is no definition but a mistake; a file of one line must not fill the memory. */
export const MAX_LINE: number = 64 * 1024 * 1024;

const CHUNK = 1024 * 1024;
const NEWLINE = 0x0a;

/** The parts of a file of that size, from its end to its beginning. */
export function* partsFromEnd(size: number, chunk: number = CHUNK): Generator<Span> {
  for (let end = size; end > 0; end -= chunk) {
    const at = Math.max(0, end - chunk);
    yield { at, length: end - at };
  }
}

/** Told the digest of each part of a file that is read, in the order of reading. */
export type OnDigest = (digest: string) => void;

/** The digest of a part of a file. */
export function digestOf(bytes: Buffer): string {
  return hash("sha256", bytes, "hex");
}

/** Cuts the part of a file that begins at `at`, and looks at its whole lines. */
export function cutPart(at: number, bytes: Buffer): Cut {
  const [first, last] = [bytes.indexOf(NEWLINE), bytes.lastIndexOf(NEWLINE)];
  // Copies that own their memory, unlike those of `Buffer.from`, so that a thread can move them to another.
  if (first < 0) return { head: new Uint8Array(bytes), tail: null, inner: null };
  return {
    head: new Uint8Array(bytes.subarray(0, first)),
    tail: { at: at + last + 1, bytes: new Uint8Array(bytes.subarray(last + 1)) },
    inner: last > first ? sighted(at + first + 1, bytes.subarray(first + 1, last)) : null,
  };
}

/**
 * All lines of a file, the last one first, of its parts as {@link partsFromEnd} gives them.
 *
 * From the end, because of two lines with the same name the later one counts: it is then met first, and nothing that was already
 * passed on need be taken back.
 */
export async function* joined(cuts: AsyncIterable<Cut>): AsyncIterable<Sighted> {
  // The pieces of a line whose beginning has not been reached yet.
  let pieces: readonly Uint8Array[] | null = null;
  for await (const { head, tail, inner } of cuts) {
    if (tail !== null) {
      const last = sighted(tail.at, Buffer.concat([tail.bytes, ...(pieces ?? [])]));
      pieces = null;
      const all = inner?.lines instanceof OrderedLines ? inner.lines.followedBy(last.lines, last.at - inner.at) : null;
      if (inner !== null && all !== null) yield { at: inner.at, lines: all };
      else {
        yield last;
        if (inner !== null) yield inner;
      }
    }
    pieces = [head, ...(pieces ?? [])];
    if (lengthOf(pieces) > MAX_LINE) throw new Error(`it has a line longer than ${MAX_LINE / 1024 / 1024} MiB`);
  }
  if (pieces !== null) yield sighted(0, Buffer.concat(pieces));
}

function sighted(at: number, bytes: Buffer): Sighted {
  return { at, lines: sightLines(bytes) };
}

function lengthOf(pieces: readonly Uint8Array[]): number {
  return pieces.reduce((sum, piece) => sum + piece.length, 0);
}
