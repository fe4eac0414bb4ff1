import type { Command } from "commander";
import { type ExitCode, exitCodeOf, strongest } from "../../engine/exit-code.ts";
import type { Verification } from "../../engine/verify.ts";
import type { Act, Context } from "../context.ts";
import { addExamples } from "../help-text.ts";
import { readConfig } from "../open-pipeline.ts";
import { openProgress } from "../progress.ts";

export interface VerifyOptions {
  readonly all?: true;
}

export function define(command: Command, act: Act): void {
  command
    .description(
      "Compares the target with what was recorded of it: tables that others edited, field by field, deleted or added. Reads the target only, a hundred tables a request, and writes nothing. What others may change as they like (descriptions, comments, parameters of their own) is shown as kept and is no drift.",
    )
    .option("--all", "cut no list")
    .action(act(verifyAndShow));
  addExamples(
    command,
    [
      ["tidemark verify", "the only pipeline in ./tidemark.yaml"],
      ["tidemark verify --json | jq .summary", "for programs"],
      ["tidemark sync --reconcile", "brings back what drifted"],
    ],
    "Exit codes: 0 the target is as recorded, 2 drift, 3 a table could not be looked at,\n6 state damaged or lost, 9 target unavailable, 1 error.",
  );
}

async function verifyAndShow(context: Context, { all = false }: { readonly all?: boolean }): Promise<ExitCode> {
  return await verified(context, async (found) => await showVerification(context, found, all));
}

/** Verifies the target and has `show` make something of what was found. */
export async function verified(context: Context, show: (found: Verification) => Promise<ExitCode>): Promise<ExitCode> {
  const config = await readConfig(context);
  const [{ assemble }, { verify }] = await Promise.all([import("../../config/assemble.ts"), import("../../engine/verify.ts")]);
  const log = await openProgress(context, { problems: "nowhere" });
  await using parts = await assemble(config, context.global.pipeline, { log });
  let verification: Verification;
  try {
    verification = await verify(parts, { signal: context.signal });
  } finally {
    await log[Symbol.asyncDispose]();
  }
  await using found = verification;
  return await show(found);
}

/** Prints what was found, for people or as JSON. */
export async function showVerification(context: Context, found: Verification, all: boolean): Promise<ExitCode> {
  if (context.global.json === true) {
    const { verificationJson } = await import("../views/json/verification.ts");
    await context.out.writeAll(verificationJson(found));
  } else {
    const { verificationText } = await import("../views/human/verification.ts");
    await context.out.writeAll(verificationText(found, context.out, { all }));
  }
  return exitOfVerification(found);
}

export function exitOfVerification({ summary, problems }: Pick<Verification, "summary" | "problems">): ExitCode {
  const isDrifted = summary.edited + summary.missing + summary.added > 0;
  return strongest(new Set([exitCodeOf(problems), isDrifted ? 2 : 0]));
}
