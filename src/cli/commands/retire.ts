import type { Command } from "commander";
import { type ExitCode, exitCodeOf } from "../../engine/exit-code.ts";
import type { Parts } from "../../engine/parts.ts";
import type { RetireOptions } from "../../engine/retire.ts";
import { TidemarkError } from "../../model/errors.ts";
import { askForTheName } from "../approval.ts";
import type { Act, Context } from "../context.ts";
import { addExamples, wholeNumber } from "../help-text.ts";
import { readConfig } from "../open-pipeline.ts";
import { openProgress } from "../progress.ts";
import { counted } from "../views/human/text.ts";
import { showPlan } from "./plan.ts";
import { showReport } from "./sync.ts";

export interface RetireArguments {
  readonly space?: string;
  readonly dryRun?: true;
  readonly allowDeletes?: number;
  readonly all?: true;
}

export function define(command: Command, act: Act): void {
  command
    .description(
      "Deletes the tables of a space, or of a whole pipeline, from the target on purpose, and their checkpoints. Only tables that bear this pipeline's marks; the source is not asked. On a terminal it asks for the pipeline's name first.",
    )
    .option("--space <name>", "only this space; without it --pipeline must be given, and all of it is retired")
    .option("-n, --dry-run", "show what would be deleted; write nothing")
    .option("--allow-deletes <n>", "allow exactly this many deletions, although the limit is lower", wholeNumber(0))
    .option("--all", "cut no list")
    .action(act(retireOnPurpose));
  addExamples(
    command,
    [
      ["tidemark retire --space HR --dry-run", "what would go, and how much of it"],
      ["tidemark retire --space HR --allow-deletes 40", "all 40 tables of the space HR"],
      ["tidemark retire --pipeline hr --allow-deletes 212 --yes", "the whole pipeline hr, unasked"],
    ],
    "Take what is retired out of the configuration or the source too: the next sync\nwould create it again. Exit codes are those of `plan` and `sync`.",
  );
}

async function retireOnPurpose(context: Context, { space, dryRun, allowDeletes, all }: RetireArguments): Promise<ExitCode> {
  if (space === undefined && context.global.pipeline === undefined) {
    throw new TidemarkError("usage", "What is to be retired has to be named.", {
      remedy: "Give --space for one space, or --pipeline alone for all of a pipeline.",
    });
  }
  const config = await readConfig(context);
  const { assemble } = await import("../../config/assemble.ts");
  const log = await openProgress(context, { problems: dryRun === true ? "nowhere" : "on a terminal" });
  await using _closing = log;
  await using parts = await assemble(config, context.global.pipeline, { log });
  const options: RetireOptions = {
    signal: context.signal,
    ...(space === undefined ? {} : { space }),
    ...(allowDeletes === undefined ? {} : { allow_deletes: allowDeletes }),
  };
  return dryRun === true ? await showOnly(context, parts, options, all === true) : await carryOut(context, parts, options, all === true);
}

async function showOnly(context: Context, parts: Parts, options: RetireOptions, all: boolean): Promise<ExitCode> {
  const { previewRetirement } = await import("../../engine/retire.ts");
  await using plan = await previewRetirement(parts, options);
  await showPlan(plan, context, all);
  return exitCodeOf(plan.problems, { planned: plan.summary });
}

async function carryOut(context: Context, parts: Parts, options: RetireOptions, all: boolean): Promise<ExitCode> {
  if (context.mayAsk) await ask(context, parts, options);
  const { retire } = await import("../../engine/retire.ts");
  const report = await retire(parts, options);
  await showReport(report, parts, context, all);
  return exitCodeOf(report.problems, { failed: report.summary.failed });
}

async function ask(context: Context, parts: Parts, options: RetireOptions): Promise<void> {
  const { previewRetirement } = await import("../../engine/retire.ts");
  await using plan = await previewRetirement(parts, options);
  const what = options.space === undefined ? `all of pipeline ${parts.pipeline}` : `space ${options.space} of pipeline ${parts.pipeline}`;
  await askForTheName(`This deletes ${counted(plan.summary.deleted, "table")}: ${what}`, parts.pipeline, context);
}
