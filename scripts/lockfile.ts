import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** What this project reads of an entry of package-lock.json. */
export interface LockEntry {
  readonly version?: string;
  readonly dev?: boolean;
  readonly devOptional?: boolean;
  readonly optional?: boolean;
  readonly hasInstallScript?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly libc?: readonly string[];
}

export interface Lockfile {
  readonly packages: Readonly<Record<string, LockEntry>>;
}

export function readLockfile(root: string): Lockfile {
  return JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")) as Lockfile;
}

/**
 * The entries that npm left out: builds of a package for other platforms that the registry did not have when the lockfile was written.
 * `npm ci` refuses a lockfile without them, on every platform. They have no checksum, because nobody here has seen them.
 */
export function missingEntries({ packages }: Lockfile): Readonly<Record<string, LockEntry>> {
  return Object.fromEntries(
    Object.values(packages).flatMap((entry) =>
      Object.entries(entry.optionalDependencies ?? {})
        .filter(([name]) => !Object.keys(packages).some((path) => path.endsWith(`node_modules/${name}`)))
        .map(([name, version]) => [`node_modules/${name}`, entryFor(name, version, entry.dev === true)]),
    ),
  );
}

const PLATFORM = /(android|darwin|freebsd|linux|openharmony|win32)-(arm64|arm|ia32|ppc64|riscv64|s390x|x64)(?:-(gnu|musl))?/;

function entryFor(name: string, version: string, dev: boolean): LockEntry {
  const [, os, cpu, libc] = PLATFORM.exec(name) ?? [];
  if (os === undefined || cpu === undefined || !/^\d/.test(version)) {
    throw new Error(`${name}@${version} is missing from package-lock.json, and its name does not tell its platform. Add it by hand.`);
  }
  return {
    version,
    cpu: [cpu],
    ...(dev ? { dev } : {}),
    ...(libc === undefined ? {} : { libc: [libc === "gnu" ? "glibc" : "musl"] }),
    optional: true,
    os: [os],
  };
}

if (import.meta.main) {
  const root = join(import.meta.dirname, "..");
  const lockfile = readLockfile(root);
  const packages = { ...lockfile.packages, ...missingEntries(lockfile) };
  // npm's own order, or its next run would move every line.
  const ordered = Object.fromEntries(Object.entries(packages).sort(([a], [b]) => a.localeCompare(b, "en")));
  writeFileSync(join(root, "package-lock.json"), `${JSON.stringify({ ...lockfile, packages: ordered }, null, 2)}\n`);
}
