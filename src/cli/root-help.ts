import { COMMANDS, GLOBAL_OPTIONS } from "./commands.ts";

export { version } from "../config/version.ts";

/** What `tidemark --help` says. Made of the command table alone, so that it needs no command's code. */
export function rootHelp(): string {
  const commands = COMMANDS.map(({ name, summary }) => [name, summary] as const);
  const options = [
    ...GLOBAL_OPTIONS.map(({ flags, description }) => [flags, description] as const),
    ["-V, --version", "print the version"],
    ["-h, --help", "print help, of a command too"],
  ] as const;
  return `Keeps a target data catalog in step with a source: SAP Datasphere → AWS Glue.

Usage: tidemark <command> [options]

Commands:
${columns(commands)}

Options of every command:
${columns(options)}

Examples:
  tidemark demo                 see it work, on sample data and a local sandbox
  tidemark init                 write a tidemark.yaml to begin with
  tidemark plan                 show what a sync would do
  tidemark sync --json          bring the target in step, the result as JSON

\`tidemark <command> --help\` shows a command's options, examples and exit codes.
`;
}

function columns(rows: readonly (readonly [left: string, right: string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length)) + 2;
  return rows.map(([left, right]) => `  ${left.padEnd(width)}${right}`).join("\n");
}
