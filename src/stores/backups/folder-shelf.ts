import { createHash } from "node:crypto";
import { constants, createWriteStream } from "node:fs";
import { mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Writable } from "node:stream";
import { finished, pipeline } from "node:stream/promises";
import { createZstdCompress } from "node:zlib";
import { TidemarkError } from "../../model/errors.ts";
import { compareCodePoints } from "../../model/order.ts";
import type { BackupShelf, ShelvedFile } from "../../ports/backup-shelf.ts";
import { giveBack } from "../../threads/give-back.ts";
import { bytesOf, CHUNK, linesOf, ZSTD } from "./lines-of.ts";

/** `datasphere_checkpoints_20260304T050607Z_g12.ndjson.zst`: system, time, generation. */
const NAME = /^[a-z]+_checkpoints_\d{8}T\d{6}Z_g\d+\.ndjson(?:\.zst)?$/;
const PARTIAL = ".partial";

export interface FolderShelfOptions {
  /** Made, with mode 0700, by the first write. */
  readonly folder: string;
  readonly compress: boolean;
}

/** Keeps backups as files of a folder of their own. */
export function folderShelf({ folder, compress }: FolderShelfOptions): BackupShelf {
  return {
    place: folder,
    suffix: compress ? `.ndjson${ZSTD}` : ".ndjson",
    list: () => filesIn(folder),
    lines: (name) => linesOf(join(folder, name)),
    write: async (name, text) => {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await removePartials(folder);
      return { name, bytes: await writeProved(join(folder, name), text) };
    },
    remove: async (name) => {
      if (NAME.test(name)) await rm(join(folder, name), { force: true });
    },
  };
}

/**
 * Writes a file of lines, whole or not at all: durable and proved before it takes its name. One that is there is never replaced.
 * Answers with its bytes.
 */
export async function writeProved(path: string, text: AsyncIterable<string>): Promise<number> {
  const partial = `${path}.${process.pid}${PARTIAL}`;
  try {
    if (await isThere(path)) throw new Error("a file of that name is there already");
    const written = await writeNew(partial, text, path.endsWith(ZSTD));
    if ((await hashOf(bytesOf(partial, path.endsWith(ZSTD)))) !== written) throw new Error("what was read back is not what was written");
    const { size } = await stat(partial);
    await rename(partial, path);
    await syncDirectory(dirname(path));
    return size;
  } catch (error) {
    await rm(partial, { force: true }).catch(() => undefined);
    if (error instanceof TidemarkError) throw error;
    throw new TidemarkError("state_unwritable", `${path} cannot be written: ${(error as Error).message}.`, {
      remedy: "Make room or mend the folder's permissions, then run again. What stood there before is untouched.",
      cause: error,
    });
  }
}

/** Durable when it resolves, with the hash of the text. */
async function writeNew(path: string, text: AsyncIterable<string>, compress: boolean): Promise<string> {
  const hash = createHash("sha256");
  const sink = createWriteStream(path, { flags: "wx", mode: 0o600, flush: true });
  const packer = compress ? createZstdCompress({ chunkSize: CHUNK }) : null;
  const entrance: Writable = packer ?? sink;
  const written = packer === null ? finished(sink) : pipeline(packer, sink);
  // What goes wrong below is told at the end, and shows here when the next text is on its way.
  written.catch(() => undefined);
  try {
    for await (const part of text) {
      const bytes = Buffer.from(part);
      hash.update(bytes);
      await taken(entrance, bytes);
      giveBack([bytes]);
    }
    entrance.end();
  } catch (error) {
    entrance.destroy(error as Error);
  }
  await written;
  return hash.digest("hex");
}

/** Resolves when a stream is done with the bytes. One that ends before does not always say so to whoever wrote. */
async function taken(stream: Writable, bytes: Buffer): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const ended = (): void => reject(new Error("it ended before all was written"));
  stream.once("close", ended);
  stream.write(bytes, (error) => (error == null ? resolve() : reject(error)));
  try {
    await promise;
  } finally {
    stream.off("close", ended);
  }
}

async function hashOf(bytes: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of bytes) hash.update(chunk);
  return hash.digest("hex");
}

async function filesIn(folder: string): Promise<readonly ShelvedFile[]> {
  const names = (await readdir(folder).catch(noneIfAbsent)).filter((name) => NAME.test(name)).sort(compareCodePoints);
  return await Promise.all(names.map(async (name) => ({ name, bytes: (await stat(join(folder, name))).size })));
}

/** What a run that died in the middle of a backup left behind. */
async function removePartials(folder: string): Promise<void> {
  const left = (await readdir(folder)).filter((name) => name.endsWith(PARTIAL));
  for (const name of left) await rm(join(folder, name), { force: true });
}

async function isThere(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  );
}

async function syncDirectory(path: string): Promise<void> {
  // Windows has no such thing; there a rename is as durable as it gets.
  if (process.platform === "win32") return;
  const folder = await open(path, constants.O_RDONLY);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

function noneIfAbsent(error: NodeJS.ErrnoException): readonly string[] {
  if (error.code === "ENOENT") return [];
  throw error;
}
