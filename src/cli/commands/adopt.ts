import type { Command } from "commander";
import { type ExitCode, exitCodeOf } from "../../engine/exit-code.ts";
import type { AdoptOptions as EngineOptions } from "../../engine/adopt.ts";
import type { Preview } from "../../engine/preview.ts";
import { TidemarkError } from "../../model/errors.ts";
import type { RunReport } from "../../model/report.ts";
import type { Act, Context } from "../context.ts";
import { addExamples } from "../help-text.ts";
import { readConfig } from "../open-pipeline.ts";
import { openProgress } from "../progress.ts";
import { exitOfPlan, showPlan } from "./plan.ts";
import { showReport } from "./sync.ts";

export interface AdoptOptions {
  readonly space?: string;
  readonly dryRun?: true;
  readonly all?: true;
}

export function define(command: Command, act: Act): void {
  command
    .argument("[assets...]", "assets whose tables are taken over: <space>.<technical name>")
    .description(
      "Takes over tables that stand where assets belong and that Tidemark did not make, or made in another history of this pipeline. What they have is kept: descriptions, comments, parameters and columns of others. Views, links, Iceberg tables and tables of other pipelines are never taken over.",
    )
    .option("--space <space>", "all such tables of a space")
    .option("-n, --dry-run", "show what would be taken over; writes nothing")
    .option("--all", "cut no list")
    .action(act(adoptTables));
  addExamples(
    command,
    [
      ["tidemark adopt SALES.Orders --dry-run", "what it would do to one table"],
      ["tidemark adopt SALES.Orders SALES.Items", "take two over"],
      ["tidemark adopt --space SALES", "all that stand in the way of a space"],
    ],
    "Exit codes: 0 done, with --dry-run: nothing to take over; 2 --dry-run: there are\ntables to take over; 3 partly; otherwise those of `tidemark sync`.",
  );
}

async function adoptTables(context: Context, options: AdoptOptions, assets: readonly string[]): Promise<ExitCode> {
  if (assets.length > 0 === (options.space !== undefined))
    throw new TidemarkError("usage", "Name either the assets whose tables are taken over, or a space with --space.", {
      remedy: "See `tidemark adopt --help`.",
    });
  const chosen: EngineOptions = { signal: context.signal, assets, ...(options.space === undefined ? {} : { space: options.space }) };
  const config = await readConfig(context);
  const [{ assemble }, { adopt, previewAdoption }] = await Promise.all([
    import("../../config/assemble.ts"),
    import("../../engine/adopt.ts"),
  ]);
  const log = await openProgress(context, { problems: options.dryRun === true ? "nowhere" : "on a terminal" });
  await using parts = await assemble(config, context.global.pipeline, { log });
  if (options.dryRun === true) {
    let planned: Preview;
    try {
      planned = await previewAdoption(parts, chosen);
    } finally {
      await log[Symbol.asyncDispose]();
    }
    await using plan = planned;
    await showPlan(plan, context, options.all === true);
    return exitOfPlan(plan);
  }
  let report: RunReport;
  try {
    report = await adopt(parts, chosen);
  } finally {
    await log[Symbol.asyncDispose]();
  }
  await showReport(report, parts, context, options.all === true);
  return exitCodeOf(report.problems, { failed: report.summary.failed });
}
