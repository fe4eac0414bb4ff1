import { z } from "zod";
import { DATABASE_TEMPLATE, DEFAULT_TEMPLATES, leavesPrefixOut, PREFIX, TABLE_TEMPLATE } from "../connectors/glue/naming-templates.ts";
import { isWritableType } from "../connectors/glue/type-rules.ts";
import { checkDatasphereSource, DATASPHERE_SOURCE } from "./datasphere-source.ts";
import { GLUE_CONNECTION } from "./glue-connection.ts";
import { copiesOntoItself } from "./onto-itself.ts";
import { SECTION_SCHEMAS } from "./section-schemas.ts";
import type { WrittenConfig } from "./written-config.ts";

/** What the name of a pipeline is made of. */
export const PIPELINE_NAME: RegExp = /^[A-Za-z0-9_-]+$/;

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

const datasphere = z
  .strictObject({ type: z.literal("datasphere").meta({ description: "A live SAP Datasphere tenant." }), ...DATASPHERE_SOURCE })
  .superRefine(checkDatasphereSource);

const glueSource = z.strictObject({
  type: z.literal("glue").meta({ description: "AWS Glue Data Catalog: each database is a space." }),
  ...GLUE_CONNECTION,
  databases: z
    .array(text)
    .min(1, { error: "names no database" })
    .exactOptional()
    .meta({
      default: ["*"],
      description: "Databases by name, or by pattern with `*` and `?` (`sales_*`). Names alone need no permission to list databases.",
    }),
  tables: z.enum(["own", "foreign", "all"]).exactOptional().meta({
    default: "all",
    description: "Which tables: those that bear Tidemark's marks, whichever pipeline wrote them; those that do not; or all.",
  }),
  identity: z.enum(["place", "asset"]).exactOptional().meta({
    default: "place",
    description:
      "What an asset is called: as its table stands in Glue, or, of tables that Tidemark wrote, as the asset that their marks name (`tables` is then `own`).",
  }),
});

const glue = z
  .strictObject({
    type: z.literal("glue").meta({ description: "AWS Glue Data Catalog." }),
    ...GLUE_CONNECTION,
    database_prefix: z
      .string()
      .regex(PREFIX, { error: "must be letters, digits and _ only" })
      .exactOptional()
      .meta({ default: "", description: "What `{prefix}` stands for in `database`." }),
    database: z
      .string()
      .regex(DATABASE_TEMPLATE, { error: "must be {prefix}, {space}, letters, digits and _ only" })
      .exactOptional()
      .meta({ default: DEFAULT_TEMPLATES.database, description: "Template of the databases' names." }),
    table: z
      .string()
      .regex(TABLE_TEMPLATE, { error: "must be {name}, and {space}, letters, digits and _ only" })
      .exactOptional()
      .meta({ default: DEFAULT_TEMPLATES.table, description: "Template of the tables' names, of `{name}` and `{space}`." }),
    strings: z
      .enum(["varchar", "string"])
      .exactOptional()
      .meta({ default: "varchar", description: "How texts with a length are typed: `varchar` keeps the length visible." }),
    types: z
      .record(text, z.string().refine(isWritableType, { error: "must be a type of Hive in lower case without blanks, such as char(36)" }))
      .exactOptional()
      .meta({ description: "Glue types by source type, instead of those of the type map: `{cds.UUID: char(36)}`." }),
    database_tags: z
      .record(z.string().min(1).max(128), z.string().max(256))
      .refine((tags) => Object.keys(tags).length <= 50, { error: "must be at most 50 tags" })
      .exactOptional()
      .meta({ description: "Tags that a database gets when it is made." }),
    skip_archive: z.literal([true, false, "unless_schema"]).exactOptional().meta({
      default: true,
      description: "Whether updates leave no archived table version. `unless_schema` archives where columns change.",
    }),
    look_before_first_update: z.boolean().exactOptional().meta({
      default: false,
      description:
        "Whether a table that was never updated is read before it is. A table that somebody dropped and made anew bears the same version.",
    }),
    delete_empty_databases: z
      .boolean()
      .exactOptional()
      .meta({ default: false, description: "Whether a database that this pipeline made is deleted with its last table." }),
  })
  .superRefine((target, context) => {
    if (leavesPrefixOut(target))
      context.addIssue({
        code: "custom",
        path: ["database_prefix"],
        message: "has no place in the template `database`; write {prefix} there",
      });
  });

const csnTarget = z.strictObject({
  type: z.literal("csn").meta({ description: "A folder of CSN files that SAP Datasphere imports." }),
  path: text.meta({ description: "The folder, relative to this file. Each space gets a sub-folder, each asset a file in it." }),
});

const changefeed = z.strictObject({
  type: z.literal("changefeed").meta({ description: "A file of changes as JSON Lines, with RFC 6902 patches." }),
  path: text.meta({
    description:
      "The file, relative to this one, to which changes are appended; `-` for standard output, which leaves no room for `--json`.",
  }),
});

const pipeline = z
  .strictObject({
    name: z
      .string()
      .regex(PIPELINE_NAME, { error: "a pipeline's name is made of letters, digits, _ and -" })
      .meta({ description: "Name of the pipeline. It keys the checkpoints: another name is another history." }),
    source: z.discriminatedUnion("type", [csn, datasphere, glueSource]).meta({ description: "Where assets are read." }),
    target: z.discriminatedUnion("type", [glue, csnTarget, changefeed]).meta({ description: "Where assets are written." }),
    ...SECTION_SCHEMAS,
  })
  .superRefine(({ source, target }, context) => {
    if (source.type === "glue" && target.type === "glue" && copiesOntoItself(source, target))
      context.addIssue({
        code: "custom",
        path: ["target"],
        message:
          "may be the catalog that the source reads, and would hold databases that the source's `databases` match, so that every run would copy its own copies; give another `region`, `endpoint` or `catalog_id` on both sides, or a `database_prefix` that they do not match",
      });
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
