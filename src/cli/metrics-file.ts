import { open, rename, rm } from "node:fs/promises";
import { resolve } from "node:path";
import { Gauge, Registry } from "prom-client";
import { TidemarkError } from "../model/errors.ts";
import type { Status } from "./commands/status.ts";
import type { Context } from "./context.ts";
import { METRICS } from "./metrics.ts";

/** Writes the figures of a pipeline as a whole file or not at all: whoever reads it meanwhile meets the old one or the new. */
export async function writeMetrics({ cwd }: Pick<Context, "cwd">, file: string, status: Status): Promise<void> {
  const path = resolve(cwd, file);
  const partial = `${path}.${process.pid}.partial`;
  try {
    const handle = await open(partial, "wx", 0o644);
    try {
      await handle.writeFile(await metricsText(status));
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw new TidemarkError("usage", `The metrics cannot be written to ${path}: ${(error as Error).message}`, {
      remedy: "Give a file in a folder that can be written as --metrics-file.",
      cause: error,
    });
  }
}

async function metricsText(status: Status): Promise<string> {
  const registry = new Registry();
  for (const { name, help, of } of METRICS) {
    const value = of(status);
    if (value == null) continue;
    new Gauge({ name, help, labelNames: ["pipeline"], registers: [registry] }).set({ pipeline: status.pipeline }, value);
  }
  return await registry.metrics();
}
