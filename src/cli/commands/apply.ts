import type { Command } from "commander";
import { type ExitCode, exitCodeOf } from "../../engine/exit-code.ts";
import type { RunReport } from "../../model/report.ts";
import { approval } from "../approval.ts";
import type { Act, Context } from "../context.ts";
import { addExamples, wholeNumber } from "../help-text.ts";
import { readConfig } from "../open-pipeline.ts";
import { openProgress } from "../progress.ts";
import { outputFor, showReport } from "./sync.ts";

interface ApplyOptions {
  readonly allowDeletes?: number;
  readonly all?: true;
}

export function define(command: Command, act: Act): void {
  command
    .description(
      "Carries out a plan that `tidemark plan --out` saved: exactly what it says, or nothing. Where the state, the pipeline's scope or mapping, or one of its tables moved since, the plan is stale and refused, and what moved is named.",
    )
    .argument("<file>", "the saved plan")
    .option("--allow-deletes <n>", "allow exactly this many deletions, although the limit is lower", wholeNumber(0))
    .option("--all", "cut no list")
    .action(act<ApplyOptions>(async (context, options, [file = ""]) => await applyAndShow(context, file, options)));
  addExamples(
    command,
    [
      ["tidemark plan --out sales.plan", "make it, look at it, have it approved"],
      ["tidemark apply sales.plan", "do what was looked at"],
      ["tidemark apply sales.plan --json --yes", "in CI, the report as JSON"],
    ],
    "What changed in the source since the plan was made is left to the next plan; only\nwhat it deletes is looked for there again. On a terminal, a plan that deletes asks\nfor the pipeline's name. Exit codes: 1 the plan is stale, cut short or edited, else\nthose of `sync`.",
  );
}

async function applyAndShow(context: Context, file: string, { allowDeletes, all }: ApplyOptions): Promise<ExitCode> {
  const { openPlanFile } = await import("../plan-file.ts");
  const saved = await openPlanFile(file, context.cwd);
  const config = await readConfig(context);
  const [{ assemble }, { choosePipeline }, { applySaved }] = await Promise.all([
    import("../../config/assemble.ts"),
    import("../../config/load.ts"),
    import("../../engine/apply-saved.ts"),
  ]);
  const pipeline = choosePipeline(config, context.global.pipeline ?? saved.header.pipeline);
  const out = outputFor(pipeline, context);
  const log = await openProgress(context, { problems: "on a terminal", lines: { out, pipeline: pipeline.name } });
  await using parts = await assemble(config, pipeline.name, { log });
  let report: RunReport;
  try {
    const approve = approval(context, pipeline.name, () => log.pause());
    report = await applySaved(
      parts,
      {
        signal: context.signal,
        ...(allowDeletes === undefined ? {} : { allow_deletes: allowDeletes }),
        ...(approve === undefined ? {} : { approve }),
      },
      saved,
    );
  } finally {
    await log[Symbol.asyncDispose]();
  }
  await showReport(report, parts, { ...context, out }, all === true);
  return exitCodeOf(report.problems, { failed: report.summary.failed });
}
