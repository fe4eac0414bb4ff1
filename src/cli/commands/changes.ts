import type { Command } from "commander";
import { type ExitCode, exitCodeOf } from "../../engine/exit-code.ts";
import type { Changes } from "../../engine/find-changes.ts";
import type { Act, Context } from "../context.ts";
import { addExamples } from "../help-text.ts";
import { readConfig } from "../open-pipeline.ts";
import { openProgress } from "../progress.ts";

export function define(command: Command, act: Act): void {
  command
    .description(
      "Shows which assets the source holds otherwise than they were applied, and in which facets, by their hashes alone: several times faster than a plan where much changed. It compares no fields, and knows nothing of what others did to the target: that is for `tidemark plan` to say. Writes nothing.",
    )
    .option("--all", "cut no list")
    .action(act(async (context, { all = false }: { readonly all?: boolean }) => await changesAndShow(context, all)));
  addExamples(
    command,
    [
      ["tidemark changes", "of the only pipeline in ./tidemark.yaml"],
      ["tidemark changes -q && echo nothing new", "in a script: exit code 0 only where nothing changed"],
      ["tidemark changes --json | jq .summary", "for programs"],
      ["tidemark changes -o ndjson | grep schema", "one change a line, as it is found"],
    ],
    "Exit codes: 0 nothing changed, 2 there are changes or an asset cannot be read,\n6 state damaged or lost, 8 the source is incomplete, 1 error.",
  );
}

async function changesAndShow(context: Context, all: boolean): Promise<ExitCode> {
  const config = await readConfig(context);
  const [{ assemble }, { findChanges }] = await Promise.all([import("../../config/assemble.ts"), import("../../engine/find-changes.ts")]);
  const log = await openProgress(context, { problems: "nowhere" });
  await using parts = await assemble(config, context.global.pipeline, { log });
  let changes: Changes;
  try {
    changes = await findChanges(parts, { signal: context.signal });
  } finally {
    await log[Symbol.asyncDispose]();
  }
  await using found = changes;
  await show(found, context, all);
  return exitCodeOf(found.problems, { planned: found.summary });
}

async function show(changes: Changes, { global, out }: Context, all: boolean): Promise<void> {
  if (global.json === true || global.ndjson === true) {
    const { changesJson, changesLines } = await import("../views/json/changes.ts");
    await out.writeAll(global.json === true ? changesJson(changes) : changesLines(changes));
  } else {
    const { changesText } = await import("../views/human/changes.ts");
    await out.writeAll(changesText(changes, out, { all }));
  }
}
