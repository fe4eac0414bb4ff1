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

const UNITS: { readonly [unit: string]: number } = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Reads a span of time such as `90m` as milliseconds; for commander's argument parsers. */
export function timeSpan(text: string): number {
  const [, amount = "", unit = ""] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  const ms = Number(amount) * (UNITS[unit] ?? 0);
  if (ms === 0) throw new InvalidArgumentError("It must be a number of seconds, minutes, hours or days above 0, such as 90m, 2h or 1d.");
  return ms;
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
