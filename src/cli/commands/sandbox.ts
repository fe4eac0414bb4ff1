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

interface DatasphereOptions {
  readonly port: number;
  readonly data?: string;
  readonly assets?: number;
  readonly seed?: number;
  readonly requestsPerMinute?: number;
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
  const datasphere = command
    .command("datasphere")
    .description("Runs a simulated SAP Datasphere tenant on 127.0.0.1 until it is interrupted. Prints one line once it is ready.")
    .option("--port <n>", "port to listen on; 0 picks a free one", wholeNumber(0), 0)
    .option("--data <folder>", "serve the CSN exports of this folder, instead of a made-up tenant")
    .option("--assets <n>", "size of the made-up tenant, 1 to 1,000,000", wholeNumber(1))
    .option("--seed <n>", "the same number makes the same tenant", wholeNumber(0))
    .option("--requests-per-minute <n>", "rate limit; 0 for none (default: 300, as a tenant's)", wholeNumber(0))
    .option("--latency-ms <n>", "answer each request this much later", wholeNumber(0))
    .action(act(runDatasphere));
  addExamples(
    datasphere,
    [
      ["tidemark sandbox datasphere --port 4577", "a made-up tenant of 1,000 assets"],
      ["tidemark sandbox datasphere --data ./exports", "your own exports, served as a tenant would"],
    ],
    "It speaks the real protocol: OAuth, catalog OData, EDMX, design-time objects. What is\nassumed without evidence is listed in docs/reference/sandbox-datasphere.md. Its own\nAPI (edits, faults, counts) is under /__sandbox/.",
  );
  addExamples(command, [
    ["tidemark sandbox glue --port 4566", "a Glue Data Catalog on 127.0.0.1"],
    ["tidemark sandbox datasphere --port 4577", "a Datasphere tenant on 127.0.0.1"],
  ]);
}

// commander leaves out what was not given, so that a sandbox's own defaults hold.
async function runGlue(context: Context, { file, ...options }: GlueOptions): Promise<ExitCode> {
  const { startGlueSandbox } = await import("../../sandbox/glue/start-glue-sandbox.ts");
  return await serve(context, await startGlueSandbox({ ...options, ...(file !== undefined && { file: resolve(context.cwd, file) }) }));
}

async function runDatasphere(context: Context, { data, requestsPerMinute, ...options }: DatasphereOptions): Promise<ExitCode> {
  const { startDatasphereSandbox } = await import("../../sandbox/datasphere/start-datasphere-sandbox.ts");
  const sandbox = await startDatasphereSandbox({
    ...options,
    ...(data !== undefined && { data: resolve(context.cwd, data) }),
    ...(requestsPerMinute !== undefined && { requestsPerMinute: requestsPerMinute === 0 ? null : requestsPerMinute }),
  });
  return await serve(context, sandbox);
}

/** Says where it listens, and lets it run until the command is interrupted. */
async function serve({ out, signal, global }: Context, sandbox: { readonly url: string; close(): Promise<void> }): Promise<ExitCode> {
  await out.write(global.json === true ? resultJson({ url: sandbox.url }) : `listening on ${sandbox.url}\n`);
  if (!signal.aborted) await once(signal, "abort");
  await sandbox.close();
  return 0;
}
