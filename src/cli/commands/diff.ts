import type { Command } from "commander";
import { type ExitCode, exitCodeOf, strongest } from "../../engine/exit-code.ts";
import type { Comparison } from "../../engine/compare-asset.ts";
import type { Act, Context } from "../context.ts";
import { addExamples } from "../help-text.ts";
import { readConfig } from "../open-pipeline.ts";
import { openProgress } from "../progress.ts";

export function define(command: Command, act: Act): void {
  command
    .description(
      "Shows one asset on its three sides: as the source has it now, as it was last applied, and as its table stands in the target. Writes nothing.",
    )
    .argument("<asset>", "its id, such as SALES.Orders")
    .action(act(async (context, _options: object, [asset = ""]) => await showDifference(context, asset)));
  addExamples(
    command,
    [
      ["tidemark diff SALES.Orders", "what differs, field by field"],
      ["tidemark diff SALES.Orders --json", "for programs"],
    ],
    "Exit codes: 0 all three sides are in step, 2 they differ, 1 error.",
  );
}

async function showDifference(context: Context, asset: string): Promise<ExitCode> {
  const config = await readConfig(context);
  const [{ assemble }, { compareAsset }] = await Promise.all([import("../../config/assemble.ts"), import("../../engine/compare-asset.ts")]);
  const log = await openProgress(context, { problems: "nowhere" });
  await using parts = await assemble(config, context.global.pipeline, { log });
  let comparison: Comparison;
  try {
    comparison = await compareAsset(parts, asset, { signal: context.signal });
  } finally {
    await log[Symbol.asyncDispose]();
  }
  if (context.global.json === true) {
    const [{ resultJson }, { problemJson }] = await Promise.all([import("../views/json/envelope.ts"), import("../views/json/plan.ts")]);
    await context.out.write(resultJson({ ...comparison, problems: comparison.problems.map(problemJson) }));
  } else {
    const { comparisonText } = await import("../views/human/comparison.ts");
    await context.out.write(comparisonText(comparison, context.out));
  }
  return strongest(new Set([exitCodeOf(comparison.problems), comparison.differs ? 2 : 0]));
}
