import type { Command } from "commander";
import type { Check } from "../../config/doctor/check.ts";
import type { Config } from "../../config/load.ts";
import type { Pipeline } from "../../config/pipeline.ts";
import { type ExitCode, strongest } from "../../engine/exit-code.ts";
import { TidemarkError } from "../../model/errors.ts";
import type { Act, Context } from "../context.ts";
import { addExamples } from "../help-text.ts";
import { readConfig, readPipeline } from "../open-pipeline.ts";

interface DoctorOptions {
  readonly probeWrites?: true;
  readonly iamPolicy?: true;
}

export function define(command: Command, act: Act): void {
  command
    .description(
      "Checks all that a sync needs: configuration, state and lease, source, credentials, endpoint, TLS, clock, each permission by a harmless request, Lake Formation's defaults. Says what is wrong and the way out. Changes nothing, takes no lease.",
    )
    .option("--probe-writes", "ask for permissions to write, too, by requests that cannot write: at a database that does not exist")
    .option("--iam-policy", "print the least IAM policy that this pipeline needs, and ask nobody")
    .action(
      act<DoctorOptions>(async (context, { probeWrites = false, iamPolicy = false }) =>
        iamPolicy ? await printPolicy(context) : await checkAll(context, probeWrites),
      ),
    );
  addExamples(
    command,
    [
      ["tidemark doctor", "the only pipeline in ./tidemark.yaml"],
      ["tidemark doctor --probe-writes", "before the first sync to an account"],
      ["tidemark doctor --json | jq .checks", "for programs"],
      ["tidemark doctor --iam-policy > policy.json", "for whoever grants permissions"],
    ],
    "Exit codes: 0 nothing failed (warnings are not failures), 6 state damaged, 7 state\nnot writable, 8 source incomplete, 9 target unavailable, 1 anything else failed.",
  );
}

async function checkAll(context: Context, probeWrites: boolean): Promise<ExitCode> {
  const { signal, global, out } = context;
  const [{ check, pipeline }, { examine }] = [await openConfig(context), await import("../../config/doctor/examine.ts")];
  const checks = inTurn(check, pipeline === null ? [] : examine(pipeline, { probeWrites, signal }));
  if (global.json === true) {
    const [{ doctorJson }, all] = [await import("../views/json/doctor.ts"), await Array.fromAsync(checks)];
    await out.write(doctorJson(pipeline?.name ?? null, all));
    return exitCodeOfChecks(all);
  }
  const { checkText, closingText, headText } = await import("../views/human/doctor.ts");
  const shown: Check[] = [];
  if (pipeline !== null) await out.write(headText(pipeline.name, out));
  for await (const found of checks) {
    shown.push(found);
    await out.write(checkText(found, out));
  }
  await out.write(closingText(shown, out));
  return exitCodeOfChecks(shown);
}

/** The pipeline of this call, and the check of the configuration that it comes from; null where that has a mistake. */
async function openConfig(context: Context): Promise<{ readonly check: Check; readonly pipeline: Pipeline | null }> {
  const [{ choosePipeline }, { failedBy, ok }] = await Promise.all([
    import("../../config/load.ts"),
    import("../../config/doctor/check.ts"),
  ]);
  let config: Config;
  try {
    config = await readConfig(context);
  } catch (error) {
    if (error instanceof TidemarkError) return { check: failedBy("config", error), pipeline: null };
    throw error;
  }
  return { check: ok("config", `${config.file} is valid.`), pipeline: choosePipeline(config, context.global.pipeline) };
}

async function* inTurn(first: Check, rest: AsyncIterable<Check> | Iterable<Check>): AsyncGenerator<Check> {
  yield first;
  yield* rest;
}

function exitCodeOfChecks(checks: readonly Check[]): ExitCode {
  return strongest(new Set([0, ...checks.filter(({ status }) => status === "failed").map(({ exit = 1 }) => exit)]));
}

async function printPolicy(context: Context): Promise<ExitCode> {
  const pipeline = await readPipeline(context);
  const [{ iamPolicy }, { resultJson }] = await Promise.all([
    import("../../config/doctor/iam-policy.ts"),
    import("../views/json/envelope.ts"),
  ]);
  const policy = iamPolicy(pipeline, context.env);
  await context.out.write(context.global.json === true ? resultJson({ policy }) : `${JSON.stringify(policy, null, 2)}\n`);
  return 0;
}
