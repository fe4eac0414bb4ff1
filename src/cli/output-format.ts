import type { Command } from "commander";
import { TidemarkError } from "../model/errors.ts";
import type { GlobalOptions } from "./commands.ts";

export const OUTPUT_FORMATS = ["text", "json", "ndjson"] as const;

export type OutputFormat = (typeof OUTPUT_FORMATS)[number];

/** The commands whose result comes in parts, so that it can be printed as JSON Lines. */
export const NDJSON_COMMANDS: readonly string[] = ["plan", "changes", "apply", "sync", "history", "runs list", "checkpoint list"];

/** The options of every command as this call means them: `--json` and `-o` are one. */
export function globalOptions(command: Command): GlobalOptions {
  const { output, json, ...rest } = command.optsWithGlobals<Omit<GlobalOptions, "ndjson"> & { readonly output?: OutputFormat }>();
  if (json === true && output !== undefined && output !== "json")
    throw new TidemarkError("usage", `--json and -o ${output} exclude each other.`, { remedy: "Leave one of them out." });
  if (output === "ndjson" && !NDJSON_COMMANDS.includes(pathOf(command))) throw noLines(`\`tidemark ${pathOf(command)}\``);
  return { ...rest, ...(json === true || output === "json" ? { json: true } : {}), ...(output === "ndjson" ? { ndjson: true } : {}) };
}

/** The refusal of a command that has no parts to print one a line. */
export function noLines(what: string): TidemarkError {
  return new TidemarkError("usage", `${what} does not print JSON Lines (-o ndjson). These do: ${NDJSON_COMMANDS.join(", ")}.`, {
    remedy: "Use -o json, or leave -o out.",
  });
}

/** The format that arguments ask for, also where they cannot be parsed: a refusal is told in it. */
export function formatIn(args: readonly string[]): OutputFormat {
  const named = args.map((arg, index) =>
    arg === "--json" ? "json" : arg === "-o" || arg === "--output" ? args[index + 1] : /^(?:-o|--output=)(.+)$/.exec(arg)?.[1],
  );
  return OUTPUT_FORMATS.findLast((format) => format !== "text" && named.includes(format)) ?? "text";
}

/** The command's path without the program's name: `runs list`. */
function pathOf(command: Command): string {
  const { parent } = command;
  return parent === null || parent.parent === null ? command.name() : `${pathOf(parent)} ${command.name()}`;
}
