import { type Command, InvalidArgumentError } from "commander";

/** Ends a command's help with examples: the command line and what it is for. */
export function addExamples(
  command: Command,
  examples: readonly (readonly [line: string, purpose: string])[],
  further: string = "",
): Command {
  const width = Math.max(...examples.map(([line]) => line.length)) + 2;
  const lines = examples.map(([line, purpose]) => `  ${line.padEnd(width)}${purpose}`);
  return command.addHelpText("after", `\nExamples:\n${lines.join("\n")}\n${further === "" ? "" : `\n${further}\n`}`);
}

/** Reads a whole number from the command line; for commander's argument parsers. */
export function wholeNumber(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || !Number.isSafeInteger(value) || value < least)
      throw new InvalidArgumentError(`It must be a whole number, at least ${least}.`);
    return value;
  };
}
