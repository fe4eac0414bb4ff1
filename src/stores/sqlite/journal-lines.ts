import { createHash } from "node:crypto";
import { readSync } from "node:fs";
import { parseStored } from "../../model/stored-json.ts";
import type { StateChange } from "./state-change.ts";

/** The first line of a journal: the moment of the state from which it tells on. */
export interface JournalStart {
  readonly format: 1;
  readonly lineage: string;
  /** The ledger's count of writes. */
  readonly writes: number;
}

/** Any other line: one write, and what the ledger was after it. */
export interface JournalLine {
  readonly writes: number;
  /** Sum of the ledger's text: a replay that does not come to the same ledger is not the same state. */
  readonly ledger: string;
  readonly change: StateChange;
}

/** A place between two lines. */
export interface JournalEnd {
  /** From the beginning of the file. */
  readonly bytes: number;
  /** Sum of the line before it. */
  readonly sum: string;
}

/** The end of a journal without lines. */
export const BEFORE_ALL: JournalEnd = { bytes: 0, sum: "" };

/**
 * A line's bytes and the place behind it. Each line begins with the sum over its text and over the sum of the line before it, so that no
 * line can be altered, lost or moved unseen; only lines at the end can be missing, and the state says how many it knows.
 */
export function lineBehind(before: JournalEnd, told: JournalStart | JournalLine): { readonly bytes: Buffer; readonly end: JournalEnd } {
  const text = Buffer.from(JSON.stringify(told));
  const sum = sumBehind(before, text);
  const bytes = Buffer.concat([Buffer.from(`${sum} `), text, Buffer.of(NEWLINE)]);
  return { bytes, end: { bytes: before.bytes + bytes.length, sum } };
}

/**
 * Reads line by line from a place on and up to a byte, in the memory of one line, until `visit` answers false. Answers with what it found behind the last
 * intact line: nothing (also where it was told to stop), a last line that was not written to its end, or damage.
 */
export function readLines(
  file: number,
  from: JournalEnd,
  to: number,
  visit: (told: JournalLine, end: JournalEnd) => boolean,
): "end" | "torn" | "damaged" {
  let end = from;
  const lines = rawLines(file, from.bytes, to);
  for (const { bytes, isWhole } of lines) {
    const sum = bytes.toString("latin1", 0, SUM);
    const text = bytes.subarray(SUM + 1);
    if (!isWhole || bytes[SUM] !== SPACE || sumBehind(end, text) !== sum) return isWhole ? "damaged" : "torn";
    end = { bytes: end.bytes + bytes.length + 1, sum };
    if (!visit(parseStored(text.toString()) as unknown as JournalLine, end)) return "end";
  }
  return "end";
}

/** The first line and the place behind it; null where it is not intact. */
export function readStart(file: number): { readonly start: JournalStart; readonly end: JournalEnd } | null {
  const found: { start: JournalStart; end: JournalEnd }[] = [];
  readLines(file, BEFORE_ALL, Number.POSITIVE_INFINITY, (told, end) => {
    found.push({ start: told as unknown as JournalStart, end });
    return false;
  });
  return found[0] ?? null;
}

const SUM = 32;
const SPACE = 0x20;
const NEWLINE = 0x0a;
const CHUNK = 1 << 18;

function sumBehind({ sum }: JournalEnd, text: Uint8Array): string {
  return createHash("sha256").update(sum).update(text).digest("hex").slice(0, SUM);
}

function* rawLines(file: number, from: number, to: number): Generator<{ readonly bytes: Buffer; readonly isWhole: boolean }> {
  let at = from;
  let begun: Buffer[] = [];
  while (at < to) {
    const chunk = Buffer.allocUnsafe(Math.min(CHUNK, to - at));
    const read = readSync(file, chunk, 0, chunk.length, at);
    if (read === 0) break;
    at += read;
    let rest = chunk.subarray(0, read);
    for (let newline = rest.indexOf(NEWLINE); newline >= 0; newline = rest.indexOf(NEWLINE)) {
      yield { bytes: Buffer.concat([...begun, rest.subarray(0, newline)]), isWhole: true };
      begun = [];
      rest = rest.subarray(newline + 1);
    }
    if (rest.length > 0) begun.push(rest);
  }
  if (begun.length > 0) yield { bytes: Buffer.concat(begun), isWhole: false };
}
