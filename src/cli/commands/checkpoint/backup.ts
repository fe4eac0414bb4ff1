import type { Command } from "commander";
import type { ExitCode } from "../../../engine/exit-code.ts";
import { TidemarkError } from "../../../model/errors.ts";
import type { Act, Context } from "../../context.ts";
import { addExamples } from "../../help-text.ts";
import { print } from "../../print.ts";
import { bytes, counted, duration, table } from "../../views/human/text.ts";
import { openTools } from "./open-tools.ts";

export function defineBackup(command: Command, act: Act): void {
  const backup = command
    .command("backup")
    .description(
      "Makes a backup of the whole state now, beside those that runs make: one consistent moment, compressed, and read back from the disk before it takes its name. A run may go on meanwhile.",
    )
    .option("--list", "show the backups there are instead, newest first")
    .action(
      act<{ readonly list?: true }>(async (context, { list }) => (list === true ? await listBackups(context) : await makeBackup(context))),
    );
  addExamples(backup, [
    ["tidemark checkpoint backup", "before anything that you are unsure of"],
    ["tidemark checkpoint backup --list", "what can be restored"],
  ]);
}

async function makeBackup(context: Context): Promise<ExitCode> {
  const tools = await openTools(context);
  const { backUp } = await import("../../../engine/backups.ts");
  await using reader = await tools.store.reader();
  const made = await backUp(tools.shelf, reader, tools.clock, "manual");
  if (made === null)
    throw new TidemarkError("usage", `Pipeline ${tools.pipeline} has no state yet: there is nothing to back up.`, {
      remedy: "The first `tidemark sync` makes it.",
    });
  await print(
    context,
    { pipeline: tools.pipeline, place: tools.shelf.place, backup: made },
    `Backed up ${counted(made.checkpoints, "checkpoint")} of generation ${made.generation}: ${made.file}, ${bytes(made.bytes)} in ${duration(made.duration_ms)}.`,
  );
  return 0;
}

async function listBackups(context: Context): Promise<ExitCode> {
  const { pipeline, shelf } = await openTools(context);
  const { shelved } = await import("../../../engine/backups.ts");
  const { backups, damaged } = await shelved(shelf);
  const rows = backups.map((one) => [
    `g${one.generation}`,
    one.made_at,
    one.reason,
    bytes(one.bytes),
    counted(one.checkpoints, "checkpoint"),
    one.file,
  ]);
  const lines = [
    backups.length === 0
      ? `Pipeline ${pipeline} has no backup in ${shelf.place}.`
      : table([["STATE", "MADE", "FOR", "SIZE", "HOLDS", "FILE"], ...rows]),
    ...damaged.map(({ message }) => message),
  ];
  const told = backups.map(({ record: _record, format_version: _version, number: _number, pipeline: _pipeline, ...one }) => one);
  await print(context, { pipeline, place: shelf.place, backups: told, damaged }, lines.join("\n"));
  return 0;
}
