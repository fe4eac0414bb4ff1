import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A disk of its own, so small that it fills up. */
export interface SmallDisk extends Disposable {
  readonly path: string;
  /** Makes it roomy. */
  enlarge(): void;
}

/** Mounts a disk of that many bytes in memory; null where this user may not. */
export function mountSmallDisk(bytes: number): SmallDisk | null {
  const path = mkdtempSync(join(tmpdir(), "tidemark-disk-"));
  const mount = (options: string, ...what: string[]): void =>
    void execFileSync("mount", ["-t", "tmpfs", "-o", options, ...what, path], { stdio: "ignore" });
  try {
    mount(`size=${bytes}`, "tmpfs");
  } catch {
    rmSync(path, { recursive: true });
    return null;
  }
  return {
    path,
    enlarge: () => mount("remount,size=64m", "tmpfs"),
    [Symbol.dispose]: () => {
      execFileSync("umount", ["--lazy", path]);
      rmSync(path, { recursive: true });
    },
  };
}

/** Fills a disk to its last byte and answers with the file that does. */
export function fillUp(disk: SmallDisk): string {
  const path = join(disk.path, "ballast");
  for (let size = 1 << 20; size >= 1; size >>= 1) {
    try {
      for (;;) writeFileSync(path, Buffer.alloc(size), { flag: "a" });
    } catch {
      // Full for this size; the rest is tried with half of it.
    }
  }
  return path;
}
