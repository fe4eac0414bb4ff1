import { spawn } from "node:child_process";
import { constants } from "node:os";
import { join } from "node:path";

const root = join(import.meta.dirname, "../..");
const MAIN = join(root, "src/cli/main.ts");
/** As `bin/tidemark` has it: hundreds of starts share what Node made of the sources. */
const NODE_COMPILE_CACHE = join(root, "node_modules/.cache/node");

export interface CliOptions {
  readonly cwd?: string;
  /** Added to this process's environment; undefined removes a variable. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Standard input; without it, an empty one. */
  readonly input?: string;
  /** Milliseconds until the command is killed and the call fails with what it had printed. */
  readonly timeout?: number;
}

export interface CliResult {
  /** The exit code; as a shell has it, 128 plus the signal's number for a command that a signal ended. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command line in a process of its own, under the Node that runs the tests. */
export function runCli(args: readonly string[], { cwd, env = {}, input = "", timeout = 60_000 }: CliOptions = {}): Promise<CliResult> {
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd,
    env: { ...process.env, NODE_OPTIONS: undefined, NODE_COMPILE_CACHE, ...env },
  });
  const stdout = collect(child.stdout);
  const stderr = collect(child.stderr);
  // A command that ends without reading its input closes the pipe under our feet; its exit code tells the story.
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill("SIGKILL");
      reject(new Error(`tidemark ${args.join(" ")} did not end within ${timeout} ms. It had printed:\n${stdout()}\n${stderr()}`));
    }, timeout);
    child.on("error", reject);
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      resolve({ code: code ?? 128 + constants.signals[signal ?? "SIGKILL"], stdout: stdout(), stderr: stderr() });
    });
  });
}

function collect(stream: NodeJS.ReadableStream): () => string {
  let text = "";
  stream.setEncoding("utf8");
  stream.on("data", (chunk: string) => (text += chunk));
  return () => text;
}
