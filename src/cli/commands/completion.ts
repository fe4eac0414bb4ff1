import { Argument, type Command } from "commander";
import type { ExitCode } from "../../engine/exit-code.ts";
import type { Act, Context } from "../context.ts";
import { addExamples } from "../help-text.ts";
import { resultJson } from "../views/json/envelope.ts";

const SHELLS = ["bash", "zsh", "fish"] as const;

export function define(command: Command, act: Act): void {
  command
    .description("Prints a script that lets a shell complete commands and options.")
    .addArgument(new Argument("<shell>", "for which shell").choices(SHELLS))
    .action(act(async (context, _options, [shell]) => await printScript(context, shell as (typeof SHELLS)[number])));
  addExamples(command, [
    ["source <(tidemark completion bash)", "in ~/.bashrc"],
    ["source <(tidemark completion zsh)", "in ~/.zshrc, behind compinit"],
    ["tidemark completion fish | source", "in config.fish"],
  ]);
}

async function printScript({ out, global }: Context, shell: (typeof SHELLS)[number]): Promise<ExitCode> {
  const [{ buildProgram }, { completionScript }] = await Promise.all([import("../program.ts"), import("../completion-script.ts")]);
  const program = await buildProgram(
    () => async () => undefined,
    () => true,
  );
  const script = completionScript(program, shell);
  await out.write(global.json === true ? resultJson({ shell, script }) : script);
  return 0;
}
