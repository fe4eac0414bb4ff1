import { z } from "zod";
import { HASH_ALGORITHMS } from "../model/fingerprint.ts";
import { Secret } from "./secret.ts";
import { DEFAULTS, type Sections } from "./sections.ts";

/** A configuration as it is written: sections and keys may be left out. */
export interface WrittenConfig extends WrittenSections {
  readonly $schema?: string;
  readonly pipelines: readonly WrittenPipeline[];
}

export interface WrittenPipeline extends WrittenSections {
  readonly name: string;
  readonly source: SourceConfig;
  readonly target: TargetConfig;
}

export type WrittenSections = { readonly [Name in keyof Sections]?: Written<Sections[Name]> };

// Of a section with named keys, each may be left out; a word or a map of people's own keys is written whole.
type Written<Section> = Section extends string ? Section : string extends keyof Section ? Section : Partial<Section>;

export type SourceConfig = CsnSourceConfig;

/** A folder of CSN exports; each sub-folder is a space. */
export interface CsnSourceConfig {
  readonly type: "csn";
  /** Absolute after loading. */
  readonly path: string;
  /** The space of files that lie in the folder itself. */
  readonly space?: string;
}

export type TargetConfig = GlueTargetConfig | ChangefeedTargetConfig;

/** An AWS Glue Data Catalog, or something that speaks its protocol. Credentials come by the SDK's default chain. */
export interface GlueTargetConfig {
  readonly type: "glue";
  readonly region?: string;
  readonly endpoint?: string;
  readonly catalog_id?: string;
  readonly database_prefix?: string;
  readonly strings?: "varchar" | "string";
  readonly skip_archive?: boolean;
}

/** An append-only file of changes, for people who feed systems of their own. */
export interface ChangefeedTargetConfig {
  readonly type: "changefeed";
  /** Absolute after loading; `-` for standard output. */
  readonly path: string;
}

export const PIPELINE_NAME: RegExp = /^[A-Za-z0-9_-]+$/;

const count = z.int().min(0);
const share = z.number().min(0).max(1);
const text = z.string().min(1);
const policy = z.enum(["source_wins", "target_wins", "merge", "hold"]);

const sections = {
  change_detection: section("change_detection", "What counts as a change. These options are the hash scheme: changing one re-hashes the checkpoints and writes nothing.", {
    hash_algorithm: [z.enum(HASH_ALGORITHMS), "Algorithm of the facet hashes."],
    content_hash_enabled: [z.boolean(), "Whether the facet content (names, description, owner) is compared."],
    schema_hash_enabled: [z.boolean(), "Whether the facet schema (columns, types, constraints) is compared."],
    metadata_hash_enabled: [z.boolean(), "Whether the facet metadata (business context, custom properties) is compared."],
    ignore_fields: [z.array(text), "Property names, keys of custom_properties at any depth, or dotted paths that never count. Never a column's name."],
    case_sensitive: [z.boolean(), "Whether upper and lower case differ in free text: business name, description, labels, owner, tags."],
    normalize_whitespace: [z.boolean(), "Whether runs of white space in free text count as one blank."],
  }),
  sync_strategies: section("sync_strategies", "How changes are carried to the target.", {
    full_sync_threshold: [share, "From this changed share of an asset on, the whole of it is sent; from this share of all assets on, the run says so."],
    delta_sync_enabled: [z.boolean(), "Whether only the changed fields are sent. `false` sends the whole asset."],
    metadata_only_threshold: [share, "A metadata change larger than this share of the asset goes as delta."],
    batch_size: [z.int().min(1).max(10_000), "Assets between two commits of the state."],
    parallel_processing: [z.boolean(), "Whether steps are carried out in parallel."],
    max_parallel_jobs: [z.int().min(1).max(256), "Steps carried out at a time."],
  }),
  checkpoint_management: section("checkpoint_management", "Where the checkpoints are kept.", {
    storage_type: [z.enum(["sqlite", "json", "postgres"]), "The store. Only `sqlite` is available in this version."],
    path: [text, "Folder of the checkpoints, relative to this file; each pipeline has a folder of its own in it."],
    url: [z.string().min(1).transform((url) => new Secret(url)), "Connection URL of the postgres store. Not in effect in this version."],
    backup_enabled: [z.boolean(), "Whether backups are made. Not in effect in this version."],
    backup_retention_days: [count, "Days that backups are kept. Not in effect in this version."],
    compression_enabled: [z.boolean(), "Whether stored snapshots are compressed. Not in effect in this version."],
    memory_cache_enabled: [z.boolean(), "Whether checkpoints are cached in memory, with a bound. Not in effect in this version."],
    cleanup_interval_hours: [z.number().min(0), "Hours between two clean-ups of old backups, history and tombstones. Not in effect in this version."],
  }),
  retry: section("retry", "How often a failed request is tried, and how long the pauses are: base_ms × 2^n up to max_ms, with jitter.", {
    attempts: [z.int().min(1).max(100), "Attempts in all."],
    base_ms: [count, "The first pause, in milliseconds."],
    max_ms: [count, "The longest pause, in milliseconds."],
  }),
  deletion: section("deletion", "What a run may delete. More than max(max_count, max_share of the owned assets) is refused.", {
    max_count: [count, "Deletions that are always allowed."],
    max_share: [share, "Share of the owned assets that may be deleted."],
    grace_runs: [count, "Further complete listings without the asset before its table is removed. 0 removes it in the run that finds it gone."],
  }),
  conflicts: section("conflicts", "What becomes of a field that was edited in the target and changed in the source too: `source_wins`, `target_wins`, `merge` (a typed text that holds the source's old one gets the new one in its place), or `hold` (the field is withheld, and the run ends as partial).", {
    description: [policy, "Of table descriptions."],
    comments: [policy, "Of column comments."],
    structure: [policy, "Of column types and the owner; `merge` is `source_wins` here."],
  }),
  renames: z.enum(["show", "carry"]).exactOptional().meta({
    default: DEFAULTS.renames,
    description: "`show` lists an asset that seems to have moved; `carry` also takes along what people wrote on its table.",
  }),
  owners: z.record(text, text).exactOptional().meta({ description: "Owner by space (`SALES`) or asset (`SALES.Orders`); the more specific wins." }),
  stewards: z.record(text, text).exactOptional().meta({ description: "Steward by space or asset, as with owners." }),
  tags: z.record(text, z.array(text)).exactOptional().meta({ description: "Tags by space, asset, or pattern with `*` (`SALES.*_V`)." }),
};

const csn = z.strictObject({
  type: z.literal("csn").meta({ description: "Exported CSN files." }),
  path: text.meta({ description: "Folder of the exports, relative to this file. Each sub-folder is a space; `*.json` is an export, `*.ndjson` one definition a line." }),
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
  catalog_id: text.exactOptional().meta({ description: "Id of the catalog, as a rule the 12-digit account number, in quotes. Left out: the caller's own." }),
  database_prefix: z.string().regex(/^[A-Za-z0-9_]{0,200}$/, { error: "must be letters, digits and _ only" }).exactOptional().meta({ default: "", description: "Put before each space's name to make the database's." }),
  strings: z.enum(["varchar", "string"]).exactOptional().meta({ default: "varchar", description: "How texts with a length are typed: `varchar` keeps the length visible." }),
  skip_archive: z.boolean().exactOptional().meta({ default: true, description: "Whether updates leave no archived table version." }),
});

const changefeed = z.strictObject({
  type: z.literal("changefeed").meta({ description: "A file of changes as JSON Lines, with RFC 6902 patches." }),
  path: text.meta({ description: "The file, relative to this one, to which changes are appended; `-` for standard output, which leaves no room for `--json`." }),
});

const pipeline = z.strictObject({
  name: z
    .string()
    .regex(PIPELINE_NAME, { error: "a pipeline's name is made of letters, digits, _ and -" })
    .meta({ description: "Name of the pipeline. It keys the checkpoints: another name is another history." }),
  source: z.discriminatedUnion("type", [csn]).meta({ description: "Where assets are read." }),
  target: z.discriminatedUnion("type", [glue, changefeed]).meta({ description: "Where assets are written." }),
  ...sections,
});

/** The whole of `tidemark.yaml`. Defaults are told in the JSON Schema and filled in by {@link resolvePipeline}. */
export const configSchema: z.ZodType<WrittenConfig> = z
  .strictObject({
    $schema: text.exactOptional().meta({ description: "Where an editor finds the JSON Schema of a `tidemark.json`. Tidemark does not look at it." }),
    pipelines: z.array(pipeline).min(1, { error: "names no pipeline" }).superRefine(uniqueNames).meta({ description: "The pipelines of this file. A section below may be repeated in a pipeline: its keys win there." }),
    ...sections,
  })
  .meta({ title: "Tidemark configuration" });

type Fields<Section> = { readonly [Key in keyof Section]-?: readonly [type: z.ZodType<NonNullable<Section[Key]>>, description: string] };

/** An object of optional keys, each with its description and its default from {@link DEFAULTS}. */
function section<Name extends keyof Sections>(name: Name, description: string, fields: Fields<Sections[Name]>): z.ZodExactOptional<z.ZodType<Partial<Sections[Name]>>> {
  const defaults = DEFAULTS[name] as { readonly [key: string]: unknown };
  const shape = Object.fromEntries(
    Object.entries<readonly [z.ZodType, string]>(fields).map(([key, [type, describes]]) => {
      const byDefault = defaults[key];
      return [key, type.exactOptional().meta({ description: describes, ...(byDefault === null ? {} : { default: byDefault }) })];
    }),
  );
  return (z.strictObject(shape) as unknown as z.ZodType<Partial<Sections[Name]>>).exactOptional().meta({ description });
}

// Names that differ in case only would share a folder where the file system folds case.
function uniqueNames(pipelines: readonly { readonly name: string }[], context: z.core.$RefinementCtx): void {
  const seen = new Map<string, number>();
  for (const [index, { name }] of pipelines.entries()) {
    const first = seen.get(name.toLowerCase());
    if (first === undefined) seen.set(name.toLowerCase(), index);
    else context.addIssue({ code: "custom", path: [index, "name"], message: `"${name}" is the name of pipelines[${first}] already; names differ in more than case` });
  }
}

function isHttpUrl(value: string): boolean {
  return URL.canParse(value) && ["http:", "https:"].includes(new URL(value).protocol);
}
