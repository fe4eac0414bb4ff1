import { spawnSync } from "node:child_process";
import { copyFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../../scripts/results.ts";

const BUILT = join(ROOT, "dist-bench");
let isBuilt = false;

/**
 * Where a source file stands as plain JavaScript, compiled when the first is asked for. What is measured is run in the form in which it is
 * published: Node's own type stripping takes 16 MB in each thread and a tenth of a second.
 */
export function built(source: string): string {
  if (!isBuilt) build();
  isBuilt = true;
  return join(BUILT, source.replace(/\.ts$/, ".js"));
}

function build(): void {
  rmSync(BUILT, { recursive: true, force: true });
  run("tsc", "-p", "tsconfig.bench.json");
  run("node", join(ROOT, "scripts/bundle-threads.ts"), join(BUILT, "src"));
  copyFileSync(join(ROOT, "package.json"), join(BUILT, "package.json"));
}

function run(command: string, ...args: readonly string[]): void {
  const { status } = spawnSync(command, args, { cwd: ROOT, stdio: ["ignore", 2, 2], shell: process.platform === "win32" });
  if (status !== 0) throw new Error("the benchmarks could not be compiled");
}
