import type { JudgedPlan } from "../engine/parts.ts";
import { TidemarkError } from "../model/errors.ts";
import type { Context } from "./context.ts";
import { changeLines } from "./views/human/change-lines.ts";
import { counted, number } from "./views/human/text.ts";

/** How many deletions are shown before the question. */
const SHOWN = 10;

/**
 * What asks before a plan that deletes is carried out: the pipeline's name is to be typed, because a "yes" is typed in passing. Undefined
 * where nobody may be asked (no terminal, `--yes`, `--no-input`, CI): then the guard's limits alone decide.
 */
export function approval(
  context: Context,
  pipeline: string,
  pause: () => void = () => undefined,
): ((plan: JudgedPlan) => Promise<void>) | undefined {
  if (!context.mayAsk) return undefined;
  return async (plan) => {
    if (plan.summary.deleted === 0) return;
    pause();
    await context.err.write(`${(await deletionLines(plan, context)).join("\n")}\n`);
    await askForTheName(`This deletes ${counted(plan.summary.deleted, "table")} of pipeline ${pipeline}`, pipeline, context);
  };
}

/** Asks for the pipeline's name, and throws where another or none is typed. */
export async function askForTheName(message: string, pipeline: string, { signal }: Pick<Context, "signal">): Promise<void> {
  const { isCancel, text } = await import("@clack/prompts");
  const answer = await text({ message: `${message}. Type the pipeline's name to go on`, output: process.stderr, signal });
  if (isCancel(answer))
    throw new TidemarkError("interrupted", "Interrupted; nothing was written.", {
      remedy: "Run again and type the name, or pass --yes, if it is meant.",
    });
  if (answer.trim() !== pipeline)
    throw new TidemarkError("usage", `"${answer}" is not the pipeline's name, ${pipeline}; nothing was written.`, {
      remedy: "Run again and type the name, or pass --yes.",
    });
}

async function deletionLines(plan: JudgedPlan, { err }: Context): Promise<readonly string[]> {
  const lines: string[] = [];
  let seen = 0;
  for await (const page of plan.records()) {
    for (const record of page) {
      if (record.record !== "step" || record.step.kind !== "delete") continue;
      seen++;
      if (seen <= SHOWN) lines.push(...changeLines(record.step.change, err, false));
    }
  }
  return seen > SHOWN ? [...lines, err.paint("dim", `  … ${number(seen - SHOWN)} more: \`tidemark plan --all\` shows them`)] : lines;
}
