import type { RunReport } from "../../model/report.ts";
import { parseStored } from "../../model/stored-json.ts";
import { BEFORE_ALL, type JournalEnd, lineAt, NEWLINE } from "../shared/journal-line.ts";
import type { StateChange } from "../shared/state-change.ts";
import { stateDamaged } from "../shared/state-error.ts";
import { journalPaths, type Place } from "./state-files.ts";

/** The first line of a journal. */
export interface JournalStart {
  readonly format: 1;
  readonly lineage: string;
  readonly number: number;
  /** Writes to the state before it. */
  readonly writes: number;
  /** Up to where the journal before it counts: its writer's lease began there, whatever another wrote behind it. Null for the first. */
  readonly after: JournalPlace | null;
  /** Set where a whole other state takes the place of the one before: this journal goes on from that one alone. */
  readonly replaces?: true;
}

/** Any other line: one write. */
export interface JournalLine {
  readonly writes: number;
  readonly change: StateChange;
}

/** A place in the journal of a number. */
export interface JournalPlace extends JournalEnd {
  readonly number: number;
}

/** A journal as its two copies tell it together. */
export interface Journal {
  readonly number: number;
  readonly start: JournalStart;
  /** The place behind its first line. */
  readonly first: JournalEnd;
  readonly lines: readonly Line[];
  /** The place behind its last line. */
  readonly end: JournalEnd;
  /** What one of the copies lacks, or what stands in it that does not belong there, as the end of a sentence; null where both are the same. */
  readonly uneven: { readonly path: string; readonly why: string; readonly isLeftByCrash: boolean } | null;
}

/** The text of a line, parsed when it is asked for, and the place behind it. */
export interface Line {
  readonly text: string;
  readonly end: JournalEnd;
}

export function told({ text }: Line): JournalLine {
  const line = parseStored(text) as unknown as JournalLine;
  const { change } = line;
  if (!("report" in change) || change.report === null) return line;
  // The numbers of documents are kept as they were written; those of a report are numbers.
  return { ...line, change: { ...change, report: JSON.parse(JSON.stringify(change.report)) as RunReport } };
}

/**
 * Reads both copies of a journal. A line is written to the one, then to the other, and only then is anybody told that it is durable. So
 * after a crash one copy lacks at most the last line or ends in a part of it; whatever else differs is damage of one, and the other
 * tells all. Null where its writer came no further than to take its number. Throws where neither copy tells all.
 */
export async function readJournal(place: Place, number: number): Promise<Journal | null> {
  const paths = journalPaths(place, number);
  const [a, b] = [copyOf(await place.files.read(paths[0])), copyOf(await place.files.read(paths[1]))];
  const [whole, other, at]: [Copy, Copy, 0 | 1] = a.lines.length >= b.lines.length ? [a, b, 1] : [b, a, 0];
  const path = paths[at === 1 ? 0 : 1];
  const [first, ...lines] = whole.lines;
  if (whole.tail === "damaged" && other.tail !== "clean") throw stateDamaged(path, "neither it nor its copy is what was written");
  if (first === undefined) {
    if (whole.tail === "damaged" || other.tail === "damaged") throw stateDamaged(path, "its first line is not what was written");
    return null;
  }
  if (!startsWith(whole, other)) throw stateDamaged(path, "it and its copy do not tell the same");
  const start = parseStored(first.text) as unknown as JournalStart;
  const end = whole.lines.at(-1)?.end ?? BEFORE_ALL;
  return { number, start, first: first.end, lines, end, uneven: unevenness(paths, whole, other, at) };
}

/** One copy, as far as it is intact. */
interface Copy {
  readonly lines: readonly Line[];
  /** What stands behind the last intact line: nothing, a line without its end, or a whole one that nobody wrote. */
  readonly tail: "clean" | "torn" | "damaged";
}

function copyOf(bytes: Uint8Array | null): Copy {
  const whole = bytes === null ? Buffer.of() : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const lines: Line[] = [];
  let end = BEFORE_ALL;
  while (end.bytes < whole.length) {
    const newline = whole.indexOf(NEWLINE, end.bytes);
    if (newline < 0) return { lines, tail: "torn" };
    const line = lineAt(end, whole.subarray(end.bytes, newline));
    if (line === null) return { lines, tail: "damaged" };
    lines.push(line);
    end = line.end;
  }
  return { lines, tail: "clean" };
}

function startsWith(whole: Copy, part: Copy): boolean {
  const last = part.lines.at(-1);
  return last === undefined || whole.lines[part.lines.length - 1]?.end.sum === last.end.sum;
}

function unevenness(paths: readonly [string, string], whole: Copy, other: Copy, at: 0 | 1): Journal["uneven"] {
  const lacking = whole.lines.length - other.lines.length;
  if (lacking === 0 && whole.tail === "clean" && other.tail === "clean") return null;
  const isOther = lacking > 0 || whole.tail === "clean";
  return {
    path: paths[isOther === (at === 1) ? 1 : 0],
    why: lacking === 0 ? "something stands behind its last line" : `it lacks the last ${lacking} of ${whole.lines.length} lines`,
    isLeftByCrash: lacking <= 1 && other.tail !== "damaged",
  };
}
