import { dirname } from "node:path";
import { BEFORE_ALL, type JournalEnd, lineBehind } from "../shared/journal-line.ts";
import { fileFailure, leaseLost, stateUnwritable } from "../shared/state-error.ts";
import type { JournalLine, JournalStart } from "./read-journal.ts";
import { journalPaths, listState, type Place } from "./state-files.ts";

/**
 * The journal of one holder of the lease. Its number is the fence: it is taken by making a file that must not exist yet, and whoever
 * holds the highest holds the lease.
 *
 * A holder looks for a higher number after each of its writes and before it says that they are durable. One who takes a higher number
 * reads what the holder before wrote only then. So a write that anybody was told of is in what the next one reads.
 */
export class JournalWriter {
  readonly number: number;
  readonly #place: Place;
  readonly #paths: readonly [string, string];
  #end: JournalEnd = BEFORE_ALL;
  #first: JournalEnd = BEFORE_ALL;
  #isBroken = false;

  private constructor(place: Place, number: number) {
    this.#place = place;
    this.number = number;
    this.#paths = journalPaths(place, number);
  }

  /** Takes a number; throws `lease_lost` where it is taken. */
  static async claim(place: Place, number: number): Promise<JournalWriter> {
    const writer = new JournalWriter(place, number);
    try {
      await place.files.create(writer.#paths[0], Buffer.of());
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EEXIST") throw leaseLost(place.folder, "another run has taken it since");
      throw fileFailure(error, writer.#paths[0]);
    }
    return writer;
  }

  /** Writes the first line. Where that fails nothing can be written at all: who takes the lease next may find the line or not. */
  async begin(start: Omit<JournalStart, "format" | "number">): Promise<void> {
    const { files, folder } = this.#place;
    const { bytes, end } = lineBehind(BEFORE_ALL, { format: 1, number: this.number, ...start });
    try {
      await files.append(this.#paths[0], bytes);
      await files.sync(this.#paths[0]);
      await files.create(this.#paths[1], bytes);
      await files.syncDirectory(folder);
      await this.requireLease();
    } catch (error) {
      this.#isBroken = true;
      throw fileFailure(error, this.#paths[0]);
    }
    this.#first = this.#end = end;
  }

  /** The place behind the last line that is durable, and behind the first. */
  get end(): JournalEnd {
    return this.#end;
  }

  get first(): JournalEnd {
    return this.#first;
  }

  /** Throws where another holds the lease by now. */
  async requireLease(): Promise<void> {
    const { journals } = await this.#attempt(() => listState(this.#place));
    if (journals.at(-1) !== this.number) throw leaseLost(this.#place.folder, "another run has taken it since, or its journal was removed");
  }

  /** Appends a line to both copies; durable, and nobody else's, when this returns. A line that could not be written is taken back. */
  async append(line: JournalLine): Promise<void> {
    if (this.#isBroken) throw stateUnwritable(this.#paths[0], "an earlier write to it failed and could not be taken back");
    await this.requireLease();
    const { bytes, end } = lineBehind(this.#end, line);
    try {
      for (const path of this.#paths) {
        await this.#place.files.append(path, bytes);
        await this.#place.files.sync(path);
      }
    } catch (error) {
      await this.#takeBack();
      throw fileFailure(error, this.#paths[0]);
    }
    await this.requireLease();
    this.#end = end;
  }

  async #takeBack(): Promise<void> {
    this.#isBroken = true;
    try {
      for (const path of this.#paths) {
        await this.#place.files.truncate(path, this.#end.bytes);
        await this.#place.files.sync(path);
      }
      this.#isBroken = false;
    } catch {
      // The next write says so; the next opening passes over what is left of the line, or finds it whole and carries it out.
    }
  }

  async #attempt<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw fileFailure(error, dirname(this.#paths[0]));
    }
  }
}
