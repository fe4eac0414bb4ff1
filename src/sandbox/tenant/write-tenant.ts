import { mkdir, open, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import type { JsonObject } from "../../model/json.ts";
import { columnsOf } from "./edits/elements.ts";
import { exportDocument } from "./export-document.ts";
import { editorSettings } from "./noise.ts";
import { tenant, type TenantAsset, type TenantOptions } from "./tenant.ts";

export interface WriteOptions extends TenantOptions {
  /** `json`: CSN exports as Datasphere writes them, with editor settings and by-catch. `ndjson`: one definition a line, one file for each space. */
  readonly format?: "json" | "ndjson";
  /** Definitions in an export file. */
  readonly perFile?: number;
  /** Counts how often everything was exported anew: the editor's settings of all assets differ from one export to the next. */
  readonly export?: number;
  /** Stops between two files. */
  readonly signal?: AbortSignal;
}

/** What was written. */
export interface Written {
  readonly files: number;
  readonly bytes: number;
}

/**
 * Writes a sample tenant as a folder of exports: a sub-folder for each space, as the `csn` source reads it. Existing files of the same
 * names are replaced; nothing else in the folder is touched. Memory holds one file's definitions for each space.
 */
export async function writeTenant(folder: string, options: WriteOptions): Promise<Written> {
  const { format = "json", perFile = 50 } = options;
  const spaces = new Map<string, SpaceWriter>();
  const written = { files: 0, bytes: 0 };
  try {
    for (const asset of tenant(options)) {
      let space = spaces.get(asset.space);
      if (space === undefined) {
        await mkdir(join(folder, asset.space), { recursive: true });
        space =
          format === "json"
            ? new ExportWriter(join(folder, asset.space), options, written)
            : new LineWriter(join(folder, asset.space), written);
        spaces.set(asset.space, space);
      }
      space.add(asset);
      if (space.pending >= perFile) {
        options.signal?.throwIfAborted();
        await space.flush();
      }
    }
    for (const space of spaces.values()) await space.flush();
  } finally {
    for (const space of spaces.values()) await space.close();
  }
  return written;
}

interface SpaceWriter {
  /** Definitions that wait to be written. */
  readonly pending: number;
  add(asset: TenantAsset): void;
  flush(): Promise<void>;
  close(): Promise<void>;
}

/** Writes the assets of a space as numbered export files. */
class ExportWriter implements SpaceWriter {
  readonly #folder: string;
  readonly #options: WriteOptions;
  readonly #written: { files: number; bytes: number };
  #assets: TenantAsset[] = [];
  #files = 0;

  constructor(folder: string, options: WriteOptions, written: { files: number; bytes: number }) {
    this.#folder = folder;
    this.#options = options;
    this.#written = written;
  }

  get pending(): number {
    return this.#assets.length;
  }

  add(asset: TenantAsset): void {
    this.#assets.push(asset);
  }

  async flush(): Promise<void> {
    if (this.#assets.length === 0) return;
    const { seed, export: exported = 0 } = this.#options;
    const settings = this.#assets
      .filter(({ definition }) => definition["query"] !== undefined)
      .map(
        ({ name, number, round, definition }) =>
          [
            name,
            editorSettings(
              name,
              columnsOf(definition).map(([column]) => column),
              seed,
              number,
              round + exported * 1000,
            ),
          ] as const,
      );
    const document = exportDocument(this.#assets, settings);
    await using file = await open(join(this.#folder, `export_${String(++this.#files).padStart(4, "0")}.json`), "w");
    const bytes = Buffer.from(JSON.stringify(document, null, 2));
    await file.writeFile(bytes);
    this.#written.files++;
    this.#written.bytes += bytes.length;
    this.#assets = [];
  }

  async close(): Promise<void> {}
}

/** Writes the assets of a space as lines of one file. */
class LineWriter implements SpaceWriter {
  readonly #path: string;
  readonly #written: { files: number; bytes: number };
  #file: FileHandle | undefined;
  #lines: string[] = [];

  constructor(folder: string, written: { files: number; bytes: number }) {
    this.#path = join(folder, "definitions.ndjson");
    this.#written = written;
  }

  get pending(): number {
    return this.#lines.length;
  }

  add({ name, definition }: TenantAsset): void {
    const line: JsonObject = { name, definition };
    this.#lines.push(JSON.stringify(line));
  }

  async flush(): Promise<void> {
    if (this.#lines.length === 0) return;
    if (this.#file === undefined) {
      this.#file = await open(this.#path, "w");
      this.#written.files++;
    }
    const bytes = Buffer.from(`${this.#lines.join("\n")}\n`);
    await this.#file.writeFile(bytes);
    this.#written.bytes += bytes.length;
    this.#lines = [];
  }

  async close(): Promise<void> {
    await this.#file?.close();
  }
}
