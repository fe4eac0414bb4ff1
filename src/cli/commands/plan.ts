import type { Command } from "commander";
import { type ExitCode, exitCodeOf } from "../../engine/exit-code.ts";
import type { RunOptions } from "../../engine/parts.ts";
import type { Preview } from "../../engine/preview.ts";
import { parseSelection, type Selection } from "../../model/selection.ts";
import type { Act, Context } from "../context.ts";
import { addExamples, wholeNumber } from "../help-text.ts";
import { readConfig } from "../open-pipeline.ts";
import { openProgress } from "../progress.ts";

export interface PlanOptions {
  readonly out?: string;
  readonly all?: true;
  readonly full?: true;
  readonly fullRead?: true;
  readonly reconcile?: true;
  readonly allowDeletes?: number;
  readonly acceptScopeChange?: true;
  readonly select?: Selection;
}

export function define(command: Command, act: Act): void {
  addRunOptions(command)
    .description(
      "Shows what a sync would do: which assets change, in which fields, what is withheld and why. Writes nothing, neither to the target nor to the state.",
    )
    .option("--out <file>", "save the plan too, for `tidemark apply`")
    .option("--all", "cut no list")
    .action(act(planAndShow));
  addExamples(
    command,
    [
      ["tidemark plan", "the plan of the only pipeline in ./tidemark.yaml"],
      ["tidemark plan --pipeline hr --all", "of one of several, in full"],
      ["tidemark plan --out sales.plan", "save it, to be looked at and applied"],
      ["tidemark plan --select 'space:SALES,type:view,changed'", "changed views of one space only"],
      ["tidemark plan --json | jq .summary", "for programs"],
      ["tidemark plan -o ndjson | grep deleted", "the same, one change a line"],
    ],
    "Exit codes: 0 nothing to do, 2 there are changes, 4 the guard would refuse it,\n8 the source is incomplete, 1 error.",
  );
}

/** The options that `plan` and `sync` share. */
export function addRunOptions(command: Command): Command {
  return command
    .option("--full", "read and compare everything, also what is proved unchanged")
    .option("--full-read", "read every asset, also what its source's tokens prove unchanged")
    .option("--select <terms>", "look at these only: space:NAME, name:PATTERN, type:TYPE, created, changed, deleted", parseSelection)
    .option("--reconcile", "bring back tables that others edited or deleted, too")
    .option("--allow-deletes <n>", "allow exactly this many deletions, although the limit is lower", wholeNumber(0))
    .option("--accept-scope-change", "go on although the pipeline covers something else than its state");
}

/** What `plan` does, and `sync --dry-run`. */
export async function planAndShow(context: Context, options: PlanOptions): Promise<ExitCode> {
  const config = await readConfig(context);
  const [{ assemble }, { preview }] = await Promise.all([import("../../config/assemble.ts"), import("../../engine/preview.ts")]);
  const log = await openProgress(context, { problems: "nowhere" });
  await using parts = await assemble(config, context.global.pipeline, { log });
  let plan: Preview;
  try {
    plan = await preview(parts, runOptions(context, options));
  } finally {
    await log[Symbol.asyncDispose]();
  }
  await using shown = plan;
  if (options.out !== undefined) await savePlan(shown, options.out, context);
  await showPlan(shown, context, options.all === true);
  return exitOfPlan(shown);
}

/** The exit code of a plan that was only shown. */
export function exitOfPlan({ listings, problems, summary }: Preview): ExitCode {
  const incomplete = listings.filter((listing) => !listing.complete).map(() => ({ code: "listing_incomplete" as const }));
  return exitCodeOf([...problems, ...incomplete], { planned: summary });
}

/** The options of a run as the engine takes them. */
export function runOptions(
  { signal }: Context,
  { full, fullRead, reconcile, allowDeletes, acceptScopeChange, select }: PlanOptions,
): RunOptions {
  return {
    signal,
    ...(full === true ? { full } : {}),
    ...(fullRead === true ? { full_read: true } : {}),
    ...(reconcile === true ? { reconcile } : {}),
    ...(allowDeletes === undefined ? {} : { allow_deletes: allowDeletes }),
    ...(select === undefined ? {} : { select }),
    ...(acceptScopeChange === true ? { accept_scope_change: true } : {}),
  };
}

/** Prints a plan for people, as JSON or as JSON Lines. */
export async function showPlan(plan: Preview, { global, out }: Context, all: boolean): Promise<void> {
  if (global.json === true) {
    const { planJson } = await import("../views/json/plan.ts");
    await out.writeAll(planJson(plan));
  } else if (global.ndjson === true) {
    const { planLines } = await import("../views/json/plan.ts");
    await out.writeAll(planLines(plan));
  } else {
    const { planText } = await import("../views/human/plan.ts");
    await out.writeAll(planText(plan, out, { all }));
  }
}

async function savePlan(plan: Preview, path: string, { cwd, err, global }: Context): Promise<void> {
  const { writePlanFile } = await import("../plan-file.ts");
  await writePlanFile(plan, path, cwd);
  if (global.quiet !== true) await err.write(`Plan saved to ${path}. Carry it out with \`tidemark apply ${path}\`.\n`);
}
