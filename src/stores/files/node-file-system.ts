import { constants } from "node:fs";
import { type FileHandle, link, mkdir, open, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { compareCodePoints } from "../../model/order.ts";
import type { FileSystem } from "../../ports/file-system.ts";

/** The file system of this machine. Writes are whole (a short write goes on), and nothing follows a link that was planted at a file's name. */
export const nodeFileSystem: FileSystem = {
  read: (path) => orIfAbsent(readFile(path), null),
  size: async (path) => (await orIfAbsent(stat(path), null))?.size ?? null,
  lines,
  append: (path, bytes) =>
    withFile(path, constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND | NO_LINK, (file) => file.writeFile(bytes)),
  create,
  sync: (path) => withFile(path, constants.O_RDWR, (file) => file.sync()),
  truncate: (path, bytes) => withFile(path, constants.O_RDWR | NO_LINK, (file) => file.truncate(bytes)),
  link,
  rename,
  syncDirectory,
  remove: (path) => rm(path, { force: true }),
  makeDirectory: async (path) => void (await mkdir(path, { recursive: true, mode: 0o700 })),
  list: async (path) => (await orIfAbsent(readdir(path), [])).sort(compareCodePoints),
};

// Windows has neither.
const NO_LINK = constants.O_NOFOLLOW ?? 0;
const MODE = 0o600;

/** Splits at "\n" alone: U+2028, which readline would split at, may stand inside a JSON string. */
async function* lines(path: string): AsyncIterable<string> {
  const file = await open(path, "r");
  try {
    const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
    let rest = "";
    for await (const chunk of file.createReadStream({ autoClose: false, highWaterMark: 1 << 18 })) {
      const parts = (rest + decoder.decode(chunk as Buffer, { stream: true })).split("\n");
      rest = parts.pop() as string;
      yield* parts;
    }
    rest += decoder.decode();
    if (rest !== "") yield rest;
  } finally {
    await file.close();
  }
}

async function create(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, "wx", MODE);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } catch (error) {
    // Half a file under this name would pass for a whole one.
    await file.close();
    await rm(path, { force: true });
    throw error;
  }
  await file.close();
}

async function syncDirectory(path: string): Promise<void> {
  // Windows has no such thing; there a rename is as durable as it gets.
  if (process.platform === "win32") return;
  await withFile(path, constants.O_RDONLY, (directory) => directory.sync());
}

async function withFile(path: string, flags: number, work: (file: FileHandle) => Promise<void>): Promise<void> {
  const file = await open(path, flags, MODE);
  try {
    await work(file);
  } finally {
    await file.close();
  }
}

async function orIfAbsent<T, U>(found: Promise<T>, absent: U): Promise<T | U> {
  try {
    return await found;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return absent;
    throw error;
  }
}
