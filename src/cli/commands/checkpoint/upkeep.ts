import type { Command } from "commander";
import type { ExitCode } from "../../../engine/exit-code.ts";
import { TidemarkError } from "../../../model/errors.ts";
import { askLeave } from "../../consent.ts";
import type { Act, Context } from "../../context.ts";
import { addExamples, wholeNumber } from "../../help-text.ts";
import { print } from "../../print.ts";
import { counted, safe } from "../../views/human/text.ts";
import { openTools } from "./open-tools.ts";
import { lossSentence, replacedText } from "./restore.ts";

interface PruneOptions {
  readonly before?: string;
  readonly keep?: number;
}

export function defineUpkeep(command: Command, act: Act): void {
  const prune = command
    .command("prune")
    .description(
      "Drops history, versions and run reports that are older than a day, and backups that newer ones supersede. Never a checkpoint, and never what belongs to the newest runs. Says first what goes.",
    )
    .option("--before <day>", "drop what is older than this day, such as 2026-03-01 (default: backup_retention_days ago)")
    .option("--keep <n>", "keep the newest n runs in any case", wholeNumber(1))
    .action(act<PruneOptions>(async (context, options) => await pruneState(context, options)));
  const repair = command
    .command("repair")
    .description(
      "Reads the whole state. Where it is damaged, puts in its place what its copy and journal tell, else the newest good backup, and says what would be lost before it does. The damaged files move into quarantine/.",
    )
    .action(act(repairState));
  const unlock = command
    .command("unlock")
    .description("Shows who holds the pipeline's lease. It frees nothing: the lease ends with the process or the connection that holds it.")
    .action(act(showLease));
  addExamples(prune, [["tidemark checkpoint prune --before 2026-01-01 --yes", "unasked"]]);
  addExamples(repair, [["tidemark checkpoint repair", "after `checkpoint verify` found damage"]]);
  addExamples(unlock, [["tidemark checkpoint unlock", "after exit code 5"]]);
}

async function pruneState(context: Context, { before, keep }: PruneOptions): Promise<ExitCode> {
  const { store, upkeep, clock, pipeline } = await openTools(context);
  const [{ DAY }, { dropBackups, RUNS_ALWAYS_KEPT }] = await Promise.all([
    import("../../../engine/own-time.ts"),
    import("../../../engine/upkeep.ts"),
  ]);
  const time = before === undefined ? clock.now() - upkeep.retention_days * DAY : Date.parse(before);
  if (Number.isNaN(time)) throw new TidemarkError("usage", `--before ${String(before)} is no day.`, { remedy: "Write it as 2026-03-01." });
  const [moment, kept] = [new Date(time).toISOString(), keep ?? RUNS_ALWAYS_KEPT];
  await askLeave(
    context,
    [
      `This drops history, versions and reports of runs before ${moment}, but not of the newest ${counted(kept, "run")}; and backups but the newest seven and one a day of the last ${counted(upkeep.retention_days, "day")}. What a revert or a diff needs of that time is gone.`,
    ],
    "Drop it?",
  );
  await using lease = await store.acquire();
  if ((await lease.head()) === null)
    throw new TidemarkError("usage", `Pipeline ${pipeline} has no state yet: there is nothing to prune.`, {
      remedy: "The first `tidemark sync` makes it.",
    });
  const pruned = await lease.prune({ before: moment, keep: kept });
  const backups = await dropBackups({ log: { event: () => undefined } }, upkeep);
  await print(
    context,
    { pipeline, before: moment, ...pruned, backups },
    `Dropped ${counted(pruned.history, "line of history", "lines of history")}, ${counted(pruned.versions, "version")}, ${counted(pruned.runs, "run report")} and ${counted(backups, "backup")}.`,
  );
  return 0;
}

async function repairState(context: Context): Promise<ExitCode> {
  const tools = await openTools(context);
  const { pipeline, store } = tools;
  const problems = await problemsOf(tools);
  if (problems === null || problems.length === 0) {
    await print(
      context,
      { pipeline, repaired: null },
      problems === null
        ? `Pipeline ${pipeline} has no state yet.`
        : `The state of pipeline ${pipeline} is intact: there is nothing to repair.`,
    );
    return 0;
  }
  const found = `The state of pipeline ${pipeline} is damaged: ${problems[0]}`;
  await askLeave(
    context,
    [
      found,
      "It is made again from its copy and journal, which lose nothing that a run was told to be durable; where these are damaged too, the newest good backup is looked for. The damaged files move into quarantine/.",
    ],
    "Repair it?",
  );
  const damaged = (await store.fallBack?.()) ?? null;
  if (damaged !== null) {
    await print(
      context,
      { pipeline, repaired: "journal", set_aside: damaged },
      `Repaired from the copy and the journal; the damaged files lie in ${damaged}. The next sync deletes nothing.`,
    );
    return 0;
  }
  return await repairFromBackup(context, tools, found);
}

/** Null where there is no state. */
async function problemsOf({ store }: Awaited<ReturnType<typeof openTools>>): Promise<readonly string[] | null> {
  try {
    const found = (await store.verify?.()) ?? null;
    return found === null ? null : found.problems;
  } catch (error) {
    if (error instanceof TidemarkError && (error.code === "state_damaged" || error.code === "state_lost")) return [error.message];
    throw error;
  }
}

async function repairFromBackup(context: Context, tools: Awaited<ReturnType<typeof openTools>>, found: string): Promise<ExitCode> {
  const [{ fromShelf, shelved }, { lookAtReplacement, restore }] = await Promise.all([
    import("../../../engine/backups.ts"),
    import("../../../engine/restore.ts"),
  ]);
  for (const { file } of (await shelved(tools.shelf)).backups) {
    const input = fromShelf(tools.shelf, file);
    try {
      const replacement = await lookAtReplacement(tools, input);
      await askLeave(context, [`Copy and journal cannot be used. ${file} is good.`, lossSentence(replacement)], "Restore it?");
      const restored = await restore(tools, input, replacement);
      await print(context, { ...restored, repaired: "backup", loss: replacement.loss }, replacedText("Repaired: restored", restored));
      return 0;
    } catch (error) {
      if (!(error instanceof TidemarkError) || error.code !== "input_invalid") throw error;
      await context.err.write(`${safe(error.message)}\n`);
    }
  }
  throw new TidemarkError(
    "state_damaged",
    `${found} Neither its copy and journal nor any backup can take its place; nothing was changed.`,
    {
      remedy: "Make the state anew from the marks in the target with `tidemark checkpoint rebuild --set-aside`.",
    },
  );
}

async function showLease(context: Context): Promise<ExitCode> {
  const { settings, pipeline } = await openTools(context);
  const { leaseHolder } = await import("../../../config/lease-holder.ts");
  const holder = await leaseHolder(settings);
  const who =
    holder === null
      ? "Nobody holds"
      : typeof holder === "string"
        ? holder
        : `Process ${holder.pid} on ${holder.host} since ${holder.since} holds`;
  const sentence = typeof holder === "string" ? holder : `${who} the lease of pipeline ${pipeline}.`;
  const how =
    settings.checkpoint_management.storage_type === "postgres"
      ? "with the connection that holds it"
      : "with the process that holds it, however that ends";
  await print(context, { pipeline, holder }, `${sentence} There is nothing to unlock by hand: the lease ends ${how}.`);
  return 0;
}
