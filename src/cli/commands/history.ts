import { type Command, Option } from "commander";
import type { ExitCode } from "../../engine/exit-code.ts";
import { TidemarkError } from "../../model/errors.ts";
import type { Act, Context } from "../context.ts";
import { addExamples, wholeNumber } from "../help-text.ts";
import { openState, readPipeline } from "../open-pipeline.ts";
import { HISTORY_FORMATS, historyExport, historyPages, type HistoryFormat } from "../views/history-export.ts";

interface HistoryArguments {
  readonly limit?: number;
  readonly format?: HistoryFormat;
}

/** Steps that are shown where no number is given; an export has all. */
const SHOWN = 50;

export function define(command: Command, act: Act): void {
  command
    .description("Shows the audit trail: every step that was applied, failed or was recovered, newest first.")
    .argument("[asset]", "only of this asset, such as SALES.Orders")
    .option("--limit <n>", `how many steps (default: ${SHOWN}; with --format or -o ndjson all)`, wholeNumber(1))
    .addOption(new Option("--format <format>", "export it: JSON Lines, or CSV safe for spreadsheets").choices(HISTORY_FORMATS))
    .action(act<HistoryArguments>(async (context, options, [asset]) => await showHistory(context, asset, options)));
  addExamples(command, [
    ["tidemark history", "the last fifty steps"],
    ["tidemark history SALES.Orders --limit 5", "the last five of one asset"],
    ["tidemark history --json", "with the fingerprints before and after"],
    ["tidemark history --format csv > history.csv", "all of it, for a spreadsheet"],
  ]);
}

async function showHistory(context: Context, asset: string | undefined, { limit, format }: HistoryArguments): Promise<ExitCode> {
  const { json, ndjson } = context.global;
  if (format !== undefined && (json === true || ndjson === true))
    throw new TidemarkError("usage", `--format and ${json === true ? "--json" : "-o ndjson"} exclude each other.`, {
      remedy: "Leave one of them out.",
    });
  const pipeline = await readPipeline(context);
  await using reader = await openState(pipeline);
  const which = asset === undefined ? {} : { asset_id: asset };
  const extent = { ...which, ...(limit === undefined ? {} : { limit }) };
  if (format !== undefined) {
    await context.out.writeAll(historyExport(reader, format, extent));
    return 0;
  }
  if (ndjson === true) {
    const { listLines } = await import("../views/json/lines.ts");
    await context.out.writeAll(listLines(pipeline.name, { type: "step", counted: "steps" }, historyPages(reader, extent)));
    return 0;
  }
  const history = await reader.history({ ...which, limit: limit ?? SHOWN });
  if (json === true) {
    const { resultJson } = await import("../views/json/envelope.ts");
    await context.out.write(resultJson({ pipeline: pipeline.name, history }));
  } else {
    const { historyText } = await import("../views/human/history.ts");
    await context.out.write(historyText(history, asset));
  }
  return 0;
}
