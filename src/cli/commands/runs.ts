import type { Command } from "commander";
import type { ExitCode } from "../../engine/exit-code.ts";
import { TidemarkError } from "../../model/errors.ts";
import type { RunReport } from "../../model/report.ts";
import type { Act, Context } from "../context.ts";
import { addExamples, wholeNumber } from "../help-text.ts";
import { openState, readPipeline } from "../open-pipeline.ts";

/** How far back a run is looked for. */
const KEPT = 10_000;

export function define(command: Command, act: Act): void {
  command.description("Shows past runs of a pipeline: how they ended and what they cost.");
  const list = command
    .command("list")
    .description("Lists the runs, newest first.")
    .option("--limit <n>", "how many", wholeNumber(1), 20)
    .action(act<{ readonly limit: number }>(async (context, { limit }) => await listRuns(context, limit)));
  const show = command
    .command("show")
    .description("Shows the report of a run.")
    .argument("<run>", "its id, as `runs list` shows it; `last` for the newest")
    .option("--all", "cut no list")
    .action(act<{ readonly all?: true }>(async (context, { all }, [run = "last"]) => await showRun(context, run, all === true)));
  addExamples(list, [["tidemark runs list --limit 5", "the last five runs"]]);
  addExamples(show, [["tidemark runs show last", "the report of the newest run"]]);
  addExamples(command, [
    ["tidemark runs list", "the last twenty runs"],
    ["tidemark runs show last --json", "the newest report, for programs"],
  ]);
}

async function listRuns(context: Context, limit: number): Promise<ExitCode> {
  const pipeline = await readPipeline(context);
  await using reader = await openState(pipeline);
  const runs = await reader.runs(limit);
  if (context.global.json === true) {
    const [{ resultJson }, { runReportJson }] = await Promise.all([
      import("../views/json/envelope.ts"),
      import("../views/json/run-report.ts"),
    ]);
    await context.out.write(resultJson({ pipeline: pipeline.name, runs: runs.map(runReportJson) }));
  } else if (context.global.ndjson === true) {
    const [{ listLines }, { runReportJson }] = await Promise.all([import("../views/json/lines.ts"), import("../views/json/run-report.ts")]);
    await context.out.writeAll(listLines(pipeline.name, { type: "run", counted: "runs" }, [runs.map(runReportJson)]));
  } else {
    const { runsText } = await import("../views/human/runs.ts");
    await context.out.write(runsText(pipeline.name, runs));
  }
  return 0;
}

async function showRun(context: Context, id: string, all: boolean): Promise<ExitCode> {
  const pipeline = await readPipeline(context);
  await using reader = await openState(pipeline);
  const runs = await reader.runs(id === "last" ? 1 : KEPT);
  const report: RunReport | undefined = id === "last" ? runs[0] : runs.find((run) => run.run_id === id);
  if (report === undefined)
    throw new TidemarkError("usage", `Pipeline ${pipeline.name} has no run "${id}".`, { remedy: "`tidemark runs list` shows the runs." });
  if (context.global.json === true) {
    const [{ resultJson }, { runReportJson }] = await Promise.all([
      import("../views/json/envelope.ts"),
      import("../views/json/run-report.ts"),
    ]);
    await context.out.write(resultJson(runReportJson(report)));
  } else {
    const { runReportText } = await import("../views/human/run-report.ts");
    await context.out.write(runReportText(report, context.out, { all, steps: [], verbose: context.global.verbose !== undefined }));
  }
  return 0;
}
