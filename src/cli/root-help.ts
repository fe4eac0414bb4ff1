import { COMMANDS, GLOBAL_OPTIONS } from "./commands.ts";

export { version } from "../config/version.ts";

/** What `tidemark --help` says, in so many columns. Made of the command table alone, so that it needs no command's code. */
export function rootHelp(width: number = USUAL): string {
  const commands = COMMANDS.map(({ name, summary }) => [name, summary] as const);
  const options = [
    ...GLOBAL_OPTIONS.map(({ flags, description }) => [flags, description] as const),
    ["-V, --version", "print the version"],
    ["-h, --help", "print help, of a command too"],
  ] as const;
  return `${wrapped("Keeps a target data catalog in step with a source: SAP Datasphere → AWS Glue.", width)}

Usage: tidemark <command> [options]

Commands:
${columns(commands, width)}

Options of every command:
${columns(options, width)}

Examples:
${columns(EXAMPLES, width)}

${wrapped("`tidemark <command> --help` shows a command's options, examples and exit codes.", width)}
`;
}

const USUAL = 82;

const EXAMPLES = [
  ["tidemark demo", "see it work, on sample data and a local sandbox"],
  ["tidemark init", "write a tidemark.yaml to begin with"],
  ["tidemark plan", "show what a sync would do"],
  ["tidemark sync --json", "bring the target in step, the result as JSON"],
] as const;

function columns(rows: readonly (readonly [left: string, right: string])[], width: number): string {
  const indent = Math.max(...rows.map(([left]) => left.length)) + 4;
  return rows.map(([left, right]) => `  ${left.padEnd(indent - 2)}${wrapped(right, width, indent)}`).join("\n");
}

/** Text that begins at a column, its further lines below its beginning. A word that is too long for a line stands alone in it. */
function wrapped(text: string, width: number, indent: number = 0): string {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last === undefined || indent + last.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines.join(`\n${" ".repeat(indent)}`);
}
