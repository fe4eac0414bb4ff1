import { readFile } from "node:fs/promises";
import { dirname, isAbsolute, join, relative, resolve } from "node:path";
import { TidemarkError } from "../model/errors.ts";
import { checkConfig } from "./check.ts";
import { type ConfigIssue, type Path, parseConfig, type Position } from "./document.ts";
import { valueAt } from "./known-keys.ts";
import { type Pipeline, resolvePipeline } from "./pipeline.ts";
import type { Environment } from "./references.ts";
import { didYouMean } from "./suggest.ts";

/** A configuration, checked, with every default filled in and every path absolute. */
export interface Config {
  /** Absolute path of the file. */
  readonly file: string;
  readonly pipelines: readonly Pipeline[];
  /** Paths (joined by "/") whose text came from the environment, with the reference as written: what may be a secret. */
  readonly references: ReadonlyMap<string, string>;
  /** Where in the file a value is written; null where it is not. */
  positionOf(path: Path): Position | null;
}

export interface LoadOptions {
  /** The file to read; without it, `tidemark.yaml` or `tidemark.json` in `cwd`. */
  readonly file?: string;
  readonly cwd: string;
  readonly env: Environment;
}

/** The names that are looked for in the working directory. */
export const CONFIG_FILES = ["tidemark.yaml", "tidemark.json"] as const;

/** Reads and checks the configuration. Throws `config_missing`, or `config_invalid` with a line for each mistake: file, line, column and key. */
export async function loadConfig(options: LoadOptions): Promise<Config> {
  const { file, text } = await readConfigFile(options);
  const document = parseConfig(text, options.env);
  const shown = shownPath(file, options.cwd);
  if (document.issues.length > 0) throw invalid(shown, document.issues);
  const checked = checkConfig(document);
  if (!checked.ok) throw invalid(shown, checked.issues);
  const { config } = checked;
  return {
    file,
    references: document.references,
    positionOf: (path) => (valueAt(document.value, path) === undefined ? null : document.positionOf(path)),
    pipelines: config.pipelines.map((written) => resolvePipeline(config, written, dirname(file))),
  };
}

/** The pipeline of that name; without a name, the only one. */
export function choosePipeline(config: Config, name: string | undefined): Pipeline {
  const names = config.pipelines.map((pipeline) => pipeline.name);
  const [first] = config.pipelines;
  if (name === undefined && first !== undefined && names.length === 1) return first;
  if (name === undefined)
    throw new TidemarkError("usage", `There are several pipelines: ${names.join(", ")}.`, { remedy: "Name one with --pipeline." });
  const found = config.pipelines.find((pipeline) => pipeline.name === name);
  if (found === undefined)
    throw new TidemarkError("usage", `There is no pipeline "${name}"${didYouMean(name, names)}`, {
      remedy: `Pipelines of ${config.file}: ${names.join(", ")}.`,
    });
  return found;
}

async function readConfigFile({ file, cwd }: LoadOptions): Promise<{ file: string; text: string }> {
  if (file !== undefined) {
    const path = resolve(cwd, file);
    return { file: path, text: await readText(path) };
  }
  const found: { file: string; text: string }[] = [];
  for (const name of CONFIG_FILES) {
    const path = join(cwd, name);
    const text = await readText(path, { absent: null });
    if (text !== null) found.push({ file: path, text });
  }
  const [first, second] = found;
  if (first === undefined) {
    throw new TidemarkError("config_missing", `There is no ${CONFIG_FILES.join(" and no ")} in ${cwd}.`, {
      remedy: "Write one with `tidemark init`, or name a file with --config.",
    });
  }
  if (second !== undefined) {
    throw new TidemarkError("config_missing", `There are both ${CONFIG_FILES.join(" and ")} in ${cwd}.`, {
      remedy: "Say which one with --config.",
    });
  }
  return first;
}

async function readText(path: string): Promise<string>;
async function readText(path: string, options: { readonly absent: null }): Promise<string | null>;
async function readText(path: string, options?: { readonly absent: null }): Promise<string | null> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (options !== undefined && (error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw new TidemarkError("config_missing", `The configuration file ${path} cannot be read: ${(error as Error).message}.`, {
      cause: error,
    });
  }
}

function invalid(file: string, issues: readonly ConfigIssue[]): TidemarkError {
  const lines = issues.map(({ line, column, message }) => `${file}:${line}:${column}: ${message}`);
  return new TidemarkError("config_invalid", lines.join("\n"), { remedy: "`tidemark config schema` prints what may stand in the file." });
}

function shownPath(file: string, cwd: string): string {
  const shown = relative(cwd, file);
  return shown.startsWith("..") || isAbsolute(shown) ? file : shown;
}
