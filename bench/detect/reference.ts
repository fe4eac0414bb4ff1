import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { sharedPath } from "../../test/helpers/shared.ts";
import { type Measured, runMeasured } from "../measure/run-measured.ts";

/** What one pass of a process took. */
export interface Pass {
  readonly ms: number;
  readonly cpu_ms: number;
}

/** The reference in a process that keeps its checkpoints from one pass to the next. */
export interface Reference extends AsyncDisposable {
  /** Goes through the assets of a file, as the reference finds their changes. */
  pass(file: string): Promise<Pass>;
}

export function openReference(): Reference {
  const child = spawn("python3", [SCRIPT, referenceFile()], { stdio: ["pipe", "pipe", "inherit"] });
  const ended = new Promise<void>((resolve) => child.on("close", () => resolve()));
  // Whoever waits for a line is told that none comes.
  for (const part of [child, child.stdin]) part.on("error", () => undefined);
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  return {
    async pass(file) {
      child.stdin.write(`${file}\n`);
      const line = await lines.next();
      if (line.done === true)
        throw new Error(
          `The reference ended while it went through ${file}: what it says of that stands above, and nothing where it was killed.`,
        );
      return JSON.parse(line.value) as Pass;
    },
    async [Symbol.asyncDispose]() {
      child.stdin.end();
      await ended;
    },
  };
}

/** The first pass of the reference in a process that is watched. */
export function watchReference(file: string): Promise<Measured<Pass>> {
  return runMeasured<Pass>("python3", [SCRIPT, referenceFile(), file]);
}

/** The original's own functions, which stand beside the checkout. Throws where they do not: there is nothing to compare with. */
export function referenceFile(): string {
  const file = sharedPath("vectors", "reference.py");
  if (existsSync(file)) return file;
  throw new Error(
    `This benchmark compares with the reference's functions, and they are not there: ${file}. Put the reference material beside the checkout.`,
  );
}

const SCRIPT = join(import.meta.dirname, "reference_pass.py");
