import { type BigIntStats, statSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { backup, DatabaseSync, type StatementSync } from "node:sqlite";
import { TidemarkError } from "../../model/errors.ts";
import { requireWellFormed } from "../../model/well-formed.ts";
import type { Row, Value } from "../shared/row-sum.ts";
import { leaseLost } from "../shared/state-error.ts";
import { translated } from "./sqlite-error.ts";

/** What reading needs of an open state. */
export interface Queries {
  readonly path: string;
  /** Version of its tables. */
  readonly format: number;
  /** All rows of a bounded query, as arrays in the order of the columns. */
  rows(sql: string, ...values: readonly Value[]): readonly Row[];
  close(): void;
}

/** `immutable` reads without a lock and without files beside the database, and is right only while nobody writes. */
export type OpenMode = "write" | "read" | "immutable";

/** One connection to a state file. Every error of SQLite leaves it as a TidemarkError that names the file. */
export class StateDatabase implements Queries {
  readonly path: string;
  readonly #file: string;
  readonly #handle: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  readonly #opened: BigIntStats;
  #format: number | null = null;

  /** `path` is what errors name; it differs from the file while a state is made. */
  constructor(file: string, mode: OpenMode, path: string = file) {
    this.path = path;
    this.#file = file;
    try {
      this.#opened = statSync(file, { bigint: true });
      this.#handle = new DatabaseSync(mode === "immutable" ? `${pathToFileURL(file).href}?immutable=1` : file, {
        readOnly: mode !== "write",
        timeout: BUSY_MS,
        defensive: true,
        enableForeignKeyConstraints: false,
      });
    } catch (error) {
      throw translated(error, path);
    }
    try {
      this.#configure(mode);
    } catch (error) {
      this.close();
      throw error;
    }
  }

  get format(): number {
    return (this.#format ??= Number(this.rows("PRAGMA user_version")[0]?.[0]));
  }

  rows(sql: string, ...values: readonly Value[]): readonly Row[] {
    return this.#attempt(() => this.#prepared(sql).all(...values) as unknown as Row[]);
  }

  /** Refuses text that UTF-8 cannot hold: SQLite would store another in its place. */
  run(sql: string, ...values: readonly (Value | Uint8Array)[]): void {
    for (const value of values) if (typeof value === "string") requireWellFormed(value);
    this.#attempt(() => this.#prepared(sql).run(...values));
  }

  exec(sql: string): void {
    this.#format = null;
    this.#attempt(() => this.#handle.exec(sql));
  }

  /** Carries out `work` whole and durably, or not at all. */
  transaction<T>(work: () => T): T {
    this.#requireOwnFile();
    this.exec("BEGIN IMMEDIATE");
    try {
      const result = work();
      this.exec("COMMIT");
      return result;
    } catch (error) {
      this.#rollBack();
      throw error;
    }
  }

  /** Moves what the log holds into the file itself: as far as no reader is in the way, or all of it where there can be none. */
  settle(extent: "as far as possible" | "all"): void {
    this.exec(`PRAGMA wal_checkpoint(${extent === "all" ? "TRUNCATE" : "PASSIVE"})`);
  }

  /** Copies the state as it stands into a file, page by page, until `signal` says to stop. `path` is what errors in writing name. */
  async copyTo(file: string, path: string, signal?: AbortSignal): Promise<void> {
    try {
      await backup(this.#handle, file, { rate: COPIED_PAGES, progress: () => signal?.throwIfAborted() });
    } catch (error) {
      const failed = translated(error, path);
      throw failed instanceof TidemarkError && failed.code === "state_damaged" ? translated(error, this.path) : failed;
    }
  }

  /** What a copy takes. */
  get bytes(): number {
    return Number(this.rows("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()")[0]?.[0]);
  }

  close(): void {
    this.#statements.clear();
    if (this.#handle.isOpen) this.#handle.close();
  }

  // A full disk makes SQLite roll back by itself; a rollback that fails in turn must not hide why it was needed.
  #rollBack(): void {
    try {
      if (this.#handle.isTransaction) this.#handle.exec("ROLLBACK");
    } catch {
      // What was not committed is not read: the next opening rolls it back.
    }
  }

  #configure(mode: OpenMode): void {
    // What the file says about itself is not trusted: no function of ours runs from its schema, and every page's cells are checked.
    this.exec(`PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA cache_size = -${CACHE_KIB}`);
    if (mode === "write") this.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
  }

  // Writing on into a file that was moved away would lose every write in silence.
  #requireOwnFile(): void {
    const now = statSync(this.#file, { bigint: true, throwIfNoEntry: false });
    if (now?.ino !== this.#opened.ino || now.dev !== this.#opened.dev)
      throw leaseLost(this.path, "its file was moved, replaced or removed");
  }

  #prepared(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const statement = this.#handle.prepare(sql, { returnArrays: true });
    this.#statements.set(sql, statement);
    return statement;
  }

  #attempt<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw translated(error, this.path);
    }
  }
}

/** How long to wait for a connection that reads or writes this very moment. */
const BUSY_MS = 5_000;

/** Pages that are copied in one go. */
const COPIED_PAGES = 1_000;

/** Bounds what SQLite keeps of the file in memory. */
const CACHE_KIB = 4_096;
