import { once } from "node:events";
import { resolve } from "node:path";
import type { Command } from "commander";
import type { ExitCode } from "../../engine/exit-code.ts";
import type { Act, Context } from "../context.ts";
import { addExamples, wholeNumber } from "../help-text.ts";
import { resultJson } from "../views/json/envelope.ts";

interface GlueOptions {
  readonly port: number;
  readonly file?: string;
  readonly writesPerSecond?: number;
  readonly latencyMs?: number;
}

export function define(command: Command, act: Act): void {
  command.description(
    "Runs a local endpoint that speaks a real protocol, to try things on without an account. A simulation: strict as documented, and no more.",
  );
  const glue = command
    .command("glue")
    .description("Runs a simulated AWS Glue Data Catalog on 127.0.0.1 until it is interrupted. Prints one line once it is ready.")
    .option("--port <n>", "port to listen on; 0 picks a free one", wholeNumber(0), 0)
    .option("--file <file>", "keep the catalog in this file, instead of in memory")
    .option("--writes-per-second <n>", "throttle writes above this rate, as the service does", wholeNumber(1))
    .option("--latency-ms <n>", "answer each request this much later", wholeNumber(0))
    .action(act(runGlue));
  addExamples(
    glue,
    [
      ["tidemark sandbox glue --port 4566", "in memory"],
      ["tidemark sandbox glue --port 4566 --file glue.json", "kept over restarts"],
      ["tidemark sandbox glue --port 0 --writes-per-second 20", "throttling like an account"],
    ],
    "Point a pipeline's target at it with endpoint: http://127.0.0.1:4566; no AWS account\nand no credentials are needed. Its own API (faults, counts, reset) is under\n/__sandbox/.",
  );
  addExamples(command, [["tidemark sandbox glue --port 4566", "a Glue Data Catalog on 127.0.0.1"]]);
}

async function runGlue({ out, signal, cwd, global }: Context, { port, file, writesPerSecond, latencyMs }: GlueOptions): Promise<ExitCode> {
  const { startGlueSandbox } = await import("../../sandbox/glue/start-glue-sandbox.ts");
  const sandbox = await startGlueSandbox({
    port,
    ...(file === undefined ? {} : { file: resolve(cwd, file) }),
    ...(writesPerSecond === undefined ? {} : { writesPerSecond }),
    ...(latencyMs === undefined ? {} : { latencyMs }),
  });
  await out.write(global.json === true ? resultJson({ url: sandbox.url }) : `listening on ${sandbox.url}\n`);
  if (!signal.aborted) await once(signal, "abort");
  await sandbox.close();
  return 0;
}
