import type { Command } from "commander";
import type { ExitCode } from "../../engine/exit-code.ts";
import type { Act, Context } from "../context.ts";
import { addExamples } from "../help-text.ts";
import { readConfig } from "../open-pipeline.ts";

export function define(command: Command, act: Act): void {
  command.description("Checks and shows the configuration.");
  const validate = command
    .command("validate")
    .description("Checks the configuration: exit code 0 if it is fine, 1 with file, line and key of each mistake.")
    .action(act(validateConfig));
  const show = command
    .command("show")
    .description(
      "Shows the configuration with every default filled in. What comes from the environment is shown as the reference that is written.",
    )
    .option("--origin", "each setting on a line of its own, with where it comes from: file and line, environment, or default")
    .action(act(showConfig));
  const schema = command
    .command("schema")
    .description("Prints the JSON Schema of the configuration, for editors.")
    .action(act(printSchema));
  addExamples(validate, [["tidemark config validate --config prod.yaml", "before it is deployed"]]);
  addExamples(show, [
    ["tidemark config show --pipeline hr", "what holds for one pipeline"],
    ["tidemark config show --origin", "and where each setting comes from"],
  ]);
  addExamples(
    schema,
    [["tidemark config schema > tidemark.schema.json", "beside tidemark.yaml"]],
    "An editor with a YAML language server completes and checks tidemark.yaml when its\nfirst line is: # yaml-language-server: $schema=./tidemark.schema.json",
  );
  addExamples(command, [
    ["tidemark config validate", "check ./tidemark.yaml"],
    ["tidemark config show", "all of it, defaults filled in"],
    ["tidemark config schema > tidemark.schema.json", "for completion in an editor"],
  ]);
}

async function validateConfig(context: Context): Promise<ExitCode> {
  const config = await readConfig(context);
  const names = config.pipelines.map((pipeline) => pipeline.name);
  if (context.global.json === true) {
    const { resultJson } = await import("../views/json/envelope.ts");
    await context.out.write(resultJson({ valid: true, file: config.file, pipelines: names }));
  } else {
    const { counted } = await import("../views/human/text.ts");
    await context.out.write(`${config.file} is valid: ${counted(names.length, "pipeline")} (${names.join(", ")}).\n`);
  }
  return 0;
}

async function showConfig(context: Context, { origin = false }: { readonly origin?: boolean }): Promise<ExitCode> {
  if (origin) return await showOrigins(context);
  const [config, { shownConfig }] = [await readConfig(context), await import("../../config/show.ts")];
  const shown = shownConfig(config, context.global.pipeline);
  if (context.global.json === true) {
    const { resultJson } = await import("../views/json/envelope.ts");
    await context.out.write(resultJson(shown));
  } else {
    const { stringify } = await import("yaml");
    await context.out.write(stringify(shown));
  }
  return 0;
}

async function showOrigins(context: Context): Promise<ExitCode> {
  const { global, out, env } = context;
  const [config, { configOrigins }] = [await readConfig(context), await import("../../config/origins.ts")];
  const pipelines = configOrigins(config, global.pipeline, env);
  if (global.json === true) {
    const { resultJson } = await import("../views/json/envelope.ts");
    await out.write(resultJson({ file: config.file, pipelines }));
  } else {
    const { originsText } = await import("../views/human/origins.ts");
    await out.write(originsText(config.file, pipelines, out));
  }
  return 0;
}

async function printSchema({ out, global }: Context): Promise<ExitCode> {
  const [{ configJsonSchema }, { resultJson }] = await Promise.all([
    import("../../config/json-schema.ts"),
    import("../views/json/envelope.ts"),
  ]);
  const schema = configJsonSchema();
  await out.write(global.json === true ? resultJson({ schema }) : `${JSON.stringify(schema, null, 2)}\n`);
  return 0;
}
