import { checkState } from "./check-state.ts";
import { type BigIntStats, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { requireUpToDate } from "./join-journal.ts";
import { Journal, JOURNAL } from "./journal.ts";
import type { Row, Value } from "../shared/row-sum.ts";
import { StateDatabase, type Queries } from "./state-database.ts";
import { stateDamaged, stateGone, stateUnwritable } from "../shared/state-error.ts";

/**
 * Opens a state for reading only; null where there is none. Creates nothing, not even SQLite's own files beside a database that nobody
 * writes, takes no lease and waits for nobody.
 */
export function openForReading(path: string): Queries | null {
  const file = stateFile(path);
  if (file === null) return null;
  // Before the state, which goes on after its journal.
  using journal = Journal.open(dirname(path), "read");
  const state = sizeOf(`${path}-wal`) === null ? new QuietState(path, file) : openSnapshot(path);
  try {
    checkState(state);
    if (journal !== null) requireUpToDate(state, journal);
  } catch (error) {
    state.close();
    throw error;
  }
  return state;
}

/**
 * Whether there is a state file; throws where there is the remainder of one. SQLite takes an empty file for an empty database and a
 * log without its file for none, and both would begin a state anew in silence.
 */
export function stateFile(path: string): BigIntStats | null {
  const file = statsOf(path);
  if (file === null) {
    if ((sizeOf(`${path}-wal`) ?? 0n) > 0n) throw stateDamaged(path, "it is missing, and its log (-wal) is still there");
    if (statsOf(join(dirname(path), JOURNAL)) !== null) throw stateGone(path);
    return null;
  }
  if (!file.isFile()) throw stateDamaged(path, "it is no file");
  if (file.size === 0n) throw stateDamaged(path, "it is empty (0 bytes)");
  return file;
}

/** One moment of a state that is being written, or was left by a run that died: kept by a read transaction until it is closed. */
function openSnapshot(path: string): StateDatabase {
  const database = new StateDatabase(path, "read");
  try {
    database.exec("BEGIN");
  } catch (error) {
    database.close();
    throw error;
  }
  return database;
}

/**
 * A state that nobody wrote when it was opened: read as immutable, so that reading leaves no trace. After each query it makes sure that
 * still nobody does; otherwise the answer may be torn, and is asked for again within a read transaction.
 */
class QuietState implements Queries {
  readonly path: string;
  readonly #file: BigIntStats;
  #database: StateDatabase;
  #quiet = true;

  constructor(path: string, file: BigIntStats) {
    this.path = path;
    this.#file = file;
    this.#database = new StateDatabase(path, "immutable");
  }

  get format(): number {
    return this.#database.format;
  }

  rows(sql: string, ...values: readonly Value[]): readonly Row[] {
    try {
      const rows = this.#database.rows(sql, ...values);
      if (!this.#wokeUp()) return rows;
    } catch (error) {
      if (!this.#wokeUp()) throw error;
    }
    return this.#database.rows(sql, ...values);
  }

  close(): void {
    this.#database.close();
  }

  #wokeUp(): boolean {
    if (!this.#quiet) return false;
    const now = stateFile(this.path);
    const same = now !== null && now.ino === this.#file.ino && now.size === this.#file.size && now.mtimeNs === this.#file.mtimeNs;
    if (same && sizeOf(`${this.path}-wal`) === null) return false;
    if (now === null) throw stateDamaged(this.path, "it was removed while it was read");
    this.#quiet = false;
    this.#database.close();
    this.#database = openSnapshot(this.path);
    return true;
  }
}

function sizeOf(path: string): bigint | null {
  return statsOf(path)?.size ?? null;
}

function statsOf(path: string): BigIntStats | null {
  try {
    return statSync(path, { bigint: true, throwIfNoEntry: false }) ?? null;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOTDIR") return null;
    throw stateUnwritable(path, `it cannot be looked at (${(error as Error).message})`, error);
  }
}
