import type { Command } from "commander";
import type { ExitCode } from "../../../engine/exit-code.ts";
import type { Replaced, Replacement } from "../../../engine/restore.ts";
import { askLeave } from "../../consent.ts";
import type { Act, Context } from "../../context.ts";
import { addExamples, wholeNumber } from "../../help-text.ts";
import { print } from "../../print.ts";
import { counted, number } from "../../views/human/text.ts";
import { chooseBackup, openTools } from "./open-tools.ts";

export function defineRestore(command: Command, act: Act): void {
  const restore = command
    .command("restore")
    .argument("[file]", "a backup: a name that `checkpoint backup --list` shows, or a path; without it the newest")
    .description(
      "Puts a backup in the state's place, after it was read and proved. Says first what would be lost. The state that is there gets a backup of its own and moves into quarantine/. The first sync after it scans the target and deletes nothing.",
    )
    .option("--generation <n>", "the backup of this generation", wholeNumber(1))
    .action(
      act<{ readonly generation?: number }>(async (context, { generation }, [file]) => await restoreState(context, { file, generation })),
    );
  addExamples(
    restore,
    [
      ["tidemark checkpoint restore", "the newest backup; asks first"],
      ["tidemark checkpoint restore --generation 41 --yes", "unasked"],
    ],
    "Exit codes: 0 restored, 5 a run holds the lease, 1 the backup is damaged, of another\nlineage, or nobody gave leave.",
  );
}

async function restoreState(
  context: Context,
  chosen: { readonly file?: string | undefined; readonly generation?: number | undefined },
): Promise<ExitCode> {
  const tools = await openTools(context);
  const { lookAtRestore, restore } = await import("../../../engine/restore.ts");
  const input = await chooseBackup(context, tools, {
    ...(chosen.file === undefined ? {} : { file: chosen.file }),
    ...(chosen.generation === undefined ? {} : { generation: chosen.generation }),
  });
  const found = await lookAtRestore(tools, input);
  await askLeave(
    context,
    [
      `${input.name}: ${counted(found.header.checkpoints, "checkpoint")} of generation ${found.header.generation}, made ${found.header.made_at}.`,
      lossSentence(found),
    ],
    "Restore it?",
  );
  const restored = await restore(tools, input, found);
  await print(context, { ...restored, loss: found.loss }, replacedText("Restored", restored));
  return 0;
}

/** What would be lost, in one sentence. */
export function lossSentence({ current, unreadable, loss }: Replacement): string {
  if (unreadable !== null) return `The state that is there cannot be read (${unreadable}) and moves into quarantine/.`;
  if (current === null || loss === null) return "There is no state yet: nothing is lost.";
  const { generations, forgotten, returned, changed } = loss;
  const parts = [
    forgotten === 0 ? "" : `forget ${counted(forgotten, "checkpoint")}`,
    returned === 0 ? "" : `bring back ${number(returned)} that ${returned === 1 ? "is" : "are"} gone`,
    changed === 0 ? "" : `put ${counted(changed, "checkpoint")} back to ${changed === 1 ? "an earlier version" : "earlier versions"}`,
    generations === 0 ? "" : `go ${generations > 0 ? "back" : "on"} ${counted(Math.abs(generations), "generation")}`,
  ].filter((part) => part !== "");
  const would = parts.length === 0 ? "change nothing of" : `${parts.join(", ")} of`;
  return `It would ${would} the state that is there (generation ${current.generation}, ${counted(current.checkpoints, "checkpoint")}).`;
}

/** What was done, and what comes next. */
export function replacedText(done: string, { checkpoints, pipeline, generation, set_aside, backup }: Replaced): string {
  const lines = [
    `${done} ${counted(checkpoints, "checkpoint")} of pipeline ${pipeline}; the state is at generation ${generation}.`,
    ...(backup === null ? [] : [`The state before has a backup: ${backup.file}.`]),
    ...(set_aside === null ? [] : [`The state before lies in ${set_aside}.`]),
    "The next sync scans the target and deletes nothing; the one after it does.",
  ];
  return lines.join("\n");
}
