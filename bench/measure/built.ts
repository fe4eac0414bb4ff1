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
  const { status } = spawnSync("tsc", ["-p", "tsconfig.bench.json"], {
    cwd: ROOT,
    stdio: ["ignore", 2, 2],
    shell: process.platform === "win32",
  });
  if (status !== 0) throw new Error("the benchmarks could not be compiled");
  copyFileSync(join(ROOT, "package.json"), join(BUILT, "package.json"));
}
