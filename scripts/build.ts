/** Compiles `src/` to `dist/` as it is published: plain JavaScript with types beside it, what threads load in one piece, the command executable. Options go to the compiler. */
import { spawnSync } from "node:child_process";
import { chmodSync, rmSync } from "node:fs";
import { join } from "node:path";
import { bundleThreads } from "./bundle-threads.ts";

const root = join(import.meta.dirname, "..");

rmSync(join(root, "dist"), { recursive: true, force: true });
const { status } = spawnSync("tsc", ["-p", "tsconfig.build.json", ...process.argv.slice(2)], {
  cwd: root,
  stdio: "inherit",
  shell: process.platform === "win32",
});
if (status !== 0) process.exit(1);
await bundleThreads(join(root, "dist"));
chmodSync(join(root, "dist/cli/main.js"), 0o755);
