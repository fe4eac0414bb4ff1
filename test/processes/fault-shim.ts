import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What the shim does at the chosen call. */
export const FAULT_MODES = ["kill", "EIO", "ENOSPC", "short"] as const;

export type FaultMode = (typeof FAULT_MODES)[number];

/** A library to preload, compiled for this machine. */
export interface FaultShim extends Disposable {
  readonly path: string;
}

/** Compiles the shim; null where there is no C compiler, or the system is not Linux. */
export function compileFaultShim(): FaultShim | null {
  if (process.platform !== "linux") return null;
  const folder = mkdtempSync(join(tmpdir(), "tidemark-shim-"));
  const path = join(folder, "fault-shim.so");
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    execFileSync("cc", ["-shared", "-fPIC", "-O1", "-o", path, join(import.meta.dirname, "fault-shim.c"), "-ldl", "-lpthread"], {
      stdio: "pipe",
    });
  } catch (error) {
    remove();
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
  return { path, [Symbol.dispose]: remove };
}
