import { TidemarkError } from "../model/errors.ts";
import type { Context } from "./context.ts";
import { safe } from "./views/human/text.ts";

/** Says what is about to be lost, and goes on only with leave: `--yes`, or a "yes" on a terminal. */
export async function askLeave(context: Context, lines: readonly string[], question: string): Promise<void> {
  const { yes = false, quiet = false } = context.global;
  if (!yes && !context.mayAsk)
    throw new TidemarkError("usage", `${lines.join(" ")} Nothing was changed.`, { remedy: "If it is meant, pass --yes." });
  if (!quiet || context.mayAsk) await context.err.write(lines.map((line) => `${safe(line)}\n`).join(""));
  if (yes) return;
  const { confirm, isCancel } = await import("@clack/prompts");
  const answer = await confirm({ message: question, initialValue: false, output: process.stderr, signal: context.signal });
  if (isCancel(answer) || !answer)
    throw new TidemarkError("interrupted", "Interrupted; nothing was changed.", {
      remedy: "Run again and say yes, or pass --yes, if it is meant.",
    });
}
