import { writeFile } from "node:fs/promises";
import { dirname, relative, resolve, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Command } from "commander";
import type { ExitCode } from "../../engine/exit-code.ts";
import { TidemarkError } from "../../model/errors.ts";
import type { Act, Context } from "../context.ts";
import { addExamples } from "../help-text.ts";
import { type Answers, configText, DEFAULT_ANSWERS } from "../init-template.ts";

/** Each answer may be given as an option; what is not given is asked on a terminal, and else takes its default. */
export interface InitOptions {
  readonly name?: string;
  readonly path?: string;
  readonly region?: string;
  readonly endpoint?: string;
  readonly prefix?: string;
}

export function define(command: Command, act: Act): void {
  command
    .description("Writes a commented tidemark.yaml to begin with (or the file that --config names). Asks on a terminal; never overwrites.")
    .option("--name <name>", `name of the pipeline (default: ${DEFAULT_ANSWERS.name})`)
    .option("--path <folder>", `folder of the exported CSN files (default: ${DEFAULT_ANSWERS.path})`)
    .option("--region <region>", `AWS region (default: ${DEFAULT_ANSWERS.region})`)
    .option("--endpoint <url>", "another Glue endpoint than AWS's own, such as a sandbox")
    .option("--prefix <prefix>", `put before each database's name (default: ${DEFAULT_ANSWERS.prefix})`)
    .action(act(writeConfig));
  addExamples(command, [
    ["tidemark init", "asks a few questions"],
    ["tidemark init --yes", "takes the defaults"],
    ["tidemark init --yes --name hr --path ./hr-exports --region us-east-1", "takes these, asks nothing"],
    ["tidemark init --yes --endpoint http://127.0.0.1:4566", "for a local sandbox"],
  ]);
}

async function writeConfig(context: Context, options: InitOptions): Promise<ExitCode> {
  const path = context.global.config ?? "tidemark.yaml";
  const file = resolve(context.cwd, path);
  const answers = context.mayAsk ? await ask(options) : { ...DEFAULT_ANSWERS, ...options };
  await refuseMistakes(answers);
  try {
    await writeFile(file, configText(answers, schemaFor(file)), { flag: "wx" });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") {
      throw new TidemarkError("usage", `${path} exists already, and is not overwritten.`, {
        remedy: "Move it away, or name another file with --config.",
      });
    }
    throw new TidemarkError("usage", `${path} cannot be written: ${(error as Error).message}.`, {
      remedy: "Name a file in a folder that is there and may be written to, with --config.",
      cause: error,
    });
  }
  if (context.global.json === true) {
    const { resultJson } = await import("../views/json/envelope.ts");
    await context.out.write(resultJson({ file, pipeline: answers.name }));
  } else {
    await context.out.write(`Wrote ${path} with pipeline ${answers.name}. Next: \`tidemark plan\` shows what a first sync would do.\n`);
  }
  return 0;
}

/** Where the shipped JSON Schema is, seen from the file: by a relative path where the package is installed beside it, else by its address on this machine. */
function schemaFor(file: string): string {
  const schema = fileURLToPath(new URL("../../../schema/tidemark.schema.json", import.meta.url));
  const way = relative(dirname(file), schema);
  return way.startsWith("..") || resolve(way) === way ? pathToFileURL(schema).href : `./${way.split(sep).join("/")}`;
}

/** An answer that makes no valid configuration is refused here, not by the first command that reads the file. */
async function refuseMistakes(answers: Answers): Promise<void> {
  const [{ checkConfig }, { parseConfig }, { PIPELINE_NAME }] = await Promise.all([
    import("../../config/check.ts"),
    import("../../config/document.ts"),
    import("../../config/schema.ts"),
  ]);
  const { name } = answers;
  if (!PIPELINE_NAME.test(name)) {
    const plain = name.replaceAll(/[^A-Za-z0-9_-]+/g, "-").replaceAll(/^-+|-+$/g, "");
    throw new TidemarkError("usage", `A pipeline cannot be named ${JSON.stringify(name)}: a name is made of letters, digits, _ and -.`, {
      remedy: `Give another, such as \`--name ${plain === "" ? DEFAULT_ANSWERS.name : plain}\`.`,
    });
  }
  const checked = checkConfig(parseConfig(configText(answers, ""), {}));
  if (!checked.ok)
    throw new TidemarkError(
      "usage",
      `The answers make no valid configuration: ${checked.issues.map(({ message }) => message).join("; ")}.`,
      { remedy: "Run `tidemark init` again with others." },
    );
}

async function ask(given: InitOptions): Promise<Answers> {
  const { cancel, isCancel, text } = await import("@clack/prompts");
  const answer = async (
    message: string,
    known: string | undefined,
    byDefault: string,
    check?: (value: string) => string | undefined,
  ): Promise<string> => {
    if (known !== undefined) return known;
    const said = await text({
      message,
      placeholder: byDefault,
      defaultValue: byDefault,
      output: process.stderr,
      ...(check === undefined ? {} : { validate: (value) => check(value ?? "") }),
    });
    if (!isCancel(said)) return said;
    cancel("Nothing was written.", { output: process.stderr });
    throw new TidemarkError("interrupted", "Interrupted; nothing was written.", { remedy: "Run again; --no-input takes the defaults." });
  };
  const name = await answer("Name of the pipeline", given.name, DEFAULT_ANSWERS.name, (value) =>
    /^[A-Za-z0-9_-]*$/.test(value) ? undefined : "Letters, digits, _ and - only",
  );
  const path = await answer("Folder of the exported CSN files", given.path, DEFAULT_ANSWERS.path);
  const region = await answer("AWS region", given.region, DEFAULT_ANSWERS.region);
  const endpoint = await answer("Another endpoint than AWS's own (empty for none)", given.endpoint, "");
  const prefix = await answer("Prefix of the databases' names", given.prefix, DEFAULT_ANSWERS.prefix);
  return { name, path, region, prefix, ...(endpoint === "" ? {} : { endpoint }) };
}
