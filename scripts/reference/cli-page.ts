import type { Command } from "commander";
import { buildProgram, forEachCommand } from "../../src/cli/program.ts";
import { rootHelp } from "../../src/cli/root-help.ts";
import { generatedNote } from "./generated-note.ts";

/** Every command's help, as a terminal of 80 columns shows it. */
export async function cliPage(): Promise<string> {
  const program = await buildProgram(
    () => async () => undefined,
    () => true,
  );
  const sections: string[] = [];
  forEachCommand(program, (command) => {
    if (command !== program && command.name() !== "help") sections.push(`## ${pathOf(command)}\n\n${block(helpOf(command))}`);
  });
  return `${generatedNote("src/cli/commands")}

# Command line

${block(rootHelp())}

The options of every command may stand before or behind its name.

${sections.join("\n")}`;
}

function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;
}

function helpOf(command: Command): string {
  let text = "";
  command.configureHelp({ showGlobalOptions: false });
  command.configureOutput({ writeOut: (part) => (text += part), getOutHelpWidth: () => 80, getOutHasColors: () => false });
  command.outputHelp();
  return text;
}

function block(text: string): string {
  return `\`\`\`text\n${text.trim()}\n\`\`\`\n`;
}
