import type { Command } from "commander";
import type { ExitCode } from "../../engine/exit-code.ts";
import type { Act, Context } from "../context.ts";
import { addExamples } from "../help-text.ts";
import { openState, readPipeline } from "../open-pipeline.ts";

export function define(command: Command, act: Act): void {
  command.description("Looks at the checkpoints of a pipeline: what was last applied, asset by asset. Opens the state for reading only.");
  const list = command.command("list").description("Lists the checkpoints in the order of the assets' ids.").action(act(listCheckpoints));
  addExamples(list, [
    ["tidemark checkpoint list", "one line an asset"],
    ["tidemark checkpoint list --json", "with the reference's nine fields"],
  ]);
  addExamples(command, [["tidemark checkpoint list --json", "with the reference's nine fields"]]);
}

async function listCheckpoints(context: Context): Promise<ExitCode> {
  const pipeline = await readPipeline(context);
  await using reader = await openState(pipeline);
  // Opening is where damaged state says so; nothing is printed before.
  const head = await reader.head();
  if (context.global.json === true) {
    const { checkpointsJson } = await import("../views/json/checkpoints.ts");
    await context.out.writeAll(checkpointsJson(pipeline.name, head === null ? null : reader));
  } else {
    const { checkpointsText } = await import("../views/human/checkpoints.ts");
    await context.out.writeAll(checkpointsText(pipeline.name, head === null ? null : reader));
  }
  return 0;
}
