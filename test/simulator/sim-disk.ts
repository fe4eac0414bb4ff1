import { basename, dirname, join } from "node:path";
import { compareCodePoints } from "../../src/model/order.ts";
import type { FileSystem } from "../../src/ports/file-system.ts";
import type { Rng } from "../../src/sandbox/tenant/rng.ts";
import type { World } from "./world.ts";

/** A file: what programs see of it, and what a loss of power leaves for certain. */
interface Inode {
  seen: Buffer;
  durable: Buffer;
}

type Entry = Inode | null;

/** How likely each fault of a disk is. */
export interface DiskFaults {
  /** Per write: the disk is full half-way. */
  readonly full: number;
  /** Per sync: the disk answers with an error. */
  readonly sync: number;
  /** Per new file: what is written is not what comes to be there, and nobody is told. */
  readonly lying: number;
}

/**
 * A disk with the crash behaviour of a real one: what was not synced may be there after a loss of power in part, as zeros or not at all;
 * a name that was made, moved or removed may stand as it did at any moment since its folder was synced last.
 */
export class SimDisk {
  readonly #folders = new Map<string, Map<string, Entry[]>>();
  faults: DiskFaults = { full: 0, sync: 0, lying: 0 };

  /** The disk at once and without faults: for those who look at it from outside. */
  now(): FileSystem {
    return this.#fileSystem((_name, effect) => Promise.resolve().then(effect), null);
  }

  /** The disk as a process sees it: every call is a step, at which the process may die. */
  as(world: World, process: number): FileSystem {
    return this.#fileSystem((name, effect) => world.op(process, name, effect), world.rng);
  }

  /** Power is lost: every file and name falls to something that the disk may hold. */
  losePower(rng: Rng): void {
    const isIndependent = rng.chance(0.5);
    const inodes = new Set<Inode>();
    for (const names of this.#folders.values())
      for (const [name, entries] of names) {
        // Names one by one as they like, or all of a folder as late or as early as they can.
        const at = isIndependent ? rng.below(entries.length) : rng.pick([0, entries.length - 1]);
        const entry = entries[at] ?? null;
        names.set(name, [entry]);
        if (entry !== null) inodes.add(entry);
      }
    for (const inode of inodes) inode.seen = inode.durable = afterPowerLoss(inode, rng);
  }

  /** Bits of one file flip, its end is lost, or something comes to stand behind it. Answers with what happened. */
  damage(folder: string, rng: Rng): string | null {
    const names = this.#names(folder).filter((name) => !name.includes(".draft-") && (this.#at(join(folder, name))?.seen.length ?? 0) > 0);
    // Before there is a state, nobody was told anything that could be lost.
    if (!names.some((name) => name.endsWith("_checkpoints.json"))) return null;
    const name = rng.pick(names);
    const inode = this.#at(join(folder, name)) as Inode;
    // A line of which only one copy was written when a run died is nobody's, but whoever finds it damaged cannot know that. Of a journal that
    // has no copy at all that is the first line: no other is written before the copy is there.
    const twin = this.#at(join(folder, name.includes(".copy.") ? name.replace(".copy.", ".") : name.replace(/\.ndjson$/, ".copy.ndjson")));
    const isTold = twin === null ? inode.seen.indexOf("\n") < inode.seen.length - 1 : twin.seen.equals(inode.seen);
    if (name.endsWith(".ndjson") && !isTold) return null;
    const at = rng.below(inode.seen.length);
    const way = rng.pick(["flip", "flip", "cut", "tail"] as const);
    const bytes = Buffer.from(inode.seen);
    if (way === "flip") bytes[at] = (bytes[at] as number) ^ (1 << rng.below(8));
    inode.seen = inode.durable =
      way === "cut" ? bytes.subarray(0, at) : way === "tail" ? Buffer.concat([bytes, Buffer.from("tail\n")]) : bytes;
    return `${way} of ${name} at ${at}`;
  }

  /** The content of a folder's files. */
  keep(folder: string): ReadonlyMap<string, Buffer> {
    return new Map(this.#names(folder).map((name) => [name, (this.#at(join(folder, name)) as Inode).seen]));
  }

  /** Makes these the files of a folder, and takes all others away. */
  putBack(folder: string, kept: ReadonlyMap<string, Buffer>): void {
    this.#folders.set(folder, new Map([...kept].map(([name, bytes]) => [name, [{ seen: bytes, durable: bytes }]])));
  }

  #names(folder: string): string[] {
    return [...(this.#folders.get(folder) ?? [])]
      .flatMap(([name, entries]) => (entries.at(-1) == null ? [] : [name]))
      .sort(compareCodePoints);
  }

  #at(path: string): Entry {
    return this.#folders.get(dirname(path))?.get(basename(path))?.at(-1) ?? null;
  }

  #set(path: string, entry: Entry): void {
    const names = this.#folders.get(dirname(path));
    if (names === undefined) throw failure("ENOENT", path);
    const entries = names.get(basename(path));
    if (entries === undefined) names.set(basename(path), [null, entry]);
    else entries.push(entry);
  }

  #there(path: string): Inode {
    const inode = this.#at(path);
    if (inode === null) throw failure("ENOENT", path);
    return inode;
  }

  #fileSystem(step: <T>(name: string, effect: () => T) => Promise<T>, rng: Rng | null): FileSystem {
    const named = <T>(call: string, path: string, effect: () => T): Promise<T> => step(`${call} ${basename(path)}`, effect);
    /** Writes in one piece or in two, between which the process may die or the disk be full. */
    const write = async (path: string, bytes: Uint8Array): Promise<void> => {
      const half = rng !== null && bytes.length > 1 && rng.chance(0.3) ? rng.between(1, bytes.length - 1) : bytes.length;
      for (const part of half < bytes.length ? [bytes.subarray(0, half), bytes.subarray(half)] : [bytes])
        await named("write", path, () => {
          const inode = this.#there(path);
          const isFull = rng?.chance(this.faults.full) === true;
          inode.seen = Buffer.concat([inode.seen, isFull ? part.subarray(0, part.length >> 1) : part]);
          if (isFull) throw failure("ENOSPC", path);
        });
    };
    const sync = (path: string): Promise<void> =>
      named("sync", path, () => {
        const inode = this.#there(path);
        if (rng?.chance(this.faults.sync) === true) throw failure("EIO", path);
        inode.durable = inode.seen;
      });
    return {
      read: (path) => named("read", path, () => this.#at(path)?.seen ?? null),
      size: (path) => named("size", path, () => this.#at(path)?.seen.length ?? null),
      lines: () => {
        throw new Error("no state is read by lines");
      },
      append: async (path, bytes) => {
        if (this.#at(path) === null) await named("make", path, () => this.#set(path, { seen: Buffer.of(), durable: Buffer.of() }));
        await write(path, bytes);
      },
      create: async (path, bytes) => {
        await named("create", path, () => {
          if (this.#at(path) !== null) throw failure("EEXIST", path);
          this.#set(path, { seen: Buffer.of(), durable: Buffer.of() });
        });
        try {
          const given = Buffer.from(bytes);
          if (given.length > 0 && path.includes(".draft-") && rng?.chance(this.faults.lying) === true) given[rng.below(given.length)] = 0;
          await write(path, given);
          await sync(path);
        } catch (error) {
          this.#set(path, null);
          throw error;
        }
      },
      truncate: (path, bytes) =>
        named("truncate", path, () => {
          const inode = this.#there(path);
          inode.seen = inode.seen.subarray(0, bytes);
        }),
      sync,
      link: (from, to) =>
        named("link", to, () => {
          if (this.#at(to) !== null) throw failure("EEXIST", to);
          this.#set(to, this.#there(from));
        }),
      rename: (from, to) =>
        named("rename to", to, () => {
          this.#set(to, this.#there(from));
          this.#set(from, null);
        }),
      remove: (path) =>
        named("remove", path, () => {
          if (this.#at(path) !== null) this.#set(path, null);
        }),
      syncDirectory: (path) =>
        named("sync folder", path, () => {
          if (rng?.chance(this.faults.sync) === true) throw failure("EIO", path);
          for (const [name, entries] of this.#folders.get(path) ?? []) this.#folders.get(path)?.set(name, entries.slice(-1));
        }),
      // Folders are few and old; what is at stake is what stands in them.
      makeDirectory: (path) =>
        named("make folder", path, () => {
          if (!this.#folders.has(path)) {
            this.#folders.set(path, new Map());
            if (this.#folders.has(dirname(path))) this.#set(path, null);
          }
        }),
      list: (path) => named("list", path, () => [...this.#names(path), ...this.#folderNames(path)].sort(compareCodePoints)),
    };
  }

  #folderNames(path: string): string[] {
    return [...this.#folders.keys()].filter((folder) => dirname(folder) === path).map((folder) => basename(folder));
  }
}

function afterPowerLoss({ seen, durable }: Inode, rng: Rng): Buffer {
  if (seen.equals(durable)) return durable;
  const kept = rng.between(0, Math.max(seen.length - durable.length, 0));
  switch (rng.pick(["old", "new", "part", "zeros"] as const)) {
    case "old":
      return durable;
    case "new":
      return seen;
    case "part":
      return seen.subarray(0, durable.length + kept);
    case "zeros":
      return Buffer.concat([seen.subarray(0, Math.min(durable.length, seen.length)), Buffer.alloc(kept)]);
  }
}

function failure(code: "ENOENT" | "EEXIST" | "ENOSPC" | "EIO", path: string): Error {
  return Object.assign(new Error(`${code}: simulated, ${path}`), { code, syscall: "simulated" });
}
