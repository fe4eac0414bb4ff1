import { type Command, Option } from "commander";
import type { ExitCode } from "../../engine/exit-code.ts";
import { TidemarkError } from "../../model/errors.ts";
import type { Act, Context } from "../context.ts";
import { addExamples } from "../help-text.ts";
import { readPipeline } from "../open-pipeline.ts";

interface MigrateOptions {
  readonly to: "sqlite" | "json" | "postgres";
}

export function defineMigrate(checkpoint: Command, act: Act): void {
  const migrate = checkpoint
    .command("migrate")
    .description(
      "Moves the state to another store, whose settings stand in the configuration: reads it under its lease, builds and proves it there, and sets the old one aside. The next sync deletes nothing.",
    )
    .addOption(new Option("--to <store>", "the store to move it to").choices(["sqlite", "json", "postgres"]).makeOptionMandatory())
    .action(act<MigrateOptions>(migrateCheckpoints));
  addExamples(migrate, [["tidemark checkpoint migrate --to postgres", "then set storage_type to postgres"]]);
}

async function migrateCheckpoints({ global, out, ...context }: Context, { to }: MigrateOptions): Promise<ExitCode> {
  const pipeline = await readPipeline({ global, out, ...context });
  const { name, checkpoint_management } = pipeline;
  if (checkpoint_management.storage_type === to)
    throw new TidemarkError("usage", `Pipeline ${name} keeps its state in ${to} already.`, { remedy: "Nothing is to be done." });
  const [{ openStore, openStoreToMoveTo }, { migrateState }] = await Promise.all([
    import("../../config/assemble.ts"),
    import("../../engine/migrate-state.ts"),
  ]);
  const { head, left_behind } = await migrateState(name, await openStore(pipeline), await openStoreToMoveTo(pipeline, to));
  if (global.json === true) {
    const { resultJson } = await import("../views/json/envelope.ts");
    await out.write(resultJson({ pipeline: name, to, generation: head.generation, left_behind }));
  } else {
    const old = left_behind === null ? "" : ` The old one lies in ${left_behind}.`;
    await out.write(
      `Moved the state of pipeline ${name} to ${to}, generation ${head.generation}.${old} Next: set storage_type to ${to}.\n`,
    );
  }
  return 0;
}
