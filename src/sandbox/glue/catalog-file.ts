import { createReadStream } from "node:fs";
import { open, rename } from "node:fs/promises";
import { dirname } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { lineOf, readRecords, recordsOf, type CatalogRecord } from "./catalog-records.ts";
import type { Catalogs } from "./catalogs.ts";

const PAUSE_MS = 100;
const RECORDS_PER_WRITE = 200;

/**
 * Keeps the catalogs in a file: loaded once, written as a whole some time after a change, and at the latest when closed.
 *
 * A new file replaces the old one only when it is whole and synced, so that a crash leaves one or the other, never a torn one.
 */
export class CatalogFile {
  readonly #path: string;
  readonly #catalogs: Catalogs;
  readonly #closing = new AbortController();
  #isDirty = false;
  #writing: Promise<void> | null = null;
  #failure: unknown = null;

  private constructor(path: string, catalogs: Catalogs) {
    this.#path = path;
    this.#catalogs = catalogs;
  }

  /** Fills the catalogs from the file. One that is not there yet is an empty catalog. */
  static async load(path: string, catalogs: Catalogs): Promise<CatalogFile> {
    try {
      await readRecords(createInterface({ input: createReadStream(path), crlfDelay: Infinity }), catalogs);
    } catch (cause) {
      const isAbsent = cause instanceof Error && "code" in cause && cause.code === "ENOENT";
      if (!isAbsent)
        throw new Error(`The sandbox cannot read its catalog from ${path}: ${String(cause)}. Mend or remove the file.`, { cause });
    }
    return new CatalogFile(path, catalogs);
  }

  /** Notes that the catalogs changed. */
  changed(): void {
    this.#isDirty = true;
    this.#writing ??= this.#write();
  }

  /** Writes what is not written yet. Throws where that is not possible. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#writing;
    if (this.#failure === null) return;
    throw new Error(
      `The sandbox could not save its catalog to ${this.#path}: its last changes are lost. Check that the folder exists and can be written.`,
      { cause: this.#failure },
    );
  }

  // A large catalog takes long to write: the pause grows with it, so that writing never takes most of the time.
  async #write(): Promise<void> {
    let wait = PAUSE_MS;
    while (this.#isDirty) {
      await pause(wait, undefined, { signal: this.#closing.signal }).catch(() => undefined);
      this.#isDirty = false;
      const start = performance.now();
      this.#failure = await replaceFile(this.#path, [...recordsOf(this.#catalogs)]).then(
        () => null,
        (failure: unknown) => failure,
      );
      wait = Math.max(PAUSE_MS, 5 * (performance.now() - start));
    }
    this.#writing = null;
  }
}

async function replaceFile(path: string, records: readonly CatalogRecord[]): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  const file = await open(temporary, "w", 0o600);
  try {
    for (let start = 0; start < records.length; start += RECORDS_PER_WRITE) {
      await file.write(
        records
          .slice(start, start + RECORDS_PER_WRITE)
          .map(lineOf)
          .join(""),
      );
    }
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
  const directory = await open(dirname(path), "r");
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
