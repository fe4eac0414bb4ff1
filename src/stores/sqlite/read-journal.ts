import { readSync } from "node:fs";
import { parseStored } from "../../model/stored-json.ts";
import { BEFORE_ALL, type JournalEnd, lineAt, NEWLINE } from "../shared/journal-line.ts";
import type { StateChange } from "../shared/state-change.ts";

/** Version of what a journal tells. One of the first format leads from a state of the first format on. */
export const JOURNAL_FORMAT = 2;

/** The first line of a journal: the moment of the state from which it tells on. */
export interface JournalStart {
  readonly format: number;
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
    const line = isWhole ? lineAt(end, bytes) : null;
    if (line === null) return isWhole ? "damaged" : "torn";
    end = line.end;
    if (!visit(parseStored(line.text) as unknown as JournalLine, end)) return "end";
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

const CHUNK = 1 << 18;

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
