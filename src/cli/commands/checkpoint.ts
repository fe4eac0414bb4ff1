import type { Command } from "commander";
import type { ExitCode } from "../../engine/exit-code.ts";
import { TidemarkError } from "../../model/errors.ts";
import type { Act, Context } from "../context.ts";
import { addExamples } from "../help-text.ts";
import { openState, readConfig, readPipeline } from "../open-pipeline.ts";
import { print } from "../print.ts";
import { openProgress } from "../progress.ts";
import { defineMigrate } from "./checkpoint-migrate.ts";
import { counted, safe } from "../views/human/text.ts";
import { defineBackup } from "./checkpoint/backup.ts";
import { defineDiff } from "./checkpoint/diff.ts";
import { defineRestore } from "./checkpoint/restore.ts";
import { defineShow } from "./checkpoint/show.ts";
import { defineTransfer } from "./checkpoint/transfer.ts";
import { defineUpkeep } from "./checkpoint/upkeep.ts";
import { exitOfVerification, verified } from "./verify.ts";

interface RebuildArguments {
  readonly lineage?: string;
  readonly setAside?: true;
}

/** How many of a damaged state's problems are spelled out. */
const PROBLEMS_SHOWN = 20;

export function define(command: Command, act: Act): void {
  command.description(
    "Looks at the checkpoints of a pipeline: what was last applied, asset by asset. Checks them, backs them up, restores, repairs, moves and rebuilds them. What changes the state says first what would be lost, and needs --yes where nobody can be asked.",
  );
  const list = command
    .command("list")
    .description("Lists the checkpoints in the order of the assets' ids. Opens the state for reading only.")
    .action(act(listCheckpoints));
  defineShow(command, act);
  const verify = command
    .command("verify")
    .description(
      "Checks the whole state: every page, every row, every count, and the copy and the journal that a damaged one falls back to. Exit code 6 with the reasons and the way out if any is damaged; with --deep also 2 where the target drifted.",
    )
    .option("--deep", "compare it with the target too, and prove every backup")
    .action(act<{ readonly deep?: true }>(async (context, { deep }) => await verifyState(context, deep === true)));
  defineDiff(command, act);
  defineBackup(command, act);
  defineRestore(command, act);
  defineUpkeep(command, act);
  const rebuild = command
    .command("rebuild")
    .description(
      "Recovers a lost or damaged state from this pipeline's marks in the target. The next sync deletes nothing, and writes nothing where source and target are in step.",
    )
    .option("--lineage <id>", "the history to adopt, where the target bears marks of several")
    .option("--set-aside", "move the state that is there into quarantine/ first; a damaged one also with --yes")
    .action(act<RebuildArguments>(async (context, options) => await rebuildState(context, options)));
  defineTransfer(command, act);
  const forget = command
    .command("forget")
    .description(
      "Drops the checkpoint of one asset and leaves its table as it is. The next sync finds the table by its mark and goes on with it.",
    )
    .argument("<asset>", "its id, such as SALES.Orders")
    .action(act(async (context, _options: object, [asset = ""]) => await forgetAsset(context, asset)));
  defineMigrate(command, act);
  addExamples(list, [
    ["tidemark checkpoint list", "one line an asset"],
    ["tidemark checkpoint list --json", "with the reference's nine fields"],
  ]);
  addExamples(verify, [["tidemark checkpoint verify", "before a backup, or after a disk gave trouble"]]);
  addExamples(rebuild, [
    ["tidemark checkpoint rebuild", "after the state was lost"],
    ["tidemark checkpoint rebuild --set-aside", "after it was damaged"],
  ]);
  addExamples(forget, [["tidemark checkpoint forget SALES.Orders", "compare its table anew in the next sync"]]);
  addExamples(command, [
    ["tidemark checkpoint list --json", "with the reference's nine fields"],
    ["tidemark checkpoint verify", "whether all of it can be trusted"],
    ["tidemark checkpoint rebuild", "make it anew from the target"],
  ]);
}

async function listCheckpoints(context: Context): Promise<ExitCode> {
  const pipeline = await readPipeline(context);
  await using reader = await openState(pipeline);
  // Opening is where damaged state says so; nothing is printed before.
  const head = await reader.head();
  if (context.global.json === true) {
    const { checkpointsJson } = await import("../views/json/checkpoints.ts");
    await context.out.writeAll(checkpointsJson(pipeline.name, head === null ? null : reader));
  } else if (context.global.ndjson === true) {
    const { checkpointLines } = await import("../views/json/checkpoints.ts");
    await context.out.writeAll(checkpointLines(pipeline.name, head === null ? null : reader));
  } else {
    const { checkpointsText } = await import("../views/human/checkpoints.ts");
    await context.out.writeAll(checkpointsText(pipeline.name, head === null ? null : reader));
  }
  return 0;
}

async function verifyState(context: Context, deep: boolean): Promise<ExitCode> {
  const pipeline = await readPipeline(context);
  const { openStore } = await import("../../config/assemble.ts");
  const store = await openStore(pipeline);
  const found = (await store.verify?.()) ?? null;
  if (found !== null && found.problems.length > 0) throw damaged(pipeline.name, found.problems);
  const checkpoints = found?.checkpoints ?? null;
  const sentence =
    checkpoints === null
      ? `Pipeline ${pipeline.name} has no state yet.`
      : `The state of pipeline ${pipeline.name} is intact: ${counted(checkpoints, "checkpoint")}.`;
  if (deep) return await verifyDeep(context, { pipeline: pipeline.name, intact: true, checkpoints }, sentence);
  await print(context, { pipeline: pipeline.name, intact: true, checkpoints }, sentence);
  return 0;
}

/** Beside the state: every backup, and the target. */
async function verifyDeep(context: Context, result: { readonly [key: string]: unknown }, sentence: string): Promise<ExitCode> {
  const [{ openTools }, { proveShelf }] = await Promise.all([import("./checkpoint/open-tools.ts"), import("../../engine/backups.ts")]);
  const proved = await proveShelf((await openTools(context)).shelf);
  return await verified(context, async ({ summary, problems }) => {
    const { checkpoints, edited, missing, added } = summary;
    const lines = [
      sentence,
      `${counted(proved.good, "backup")} can be restored.`,
      ...proved.damaged.map(({ message }) => message),
      `Of ${counted(checkpoints, "table")} in the target, ${edited} edited, ${missing} missing, ${added} added by others. \`tidemark verify\` shows them.`,
    ];
    await print(context, { ...result, backups: proved, target: { summary, problems } }, lines.map(safe).join("\n"));
    return proved.damaged.length > 0 ? 6 : exitOfVerification({ summary, problems });
  });
}

function damaged(pipeline: string, problems: readonly string[]): TidemarkError {
  const shown = problems.slice(0, PROBLEMS_SHOWN);
  const rest = problems.length - shown.length;
  const lines = [`The state of pipeline ${pipeline} is damaged:`, ...shown, ...(rest > 0 ? [`… and ${rest} more.`] : [])];
  return new TidemarkError("state_damaged", lines.join("\n"), {
    remedy:
      "`tidemark sync` falls back to the copy and the journal beside it where it meets the damage and these are whole. Else `tidemark checkpoint repair` takes the newest good backup, and `tidemark checkpoint rebuild --set-aside` makes the state anew from the marks in the target.",
  });
}

async function rebuildState(context: Context, { lineage, setAside }: RebuildArguments): Promise<ExitCode> {
  const { signal, global } = context;
  const config = await readConfig(context);
  const [{ assemble }, { rebuild }] = await Promise.all([import("../../config/assemble.ts"), import("../../engine/rebuild.ts")]);
  await using log = await openProgress(context);
  await using parts = await assemble(config, global.pipeline, { log });
  const may = setAside === true ? { set_aside: "any" as const } : global.yes === true ? { set_aside: "damaged" as const } : {};
  const report = await rebuild(parts, { signal, ...(lineage === undefined ? {} : { lineage }), ...may });
  const moved = report.set_aside === null ? "" : `The state that was there lies in ${report.set_aside}.\n`;
  const rebuilt = `Rebuilt ${counted(report.checkpoints, "checkpoint")} of pipeline ${report.pipeline}, lineage ${safe(report.lineage)}.`;
  await print(context, { ...report }, `${moved}${rebuilt} Next: \`tidemark plan\` shows what differs.`);
  return 0;
}

async function forgetAsset(context: Context, asset_id: string): Promise<ExitCode> {
  const pipeline = await readPipeline(context);
  const [{ openStore }, { systemClock, systemRandom }, { forget }] = await Promise.all([
    import("../../config/assemble.ts"),
    import("../../config/system.ts"),
    import("../../engine/forget.ts"),
  ]);
  const store = await openStore(pipeline);
  await forget({ pipeline: pipeline.name, store, clock: systemClock, random: systemRandom }, asset_id);
  await print(
    context,
    { pipeline: pipeline.name, forgotten: asset_id },
    `Forgot the checkpoint of ${safe(asset_id)}; its table is untouched.`,
  );
  return 0;
}
