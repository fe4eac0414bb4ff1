import { resolve } from "node:path";
import type { Command } from "commander";
import type { ExitCode } from "../../../engine/exit-code.ts";
import type { ReferenceCheckpoints } from "../../../engine/reference-checkpoints.ts";
import { TidemarkError } from "../../../model/errors.ts";
import type { Json } from "../../../model/json.ts";
import { askLeave } from "../../consent.ts";
import type { Act, Context } from "../../context.ts";
import { addExamples } from "../../help-text.ts";
import { readConfig } from "../../open-pipeline.ts";
import { print } from "../../print.ts";
import { openProgress } from "../../progress.ts";
import { bytes, counted, safe } from "../../views/human/text.ts";
import { openTools } from "./open-tools.ts";
import { lossSentence, replacedText } from "./restore.ts";

interface ImportOptions {
  readonly force?: true;
  readonly lineage?: string;
}

export function defineTransfer(command: Command, act: Act): void {
  const exported = command
    .command("export")
    .argument("[file]", "where to; without it standard output. Compressed where it ends with .zst")
    .description("Writes the whole state as JSON Lines, as backups have it: to look into, to keep elsewhere, to import into another store.")
    .action(act(async (context, _options: object, [file]) => await exportTo(context, file)));
  const imported = command
    .command("import")
    .argument("<file>", "an export or a backup, or the checkpoints of the original Python program")
    .description(
      "Takes a state from a file. Says first what would be lost; the state that is there gets a backup and moves into quarantine/. Of the original program's checkpoints identity, times and versions are taken; the next sync compares with the target, and writes nothing where it is equal.",
    )
    .option("--force", "also one of another lineage, or older than the state that is there")
    .option("--lineage <id>", "of the original program's checkpoints: the history to adopt, where the target bears marks of several")
    .action(act<ImportOptions>(async (context, options, [file = ""]) => await importFrom(context, options, file)));
  addExamples(exported, [
    ["tidemark checkpoint export | head", "what it looks like"],
    ["tidemark checkpoint export state.ndjson.zst", "compressed"],
  ]);
  addExamples(imported, [
    ["tidemark checkpoint import state.ndjson.zst", "where there is no state yet"],
    ["tidemark checkpoint import datasphere_checkpoints.json", "of the original program"],
  ]);
}

async function exportTo(context: Context, file: string | undefined): Promise<ExitCode> {
  const { store, pipeline, clock } = await openTools(context);
  const [{ backupText }, { exportState }] = await Promise.all([
    import("../../../engine/backup-file.ts"),
    import("../../../engine/export-state.ts"),
  ]);
  await using reader = await store.reader();
  const head = await reader.head();
  if (head === null)
    throw new TidemarkError("usage", `Pipeline ${pipeline} has no state yet: there is nothing to export.`, {
      remedy: "The first `tidemark sync` makes it.",
    });
  const { source_system, lineage, generation } = head;
  const checkpoints = await reader.count();
  const header = { number: 0, pipeline, source_system, lineage, generation, checkpoints, made_at: new Date(clock.now()).toISOString() };
  const text = backupText({ ...header, reason: "export" }, exportState(reader));
  if (file === undefined) {
    await context.out.writeAll(text);
    return 0;
  }
  const { writeStateFile } = await import("../../../config/state-files.ts");
  const size = await writeStateFile(resolve(context.cwd, file), text);
  await print(
    context,
    { pipeline, file, generation, checkpoints, bytes: size },
    `Exported ${counted(checkpoints, "checkpoint")} of generation ${generation} to ${file}, ${bytes(size)}.`,
  );
  return 0;
}

async function importFrom(context: Context, options: ImportOptions, file: string): Promise<ExitCode> {
  const path = resolve(context.cwd, file);
  const { jsonDocument, stateFile } = await import("../../../config/state-files.ts");
  const document = await jsonDocument(path);
  if (document !== null) return await importReferenceFile(context, options, document, file);
  const tools = await openTools(context);
  const [{ lookAtImport }, { restore }] = await Promise.all([
    import("../../../engine/import-state.ts"),
    import("../../../engine/restore.ts"),
  ]);
  const input = { ...stateFile(path), name: file };
  const found = await lookAtImport(tools, input, options.force === true);
  if (found.current !== null || found.unreadable !== null) await askLeave(context, [lossSentence(found)], "Import it?");
  const imported = await restore(tools, input, found);
  await print(context, { ...imported, loss: found.loss, skipped: [] }, replacedText("Imported", imported));
  return 0;
}

async function importReferenceFile(context: Context, { force, lineage }: ImportOptions, document: Json, file: string): Promise<ExitCode> {
  const config = await readConfig(context);
  const [{ assemble }, { importReference, lookAtReference }] = await Promise.all([
    import("../../../config/assemble.ts"),
    import("../../../engine/import-state.ts"),
  ]);
  await using log = await openProgress(context);
  await using parts = await assemble(config, context.global.pipeline, { log });
  const read: ReferenceCheckpoints = await lookAtReference(parts, document, file, force === true);
  if (force === true) await askLeave(context, ["A state that is there moves into quarantine/ and is not read any more."], "Import it?");
  const report = await importReference(parts, read, file, { signal: context.signal, ...(lineage === undefined ? {} : { lineage }) });
  const lines = [
    `Imported ${counted(report.checkpoints, "checkpoint")} of the original program into pipeline ${report.pipeline}, lineage ${safe(report.lineage)}.`,
    ...report.skipped.map((sentence) => `Left out: ${safe(sentence)}`),
    ...(report.set_aside === null ? [] : [`The state before lies in ${report.set_aside}.`]),
    "The next sync compares with the target: what is equal there is not written.",
  ];
  await print(context, { ...report }, lines.join("\n"));
  return 0;
}
