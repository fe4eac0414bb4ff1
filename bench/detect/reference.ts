import { existsSync } from "node:fs";
import { join } from "node:path";
import { sharedPath } from "../../test/helpers/shared.ts";
import { openPasses, type Passes } from "../measure/passes.ts";
import { type Measured, runMeasured } from "../measure/run-measured.ts";

/** What one pass of a process took. */
export interface Pass {
  readonly ms: number;
  readonly cpu_ms: number;
}

/** The reference in a process that keeps its checkpoints from one pass to the next; each goes through the assets of a file. */
export function openReference(): Passes<Pass> {
  return openPasses("The reference", "python3", [SCRIPT, referenceFile()]);
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
