/** Compiles `src/` to `dist/` as it is published: plain JavaScript with types beside it, the command executable. */
import { execFileSync } from "node:child_process";
import { chmodSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const command = join(root, "dist/cli/main.js");
const SHEBANG = "#!/usr/bin/env node\n";

rmSync(join(root, "dist"), { recursive: true, force: true });
execFileSync("tsc", ["-p", "tsconfig.build.json"], { cwd: root, stdio: "inherit" });

const text = readFileSync(command, "utf8");
if (!text.startsWith("#!")) writeFileSync(command, SHEBANG + text);
chmodSync(command, 0o755);
