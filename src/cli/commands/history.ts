import type { Command } from "commander";
import type { ExitCode } from "../../engine/exit-code.ts";
import type { Act, Context } from "../context.ts";
import { addExamples, wholeNumber } from "../help-text.ts";
import { openState, readPipeline } from "../open-pipeline.ts";

export function define(command: Command, act: Act): void {
  command
    .description("Shows the audit trail: every step that was applied, failed or was recovered, newest first.")
    .argument("[asset]", "only of this asset, such as SALES.Orders")
    .option("--limit <n>", "how many steps", wholeNumber(1), 50)
    .action(act<{ readonly limit: number }>(async (context, { limit }, [asset]) => await showHistory(context, asset, limit)));
  addExamples(command, [
    ["tidemark history", "the last fifty steps"],
    ["tidemark history SALES.Orders --limit 5", "the last five of one asset"],
    ["tidemark history --json", "with the fingerprints before and after"],
  ]);
}

async function showHistory(context: Context, asset: string | undefined, limit: number): Promise<ExitCode> {
  const pipeline = await readPipeline(context);
  await using reader = await openState(pipeline);
  const history = await reader.history({ limit, ...(asset === undefined ? {} : { asset_id: asset }) });
  if (context.global.json === true) {
    const { resultJson } = await import("../views/json/envelope.ts");
    await context.out.write(resultJson({ pipeline: pipeline.name, history }));
  } else {
    const { historyText } = await import("../views/human/history.ts");
    await context.out.write(historyText(history, asset));
  }
  return 0;
}
