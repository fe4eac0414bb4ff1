import { readSync } from "node:fs";
import type { Digested, Look, Looked, Unread } from "./line-sighters.ts";
import { type Cut, cutPart, digestOf } from "./lines-from-end.ts";
import { columnsOf } from "./ordered-lines.ts";

let room = Buffer.alloc(0);

/** What a thread does for LineSighters: reads one part of a file after the other, all into the same room, and looks at its lines. */
export function lookAtLines({ descriptor, at, length, wanted }: Look): Looked | Digested | Unread {
  try {
    const bytes = read(descriptor, at, length);
    if (wanted === "digest") return { digest: digestOf(bytes) };
    const lines = looked(cutPart(at, bytes));
    return wanted === "lines" ? lines : { ...lines, digest: digestOf(bytes) };
  } catch (error) {
    return { problem: (error as Error).message };
  }
}

/** What of an answer is moved and not copied: a copy would be left to the thread's collector, which comes too seldom to it. */
export function bytesOf(answered: Looked | Digested | Unread): readonly ArrayBuffer[] {
  if (!("head" in answered)) return [];
  const { head, tail, inner } = answered;
  const columns = inner === null ? [] : [inner.lines.ats.buffer, inner.lines.lengths.buffer];
  return [head.buffer, ...(tail === null ? [] : [tail.bytes.buffer]), ...columns] as ArrayBuffer[];
}

function read(descriptor: number, at: number, length: number): Buffer {
  if (room.length < length) room = Buffer.allocUnsafeSlow(length);
  for (let done = 0; done < length;) {
    const more = readSync(descriptor, room, done, length - done, at + done);
    if (more === 0) throw new Error("it became shorter while it was read");
    done += more;
  }
  return room.subarray(0, length);
}

function looked({ head, tail, inner }: Cut): Looked {
  return { head, tail, inner: inner === null ? null : { at: inner.at, lines: columnsOf(inner.lines) } };
}
