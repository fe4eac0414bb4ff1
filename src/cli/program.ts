import { Command, CommanderError, Option } from "commander";
import type { ExitCode } from "../engine/exit-code.ts";
import { COMMANDS, GLOBAL_OPTIONS, type GlobalOptions } from "./commands.ts";
import type { Act, Context } from "./context.ts";
import { reportFailure } from "./failure.ts";
import { formatIn, globalOptions, noLines } from "./output-format.ts";
import { rootHelp, version } from "./root-help.ts";
import { resultJson } from "./views/json/envelope.ts";

export type Host = Pick<Context, "cwd" | "env" | "out" | "err" | "stdin" | "signal">;

/** Parses the arguments, runs the command and reports what went wrong. Resolves to the exit code. */
export async function runProgram(args: readonly string[], host: Host): Promise<ExitCode> {
  let exit: ExitCode = 0;
  const act: Act =
    (work) =>
    async (...given) => {
      const command = given.at(-1) as Command;
      const global = globalOptions(command);
      const context = { ...host, global, mayAsk: mayAsk(host, global) };
      exit = await work(context, command.opts<Parameters<typeof work>[1]>(), command.args);
    };
  try {
    const program = await buildProgram(act, (name) => args.includes(name));
    const printed: string[] = [];
    forEachCommand(program, (command) =>
      command.configureOutput({ writeOut: (text) => printed.push(text), writeErr: () => undefined }).exitOverride(),
    );
    try {
      await program.parseAsync(args, { from: "user" });
    } catch (error) {
      if (!(error instanceof CommanderError) || error.exitCode !== 0) throw error;
      const [text, format] = [printed.join(""), formatIn(args)];
      if (format === "ndjson") throw noLines("Help");
      const result = error.code === "commander.version" ? { version: version() } : { help: text };
      await host.out.write(format === "json" ? resultJson(result) : text);
    }
    return exit;
  } catch (error) {
    return await reportFailure(error, args, host);
  }
}

/** The commander tree. Commands that are not `needed` have a name and a summary only. */
export async function buildProgram(act: Act, needed: (name: string) => boolean): Promise<Command> {
  const program = new Command("tidemark")
    .helpOption("-h, --help", "print help")
    .helpCommand("help [command]", "print help of a command")
    .version(version(), "-V, --version", "print the version")
    // Also a terminal of 60 columns has room for both columns: by default nothing is wrapped there.
    .configureHelp({ showGlobalOptions: true, minWidthToWrap: 24 });
  for (const { flags, description, choices, counted } of GLOBAL_OPTIONS) {
    const option = new Option(flags, description);
    if (choices !== undefined) option.choices(choices);
    if (counted === true) option.argParser((_given, before: number | undefined) => (before ?? 0) + 1);
    program.addOption(option);
  }
  program.helpInformation = () => rootHelp(process.stdout.columns);
  for (const { name, summary, load } of COMMANDS) {
    const command = program
      .command(name)
      .summary(summary)
      .description(`${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`);
    if (needed(name)) (await load()).define(command, act);
  }
  return program;
}

/** Visits a command and all below it. */
export function forEachCommand(command: Command, visit: (command: Command) => void): void {
  visit(command);
  for (const child of command.commands) forEachCommand(child, visit);
}

function mayAsk(host: Host, { input, yes, json, ndjson }: GlobalOptions): boolean {
  const terminal = (host.stdin as NodeJS.ReadStream).isTTY === true && host.err.isTerminal;
  return terminal && input && yes !== true && json !== true && ndjson !== true && (host.env["CI"] ?? "") === "";
}
