import { z } from "zod";
import { SECTION_SCHEMAS } from "./section-schemas.ts";
import type { WrittenConfig } from "./written-config.ts";

const PIPELINE_NAME = /^[A-Za-z0-9_-]+$/;

const text = z.string().min(1);

const csn = z.strictObject({
  type: z.literal("csn").meta({ description: "Exported CSN files." }),
  path: text.meta({
    description:
      "Folder of the exports, relative to this file. Each sub-folder is a space; `*.json` is an export, `*.ndjson` one definition a line.",
  }),
  space: z
    .string()
    .regex(/^[A-Za-z0-9_]+$/, { error: "a space's name is made of letters, digits and _" })
    .exactOptional()
    .meta({ description: "The space of files that lie in the folder itself." }),
});

const glue = z.strictObject({
  type: z.literal("glue").meta({ description: "AWS Glue Data Catalog." }),
  region: text.exactOptional().meta({ description: "AWS region. Left out: what the AWS environment says." }),
  endpoint: z
    .string()
    .refine(isHttpUrl, { error: 'must be a URL such as "http://127.0.0.1:4566"' })
    .exactOptional()
    .meta({ description: "Another endpoint than AWS's own, such as a sandbox." }),
  catalog_id: text
    .exactOptional()
    .meta({ description: "Id of the catalog, as a rule the 12-digit account number, in quotes. Left out: the caller's own." }),
  database_prefix: z
    .string()
    .regex(/^[A-Za-z0-9_]{0,200}$/, { error: "must be letters, digits and _ only" })
    .exactOptional()
    .meta({ default: "", description: "Put before each space's name to make the database's." }),
  strings: z
    .enum(["varchar", "string"])
    .exactOptional()
    .meta({ default: "varchar", description: "How texts with a length are typed: `varchar` keeps the length visible." }),
  skip_archive: z.boolean().exactOptional().meta({ default: true, description: "Whether updates leave no archived table version." }),
});

const changefeed = z.strictObject({
  type: z.literal("changefeed").meta({ description: "A file of changes as JSON Lines, with RFC 6902 patches." }),
  path: text.meta({
    description:
      "The file, relative to this one, to which changes are appended; `-` for standard output, which leaves no room for `--json`.",
  }),
});

const pipeline = z.strictObject({
  name: z
    .string()
    .regex(PIPELINE_NAME, { error: "a pipeline's name is made of letters, digits, _ and -" })
    .meta({ description: "Name of the pipeline. It keys the checkpoints: another name is another history." }),
  source: z.discriminatedUnion("type", [csn]).meta({ description: "Where assets are read." }),
  target: z.discriminatedUnion("type", [glue, changefeed]).meta({ description: "Where assets are written." }),
  ...SECTION_SCHEMAS,
});

/** The whole of `tidemark.yaml`. Defaults are told in the JSON Schema and filled in by {@link resolvePipeline}. */
export const configSchema: z.ZodType<WrittenConfig> = z
  .strictObject({
    $schema: text
      .exactOptional()
      .meta({ description: "Where an editor finds the JSON Schema of a `tidemark.json`. Tidemark does not look at it." }),
    pipelines: z
      .array(pipeline)
      .min(1, { error: "names no pipeline" })
      .superRefine(uniqueNames)
      .meta({ description: "The pipelines of this file. A section below may be repeated in a pipeline: its keys win there." }),
    ...SECTION_SCHEMAS,
  })
  .meta({ title: "Tidemark configuration" });

// Names that differ in case only would share a folder where the file system folds case.
function uniqueNames(pipelines: readonly { readonly name: string }[], context: z.core.$RefinementCtx): void {
  const seen = new Map<string, number>();
  for (const [index, { name }] of pipelines.entries()) {
    const first = seen.get(name.toLowerCase());
    if (first === undefined) seen.set(name.toLowerCase(), index);
    else
      context.addIssue({
        code: "custom",
        path: [index, "name"],
        message: `"${name}" is the name of pipelines[${first}] already; names differ in more than case`,
      });
  }
}

function isHttpUrl(value: string): boolean {
  return URL.canParse(value) && ["http:", "https:"].includes(new URL(value).protocol);
}
