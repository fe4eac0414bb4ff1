import type { Command } from "commander";
import { type ExitCode, exitCodeOf } from "../../engine/exit-code.ts";
import type { Parts } from "../../engine/parts.ts";
import type { RevertOptions } from "../../engine/revert.ts";
import { TidemarkError } from "../../model/errors.ts";
import { askLeave } from "../consent.ts";
import type { Act, Context } from "../context.ts";
import { addExamples, wholeNumber } from "../help-text.ts";
import { readConfig } from "../open-pipeline.ts";
import { openProgress } from "../progress.ts";
import { counted } from "../views/human/text.ts";
import { changesIn } from "../../engine/surface.ts";
import { exitOfPlan, showPlan } from "./plan.ts";
import { showReport } from "./sync.ts";

interface RevertArguments {
  readonly run?: string;
  readonly asset?: string;
  readonly to?: number;
  readonly dryRun?: true;
  readonly allowDeletes?: number;
  readonly all?: true;
}

const NEXT_SYNC = "The next sync brings the source's state again: change the source too, or take the asset out of it.";

export function define(command: Command, act: Act): void {
  command
    .description(
      `Takes the target back: what a run changed, or one asset as it stood at a generation. Planned, guarded and applied like any other run: what the run created is deleted, what it deleted is made again. ${NEXT_SYNC}`,
    )
    .option("--run <id>", "the run whose changes are undone")
    .option("--asset <id>", "one asset, with --to")
    .option("--to <generation>", "the generation that the asset goes back to", wholeNumber(0))
    .option("-n, --dry-run", "show the plan; write nothing")
    .option("--allow-deletes <n>", "allow exactly this many deletions, although the limit is lower", wholeNumber(0))
    .option("--all", "cut no list")
    .action(act(revertOnRequest));
  addExamples(
    command,
    [
      ["tidemark revert --run 7a0d… --dry-run", "what undoing a run would do"],
      ["tidemark revert --run 7a0d… --yes", "undo it, unasked"],
      ["tidemark revert --asset SALES.Orders --to 41", "one asset, as of generation 41"],
    ],
    "`tidemark runs list` shows the runs, `tidemark checkpoint show ASSET` the generations.\nExit codes are those of `plan` and `sync`.",
  );
}

async function revertOnRequest(context: Context, given: RevertArguments): Promise<ExitCode> {
  const options = revertOptions(context, given);
  const config = await readConfig(context);
  const [{ assemble }, { previewRevert, revert }] = await Promise.all([
    import("../../config/assemble.ts"),
    import("../../engine/revert.ts"),
  ]);
  const log = await openProgress(context, { problems: given.dryRun === true ? "nowhere" : "on a terminal" });
  await using _closing = log;
  await using parts = await assemble(config, context.global.pipeline, { log });
  if (given.dryRun === true) {
    await using plan = await previewRevert(parts, options);
    await showPlan(plan, context, given.all === true);
    return exitOfPlan(plan);
  }
  await ask(context, parts, options, given.all === true);
  const report = await revert(parts, options);
  await showReport(report, parts, context, given.all === true);
  if (context.global.quiet !== true) await context.err.write(`${NEXT_SYNC}\n`);
  return exitCodeOf(report.problems, { failed: report.summary.failed });
}

function revertOptions({ signal }: Context, { run, asset, to, allowDeletes }: RevertArguments): RevertOptions {
  const shared = { signal, ...(allowDeletes === undefined ? {} : { allow_deletes: allowDeletes }) };
  if (run !== undefined && asset === undefined && to === undefined) return { ...shared, run };
  if (run === undefined && asset !== undefined && to !== undefined) return { ...shared, asset, generation: to };
  throw new TidemarkError(
    "usage",
    "What is to be reverted has to be named: either a run, or an asset and the generation it goes back to.",
    {
      remedy: "Give --run ID, or --asset ID with --to GENERATION.",
    },
  );
}

/** The plan is shown before the question; where nobody can be asked, --yes must be there. */
async function ask(context: Context, parts: Parts, options: RevertOptions, all: boolean): Promise<void> {
  if (context.global.yes === true) return;
  const { previewRevert } = await import("../../engine/revert.ts");
  await using plan = await previewRevert(parts, options);
  if (context.mayAsk) await showPlan(plan, { ...context, out: context.err }, all);
  await askLeave(context, [`This writes or deletes ${counted(changesIn(plan.summary), "table")}. ${NEXT_SYNC}`], "Revert it?");
}
