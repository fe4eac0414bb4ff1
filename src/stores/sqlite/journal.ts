import { closeSync, constants, fdatasyncSync, fstatSync, fsyncSync, ftruncateSync, openSync, renameSync, writeSync } from "node:fs";
import { join } from "node:path";
import { giveBack } from "../../threads/give-back.ts";
import { BEFORE_ALL, type JournalEnd, lineBehind } from "../shared/journal-line.ts";
import { type JournalLine, type JournalStart, readLines, readStart } from "./read-journal.ts";
import { fileFailure, leaseLost, stateUnwritable } from "../shared/state-error.ts";

/** The journal's name in the folder of a state. */
export const JOURNAL = "journal.ndjson";

/** An open journal: every write to the state since a copy of it was made, one a line. */
export class Journal implements Disposable {
  readonly start: JournalStart;
  /** Sum of the first line, by which a state knows its journal. */
  readonly id: string;
  /** The place behind the first line. */
  readonly first: JournalEnd;
  /** Bytes in the file when it was opened, an unfinished line among them. */
  readonly size: number;
  readonly #path: string;
  readonly #file: number;
  #end: JournalEnd;
  #isAppending = false;

  private constructor(path: string, file: number, start: JournalStart, first: JournalEnd) {
    this.#path = path;
    this.#file = file;
    this.start = start;
    this.first = this.#end = first;
    this.id = first.sum;
    this.size = fstatSync(file).size;
  }

  /** Null where there is none, or its first line is not intact. */
  static open(folder: string, access: "read" | "write"): Journal | null {
    const path = join(folder, JOURNAL);
    try {
      const file = openSync(path, (access === "write" ? constants.O_RDWR | constants.O_APPEND : constants.O_RDONLY) | NO_LINK);
      const found = readStart(file);
      if (found !== null) return new Journal(path, file, found.start, found.end);
      closeSync(file);
      return null;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
      throw fileFailure(error, path);
    }
  }

  /** Puts a new journal in the place of the one that is there. Durable once the folder is synced. */
  static begin(folder: string, workshop: string, start: JournalStart): Journal {
    const [path, draft] = [join(folder, JOURNAL), join(workshop, JOURNAL)];
    const { bytes, end } = lineBehind(BEFORE_ALL, start);
    const file = openSync(draft, constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | constants.O_EXCL | NO_LINK, 0o600);
    try {
      writeWhole(file, bytes);
      fsyncSync(file);
      renameSync(draft, path);
    } catch (error) {
      closeSync(file);
      throw error;
    }
    return new Journal(path, file, start, end);
  }

  /** Reads what it held when it was opened, from a place on. */
  read(from: JournalEnd, visit: (told: JournalLine, end: JournalEnd) => boolean): ReturnType<typeof readLines> {
    return readLines(this.#file, from, this.size, visit);
  }

  /** The place behind the last line that was appended or gone on from. */
  get end(): JournalEnd {
    return this.#end;
  }

  /** Appends from that place on. What stands behind it is a line that was not written to its end, and goes. */
  goOnFrom(end: JournalEnd): void {
    try {
      if (fstatSync(this.#file).size > end.bytes) ftruncateSync(this.#file, end.bytes);
    } catch (error) {
      throw fileFailure(error, this.#path);
    }
    this.#end = end;
  }

  /** Appends a line; durable when this returns. */
  append(line: JournalLine): JournalEnd {
    const { bytes, end } = lineBehind(this.#end, line);
    try {
      if (this.#isAppending) throw stateUnwritable(this.#path, "an earlier write to it failed and could not be taken back");
      if (fstatSync(this.#file).size !== this.#end.bytes) throw leaseLost(this.#path, "another run has written the state's journal since");
      this.#isAppending = true;
      writeWhole(this.#file, bytes);
      fdatasyncSync(this.#file);
    } catch (error) {
      throw fileFailure(error, this.#path);
    } finally {
      giveBack([bytes]);
    }
    return end;
  }

  /** The state holds what was appended. */
  keep(end: JournalEnd): void {
    this.#end = end;
    this.#isAppending = false;
  }

  /** The state does not hold what was appended, if anything was: takes it back. Where that fails, nothing more is appended. */
  takeBack(): void {
    if (!this.#isAppending) return;
    try {
      ftruncateSync(this.#file, this.#end.bytes);
      this.#isAppending = false;
    } catch {
      // The next write says so; the next opening finds a line more than the state holds, and carries it out.
    }
  }

  [Symbol.dispose](): void {
    closeSync(this.#file);
  }
}

// Windows has no such flag.
const NO_LINK = constants.O_NOFOLLOW ?? 0;

function writeWhole(file: number, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length;) written += writeSync(file, bytes, written);
}
