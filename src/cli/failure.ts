import { CommanderError } from "commander";
import { type ExitCode, exitCodeOf } from "../engine/exit-code.ts";
import { TidemarkError } from "../model/errors.ts";
import { COMMANDS } from "./commands.ts";
import type { Host } from "./program.ts";
import { safe } from "./views/human/text.ts";
import { formatIn } from "./output-format.ts";
import { failureJson, failureLine } from "./views/json/envelope.ts";

/** Tells what ended a command: a sentence and its way out on standard error, with `-o json` and `-o ndjson` also as a value on standard output. */
export async function reportFailure(error: unknown, args: readonly string[], { out, err, signal }: Host): Promise<ExitCode> {
  const failure = asFailure(error, args, signal);
  const format = args.includes("fingerprint") ? "text" : formatIn(args);
  if (format === "json") await out.write(`${failureJson(failure)}\n`);
  if (format === "ndjson") await out.write(failureLine(failure));
  await err.write(`${err.paint("red", "error:")} ${failure.message.split("\n").map(safe).join("\n       ")}\n`);
  await err.write(`${safe(failure.remedy)}\n`);
  if (failure.code === "internal" && isVerbose(args)) await err.write(`${String((error as Error).stack)}\n`);
  return exitCodeOf([], { failure: failure.code });
}

function asFailure(error: unknown, args: readonly string[], signal: AbortSignal): TidemarkError {
  if (error instanceof TidemarkError) return error;
  if (error instanceof CommanderError) return usageError(error, args);
  if (signal.aborted && signal.reason instanceof TidemarkError) return signal.reason;
  const message = error instanceof Error ? error.message : String(error);
  const remedy = isVerbose(args)
    ? "This is a defect in Tidemark: report it, with where it happened."
    : "This is a defect in Tidemark. Run again with -v to see where it happened, and report it.";
  return new TidemarkError("internal", message, { remedy, cause: error });
}

function usageError(error: CommanderError, args: readonly string[]): TidemarkError {
  const named = COMMANDS.find(({ name }) => args.includes(name))?.name;
  const help = named === undefined ? "tidemark --help" : `tidemark ${named} --help`;
  const message = error.code === "commander.help" ? whatIsMissing(args, named) : sentence(error.message);
  return new TidemarkError("usage", /[.?]$/.test(message) ? message : `${message}.`, { remedy: `See \`${help}\`.`, cause: error });
}

// commander says the same of a group without its sub-command and of `help` for a command that is not there.
function whatIsMissing(args: readonly string[], named: string | undefined): string {
  if (named !== undefined) return `\`tidemark ${named}\` needs a sub-command`;
  const asked = args.slice(args.indexOf("help") + 1).find((arg) => !arg.startsWith("-"));
  return `There is no command '${asked}'`;
}

// commander's own form is "error: unknown option '--jsn'", with "(Did you mean --json?)" in a line of its own.
function sentence(message: string): string {
  const text = message.replace(/^error: /, "").replace(/\n\((.*)\)$/s, ". $1");
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

function isVerbose(args: readonly string[]): boolean {
  return args.some((arg) => arg === "--verbose" || /^-v+$/.test(arg));
}
