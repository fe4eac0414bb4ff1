import type { FileSystem } from "../../src/ports/file-system.ts";
import type { Mutant } from "./mutants.ts";

const isJournal = (path: string): boolean => path.endsWith(".ndjson");
const isCopy = (path: string): boolean => path.endsWith(".copy.ndjson");
const isImage = (path: string): boolean => path.endsWith("_checkpoints.json");
const numberOf = (path: string): number => Number(/journal-(\d+)/.exec(path)?.[1] ?? 0);

const over =
  (change: (files: FileSystem) => Partial<FileSystem>): NonNullable<Mutant["files"]> =>
  (files) => ({ ...files, ...change(files) });

/** A create that does not wait for the disk. */
const unsynced =
  (files: FileSystem, isMeant: (path: string) => boolean): FileSystem["create"] =>
  async (path, bytes) => {
    if (!isMeant(path) || bytes.length === 0) return files.create(path, bytes);
    await files.create(path, Buffer.of());
    await files.append(path, bytes);
  };

/** Protocol bugs of the json store, seeded by wrapping what it writes through. */
export const JSON_MUTANTS: readonly Mutant[] = [
  {
    name: "an image is not synced before it takes its name",
    files: over((files) => ({ create: unsynced(files, (path) => path.includes(".draft-")) })),
  },
  {
    name: "a folder is never synced",
    files: over(() => ({ syncDirectory: async () => undefined })),
  },
  {
    name: "the journal is not synced",
    files: over((files) => ({
      create: unsynced(files, isJournal),
      sync: async (path) => (isJournal(path) ? undefined : files.sync(path)),
    })),
  },
  {
    name: "what another process left unsynced is gone on from",
    files: (files) => {
      const own = new Set<string>();
      return {
        ...files,
        create: async (path, bytes) => {
          own.add(path);
          return files.create(path, bytes);
        },
        sync: async (path) => (own.has(path) ? files.sync(path) : undefined),
        syncDirectory: async (path) => (own.size > 1 ? files.syncDirectory(path) : undefined),
      };
    },
    isRare: true,
  },
  {
    name: "an image is not verified before it takes its name",
    files: (files) => {
      const given = new Map<string, Uint8Array>();
      return {
        ...files,
        create: async (path, bytes) => {
          given.set(path, bytes);
          return files.create(path, bytes);
        },
        read: async (path) => (path.includes(".draft-") ? (given.get(path) ?? null) : files.read(path)),
      };
    },
  },
  {
    name: "an image is written in place, as writeFile does it",
    files: over((files) => ({
      rename: async (from, to) => {
        if (!isImage(to)) return files.rename(from, to);
        const bytes = await files.read(from);
        await files.remove(to);
        await files.append(to, bytes ?? Buffer.of());
        await files.remove(from);
      },
    })),
  },
  {
    name: "the image before is not kept",
    files: over((files) => ({
      rename: async (from, to) => (to.endsWith(".prev") ? files.remove(from) : files.rename(from, to)),
    })),
  },
  {
    name: "the image before is another name of the same file",
    files: over((files) => ({
      rename: async (from, to) => {
        const image = to.slice(0, -".prev".length);
        if (!to.endsWith(".prev") || (await files.size(image)) === null) return files.rename(from, to);
        await files.remove(from);
        await files.remove(to);
        return files.link(image, to);
      },
    })),
  },
  {
    name: "journals are removed before the image that needs them is gone",
    files: over((files) => ({
      rename: async (from, to) => {
        await files.rename(from, to);
        if (!isImage(to)) return;
        const folder = to.slice(0, to.lastIndexOf("/"));
        const names = (await files.list(folder)).filter(isJournal);
        const last = Math.max(...names.map(numberOf));
        for (const name of names) if (numberOf(name) < last) await files.remove(`${folder}/${name}`);
      },
    })),
  },
  {
    name: "the journal is kept once, and its end is believed",
    files: over((files) => ({
      append: async (path, bytes) => (isCopy(path) ? undefined : files.append(path, bytes)),
      create: async (path, bytes) => (isCopy(path) ? undefined : files.create(path, bytes)),
      sync: async (path) => (isCopy(path) ? undefined : files.sync(path)),
      truncate: async (path, bytes) => (isCopy(path) ? undefined : files.truncate(path, bytes)),
      read: async (path) => files.read(isCopy(path) ? path.replace(".copy.", ".") : path),
    })),
  },
  {
    name: "a damaged journal is cut in silence",
    files: over((files) => ({
      read: async (path) => {
        if (!isJournal(path)) return files.read(path);
        const copies = [path.replace(".copy.", "."), path.replace(/(\.copy)?\.ndjson$/, ".copy.ndjson")];
        const [a, b] = [await files.read(copies[0] as string), await files.read(copies[1] as string)];
        if (a === null || b === null) return a ?? b;
        // As far as both copies agree.
        const at = a.findIndex((byte, n) => byte !== b[n]);
        const same = Buffer.from(at < 0 ? a : a.subarray(0, at));
        return same.subarray(0, same.lastIndexOf("\n") + 1);
      },
    })),
  },
  {
    name: "the number of a journal is taken without looking whether it is taken",
    files: over((files) => ({
      create: async (path, bytes) => {
        if (isJournal(path)) await files.remove(path);
        return files.create(path, bytes);
      },
    })),
  },
  {
    name: "two holders of the lease both write: no fence",
    files: (files) => {
      let own = 0;
      return {
        ...files,
        create: async (path, bytes) => {
          await files.create(path, bytes);
          if (isJournal(path)) own = numberOf(path);
        },
        list: async (path) => (await files.list(path)).filter((name) => own === 0 || numberOf(name) <= own),
      };
    },
  },
];
