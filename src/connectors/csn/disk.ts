import { closeSync, type Dirent, fstatSync, openSync, readSync } from "node:fs";
import { open, readdir, realpath, stat } from "node:fs/promises";
import { join, sep } from "node:path";
import type { Span } from "../../csn/find-definitions.ts";
import type { Meter } from "../../ports/meter.ts";

/** The folder of exports, as far as this connector looks at it. Paths are relative to its root and use `/`; `""` is the root. */
export interface Disk {
  /** What lies in a folder, in no order. */
  entries(folder: string): Promise<readonly DiskEntry[]>;
  /** The size of a file in bytes, for a look that opens nothing. */
  size(file: string): Promise<number>;
  open(file: string): Promise<OpenFile>;
}

export interface DiskEntry {
  readonly name: string;
  /** `other`: nothing that can be read as a file, or a link that leads out of the root. */
  readonly kind: "file" | "folder" | "other";
}

/** A file that stays the same file while it is open, even where another takes its name. */
export interface OpenFile extends AsyncDisposable {
  /** In bytes, when it was opened. */
  readonly size: number;
  /** Reads several stretches at once into one buffer, each as {@link read} does, for whoever waits for the disk himself. */
  readonly readAll?: (stretches: readonly Span[]) => readonly Buffer[];
  /** Bytes that are the caller's own from then on. Throws where the file ends before `at + length`. */
  read(at: number, length: number): Promise<Buffer>;
  /** The descriptor, for another thread that reads so many bytes of it before this is closed; they count as read. */
  readonly lend?: (length: number) => number;
}

/** The disk that is there. Counts each opened file as one request, with the bytes that were read of it. */
export function openDisk(root: string, meter: Meter): Disk {
  return {
    async entries(folder) {
      const real = await realpath(root);
      const found = await readdir(join(real, folder), { withFileTypes: true });
      return Promise.all(found.map(async (entry) => ({ name: entry.name, kind: await kindOf(entry, real) })));
    },
    async size(file) {
      return (await stat(join(root, file))).size;
    },
    async open(file) {
      const handle = await open(join(root, file), "r");
      const { size } = await handle.stat();
      let received = 0;
      return {
        size,
        async read(at, length) {
          const buffer = Buffer.allocUnsafe(length);
          const { bytesRead } = await handle.read(buffer, 0, length, at);
          received += bytesRead;
          if (bytesRead < length) throw new Error("it became shorter while it was read");
          return buffer;
        },
        lend(length) {
          received += length;
          return handle.fd;
        },
        async [Symbol.asyncDispose]() {
          meter.count({ requests: 1, bytes: { sent: 0, received } });
          await handle.close();
        },
      };
    },
  };
}

/**
 * The same for a thread that has nothing else to do: it waits for the disk itself, which spares two changes of threads for each read, and so
 * reads what it needs and not what lies between.
 */
export function openDiskInThread(root: string, meter: Meter): Disk {
  const disk = openDisk(root, meter);
  return {
    ...disk,
    async open(file) {
      const descriptor = openSync(join(root, file), "r");
      const { size } = fstatSync(descriptor);
      let received = 0;
      const readAll = (stretches: readonly Span[]): readonly Buffer[] => {
        const room = Buffer.allocUnsafeSlow(stretches.reduce((sum, { length }) => sum + length, 0));
        let filled = 0;
        return stretches.map(({ at, length }) => {
          const bytes = room.subarray(filled, (filled += length));
          const bytesRead = readSync(descriptor, bytes, 0, length, at);
          received += bytesRead;
          if (bytesRead < length) throw new Error("it became shorter while it was read");
          return bytes;
        });
      };
      return {
        size,
        readAll,
        read: async (at, length) => readAll([{ at, length }])[0] as Buffer,
        async [Symbol.asyncDispose]() {
          meter.count({ requests: 1, bytes: { sent: 0, received } });
          closeSync(descriptor);
        },
      };
    },
  };
}

/** A link counts as the file that it leads to, if that lies within the root: nobody who may put a link there can have other files read. */
async function kindOf(entry: Dirent, root: string): Promise<DiskEntry["kind"]> {
  if (entry.isFile()) return "file";
  if (entry.isDirectory()) return "folder";
  if (!entry.isSymbolicLink()) return "other";
  try {
    const real = await realpath(join(entry.parentPath, entry.name));
    return real.startsWith(root + sep) && (await stat(real)).isFile() ? "file" : "other";
  } catch {
    return "other";
  }
}
