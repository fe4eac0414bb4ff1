import type { Command } from "commander";
import type { ExitCode } from "../../engine/exit-code.ts";
import type { StateHead } from "../../model/checkpoint.ts";
import type { RunReport } from "../../model/report.ts";
import type { Act, Context } from "../context.ts";
import { addExamples } from "../help-text.ts";
import { openState, readPipeline } from "../open-pipeline.ts";

/** What is known of a pipeline's state without asking source or target. */
export interface Status {
  readonly pipeline: string;
  /** Null before the first sync. */
  readonly state:
    | (Pick<StateHead, "lineage" | "generation" | "clean" | "source_system" | "listings"> & {
        readonly checkpoints: number;
        readonly open_intents: number;
      })
    | null;
  readonly last_run: RunReport | null;
}

export function define(command: Command, act: Act): void {
  command
    .description(
      "Shows what the state of a pipeline holds, how complete the last listing was, and how the last run ended. Asks neither source nor target.",
    )
    .action(act(showStatus));
  addExamples(command, [
    ["tidemark status", "the only pipeline in ./tidemark.yaml"],
    ["tidemark status --json | jq .state.generation", "for programs"],
  ]);
}

async function showStatus(context: Context): Promise<ExitCode> {
  const status = await readStatus(context);
  if (context.global.json === true) {
    const [{ resultJson }, { runReportJson }] = await Promise.all([
      import("../views/json/envelope.ts"),
      import("../views/json/run-report.ts"),
    ]);
    await context.out.write(resultJson({ ...status, last_run: status.last_run === null ? null : runReportJson(status.last_run) }));
  } else {
    const { statusText } = await import("../views/human/status.ts");
    await context.out.write(statusText(status, context.out));
  }
  return 0;
}

async function readStatus(context: Context): Promise<Status> {
  const pipeline = await readPipeline(context);
  await using reader = await openState(pipeline);
  const head = await reader.head();
  if (head === null) return { pipeline: pipeline.name, state: null, last_run: null };
  const { lineage, generation, clean, source_system, listings } = head;
  const [checkpoints, intents, [last]] = [await reader.count(), await reader.intents(), await reader.runs(1)];
  return {
    pipeline: pipeline.name,
    state: { lineage, generation, clean, source_system, checkpoints, open_intents: intents.length, listings },
    last_run: last ?? null,
  };
}
