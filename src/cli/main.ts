#!/usr/bin/env node
// `--version` and `--help` are answered from here, before anything that takes time to load.
import { rootHelp, version } from "./root-help.ts";

const args = process.argv.slice(2);
const [only] = args;

if (args.length === 0 || (args.length === 1 && (only === "--help" || only === "-h" || only === "help"))) {
  process.stdout.write(rootHelp());
} else if (args.length === 1 && (only === "--version" || only === "-V")) {
  process.stdout.write(`${version()}\n`);
} else {
  const { runProcess } = await import("./process.ts");
  process.exitCode = await runProcess(args, process);
}
