import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** A process that makes a pass for each line that it is given, and stays between them. */
export interface Passes<T> extends AsyncDisposable {
  pass(line: string): Promise<T>;
}

/** `name`: what it is called where it ends before it answered. It answers each line with one of JSON. */
export function openPasses<T>(name: string, command: string, args: readonly string[]): Passes<T> {
  const child = spawn(command, args, { stdio: ["pipe", "pipe", "inherit"] });
  const ended = new Promise<void>((resolve) => child.on("close", () => resolve()));
  // Whoever waits for a line is told that none comes.
  for (const part of [child, child.stdin]) part.on("error", () => undefined);
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  return {
    async pass(line) {
      child.stdin.write(`${line}\n`);
      const answer = await lines.next();
      if (answer.done === true)
        throw new Error(`${name} ended while it went through ${line}: what it says of that stands above, and nothing where it was killed.`);
      return JSON.parse(answer.value) as T;
    },
    async [Symbol.asyncDispose]() {
      child.stdin.end();
      await ended;
    },
  };
}
