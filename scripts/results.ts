import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** The repository's root. */
export const ROOT: string = join(import.meta.dirname, "..");

/** Writes what was measured to bench/results/, with the command that repeats it, the commit and the machine's Node. */
export function writeResult(name: string, command: string, figures: { readonly [figure: string]: unknown }): void {
  const commit = execFileSync("git", ["rev-parse", "--short", "HEAD"], { cwd: ROOT, encoding: "utf8" }).trim();
  const path = join(ROOT, "bench/results", `${name}.json`);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${JSON.stringify({ command, commit, node: process.version, ...figures }, null, 2)}\n`);
}

/** The folder of `src/` that a file stands in, which is a layer of the architecture. */
export function layerOf(file: string): string {
  return file.slice(file.indexOf("src/") + "src/".length).split("/")[0] as string;
}
