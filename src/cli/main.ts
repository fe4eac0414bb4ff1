#!/usr/bin/env node
// `--version` and `--help` are answered from here, before anything that takes time to load.
import { rootHelp, version } from "./root-help.ts";

const args = process.argv.slice(2);
const [only] = args;

if (args.length === 0 || (args.length === 1 && (only === "--help" || only === "-h" || only === "help"))) {
  // Unknown where it goes to no terminal.
  print(rootHelp(process.stdout.columns));
} else if (args.length === 1 && (only === "--version" || only === "-V")) {
  print(`${version()}\n`);
} else {
  const [{ runProcess }, { keepHeapSmall }] = await Promise.all([import("./process.ts"), import("./small-heap.ts")]);
  // It goes through its input in threads, for speed, and holds next to nothing.
  if (only !== "fingerprint") keepHeapSmall();
  process.exitCode = await runProcess(args, process);
}

function print(text: string): void {
  // As `Output` has it: a reader that has gone is no failure.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
  process.stdout.write(text);
}
