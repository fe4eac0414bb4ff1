import type { Command } from "commander";
import type { Pipeline } from "../../config/pipeline.ts";
import { type ExitCode, exitCodeOf } from "../../engine/exit-code.ts";
import type { Parts } from "../../engine/parts.ts";
import type { HistoryRecord } from "../../model/checkpoint.ts";
import { TidemarkError } from "../../model/errors.ts";
import type { RunReport } from "../../model/report.ts";
import { approval } from "../approval.ts";
import type { Act, Context } from "../context.ts";
import { addExamples } from "../help-text.ts";
import { readConfig } from "../open-pipeline.ts";
import type { Output } from "../output.ts";
import { openProgress } from "../progress.ts";
import { addRunOptions, planAndShow, type PlanOptions, runOptions } from "./plan.ts";

/** How many of a run's steps are shown before the rest is counted. */
const STEPS_SHOWN = 20;

export interface SyncOptions extends PlanOptions {
  readonly dryRun?: true;
  readonly metricsFile?: string;
}

export function define(command: Command, act: Act): void {
  addRunOptions(command)
    .description("Brings the target in step with the source: reads what may have changed, writes what did, deletes what is proved gone.")
    .option("-n, --dry-run", "show the plan only, like `tidemark plan`")
    .option("--metrics-file <file>", "write the figures of the pipeline to this file, in Prometheus text format")
    .option("--all", "cut no list")
    .action(
      act<SyncOptions>(async (context, options) =>
        options.dryRun === true ? await planAndShow(context, options) : await syncAndShow(context, options),
      ),
    );
  addExamples(
    command,
    [
      ["tidemark sync", "the only pipeline in ./tidemark.yaml"],
      ["tidemark sync --dry-run", "what it would do"],
      ["tidemark sync --pipeline hr --json", "one of several, the report as JSON"],
      ["tidemark sync -o ndjson", "events as they come, the report as the last line"],
      ["tidemark sync --select 'space:SALES,name:MCT_*'", "some assets of one space only"],
      ["tidemark sync --reconcile", "repairs what others changed, too"],
      ["tidemark sync --allow-deletes 212", "after looking at a plan with 212 deletions"],
    ],
    "On a terminal, a sync that deletes asks for the pipeline's name first; --yes spares\nthe question. The guard's limit holds in any case.\nExit codes: 0 all done, 3 partly (an asset failed or is withheld by a conflict),\n4 refused by the guard, 5 another run holds the lease, 6 state damaged,\n7 state not writable, 8 source incomplete, 9 target unavailable, 1 error,\n130 interrupted.",
  );
}

async function syncAndShow(context: Context, options: SyncOptions): Promise<ExitCode> {
  const config = await readConfig(context);
  const [{ assemble }, { choosePipeline }, { sync }] = await Promise.all([
    import("../../config/assemble.ts"),
    import("../../config/load.ts"),
    import("../../engine/sync.ts"),
  ]);
  const pipeline = choosePipeline(config, context.global.pipeline);
  const out = outputFor(pipeline, context);
  const log = await openProgress(context, { problems: "on a terminal", lines: { out, pipeline: pipeline.name } });
  await using parts = await assemble(config, context.global.pipeline, { log });
  let report: RunReport;
  try {
    const approve = approval(context, pipeline.name, () => log.pause());
    report = await sync(parts, { ...runOptions(context, options), ...(approve === undefined ? {} : { approve }) });
  } finally {
    await log[Symbol.asyncDispose]();
  }
  await showReport(report, parts, { ...context, out }, options.all === true);
  if (options.metricsFile !== undefined) {
    const [{ writeMetrics }, { readStatus }] = await Promise.all([import("../metrics-file.ts"), import("./status.ts")]);
    await writeMetrics(context, options.metricsFile, await readStatus(context));
  }
  return exitCodeOf(report.problems, { failed: report.summary.failed });
}

/** Where the report goes: to standard error where the change feed takes standard output. */
export function outputFor(pipeline: Pipeline, { out, err, global }: Context): Output {
  if (!writesToStandardOutput(pipeline)) return out;
  if (global.json !== true && global.ndjson !== true) return err;
  const format = global.json === true ? "--json" : "-o ndjson";
  throw new TidemarkError("usage", `The change feed of this pipeline goes to standard output, which leaves no room for ${format}.`, {
    remedy: `Leave ${format} out, or give the target a file.`,
  });
}

function writesToStandardOutput({ target }: Pipeline): boolean {
  return target.type === "changefeed" && target.path === "-";
}

/** Prints the report of a run that has just ended, with its first steps, for people, as JSON or as the last of JSON Lines. */
export async function showReport(report: RunReport, parts: Parts, { global, out }: Context, all: boolean): Promise<void> {
  if (global.json === true) {
    const [{ resultJson }, { runReportJson }] = await Promise.all([
      import("../views/json/envelope.ts"),
      import("../views/json/run-report.ts"),
    ]);
    await out.write(resultJson(runReportJson(report)));
  } else if (global.ndjson === true) {
    const [{ lineText }, { runReportJson }] = await Promise.all([import("../views/json/lines.ts"), import("../views/json/run-report.ts")]);
    await out.write(lineText({ type: "report", ...runReportJson(report) }));
  } else {
    const { runReportText } = await import("../views/human/run-report.ts");
    await out.write(runReportText(report, out, { all, steps: await stepsOf(report, parts, all), verbose: global.verbose !== undefined }));
  }
}

/** What the run did, from the audit trail, in the order it was done. */
async function stepsOf({ run_id, summary }: RunReport, parts: Parts, all: boolean): Promise<readonly HistoryRecord[]> {
  const { created, modified, schema_changed, metadata_changed, deleted, failed, withheld } = summary;
  const steps = created + modified + schema_changed + metadata_changed + deleted + failed + withheld;
  if (steps === 0) return [];
  await using reader = await parts.store.reader();
  const records = await reader.history({ limit: steps });
  const own = records.filter((record) => record.run_id === run_id).toReversed();
  return all ? own : own.slice(0, STEPS_SHOWN);
}
