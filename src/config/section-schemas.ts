import { z } from "zod";
import { HASH_ALGORITHMS } from "../model/fingerprint.ts";
import { FIELD_GROUPS, type MergeRule } from "../model/merge-policy.ts";
import { isHttpUrl } from "./http-url.ts";
import { Secret } from "./secret.ts";
import { DEFAULTS, type Sections } from "./sections.ts";
import type { WrittenSections } from "./written-config.ts";

type SectionSchemas = { readonly [Name in keyof Sections]: z.ZodExactOptional<z.ZodType<Required<WrittenSections>[Name]>> };

const count = z.int().min(0);
const share = z.number().min(0).max(1);
const text = z.string().min(1);
const secret = text.transform((value) => new Secret(value));
const policy = z.enum(["source_wins", "target_wins", "merge", "hold"]);

const mergeRule: z.ZodType<MergeRule> = z.strictObject({
  assets: text.exactOptional(),
  fields: z
    .string()
    .refine((fields) => fields.startsWith("/") || FIELD_GROUPS.some((group) => group === fields), {
      error: `must be ${FIELD_GROUPS.join(", ")} or a path such as /schema/columns/*/type`,
    })
    .exactOptional(),
  policy,
});

/** The schema of each section; its defaults are told, and filled in later. */
export const SECTION_SCHEMAS: SectionSchemas = {
  change_detection: section(
    "change_detection",
    "What counts as a change. These options are the hash scheme: changing one re-hashes the checkpoints and writes nothing.",
    {
      hash_algorithm: [z.enum(HASH_ALGORITHMS), "Algorithm of the facet hashes."],
      content_hash_enabled: [z.boolean(), "Whether the facet content (names, description, owner) is compared."],
      schema_hash_enabled: [z.boolean(), "Whether the facet schema (columns, types, constraints) is compared."],
      metadata_hash_enabled: [z.boolean(), "Whether the facet metadata (business context, custom properties) is compared."],
      ignore_fields: [
        z.array(text),
        "Property names, keys of custom_properties at any depth, or dotted paths that never count. Never a column's name.",
      ],
      case_sensitive: [z.boolean(), "Whether upper and lower case differ in free text: business name, description, labels, owner, tags."],
      normalize_whitespace: [z.boolean(), "Whether runs of white space in free text count as one blank."],
    },
  ),
  sync_strategies: section("sync_strategies", "How changes are carried to the target.", {
    full_sync_threshold: [
      share,
      "From this changed share of an asset on, the whole of it is sent; from this share of all assets on, the run says so.",
    ],
    delta_sync_enabled: [z.boolean(), "Whether only the changed fields are sent. `false` sends the whole asset."],
    metadata_only_threshold: [share, "A metadata change larger than this share of the asset goes as delta."],
    batch_size: [z.int().min(1).max(10_000), "Assets between two commits of the state."],
    parallel_processing: [z.boolean(), "Whether steps are carried out in parallel."],
    max_parallel_jobs: [z.int().min(1).max(256), "Steps carried out at a time."],
  }),
  checkpoint_management: section("checkpoint_management", "Where the checkpoints are kept.", {
    storage_type: [
      z.enum(["sqlite", "json", "postgres"]),
      "The store: `sqlite`, a file on this machine; `json`, files that people can read, for up to about 50,000 assets; `postgres`, a database for runs on several machines.",
    ],
    path: [text, "Folder of the checkpoints, relative to this file; each pipeline has a folder of its own in it."],
    url: [secret, "Connection URL of the postgres store, best from the environment. No output ever shows it."],
    schema: [
      z.string().regex(/^[a-z_][a-z0-9_]{0,62}$/, { error: "a schema's name is made of lower-case letters, digits and _, at most 63" }),
      "Schema of the postgres store's tables; several pipelines may share one.",
    ],
    backup_enabled: [z.boolean(), "Whether runs back the state up: once a day, and before deletions and changes of the hash scheme."],
    backup_retention_days: [
      count,
      "Days that one backup a day is kept, and history, run reports and versions; the newest seven backups and 100 runs stay in any case.",
    ],
    compression_enabled: [z.boolean(), "Whether backups are compressed, and the snapshots that the sqlite and the postgres store keep."],
    memory_cache_enabled: [
      z.boolean(),
      "Whether a run keeps the checkpoints that it read last, about five hundred of usual width (5,000 columns in all), so that what it reads to plan a change is not read again to carry it out. The json store has all of them in memory anyway.",
    ],
    cleanup_interval_hours: [
      z.number().min(0),
      "Hours between two clean-ups of old backups and history, at the end of a run; before it, that run reads the whole state. Never a checkpoint.",
    ],
  }),
  retry: section("retry", "How often a failed request is tried, and how long the pauses are: base_ms × 2^n up to max_ms, with jitter.", {
    attempts: [z.int().min(1).max(100), "Attempts in all."],
    base_ms: [count, "The first pause, in milliseconds."],
    max_ms: [count, "The longest pause, in milliseconds."],
  }),
  deletion: section("deletion", "What a run may delete. More than max(max_count, max_share of the owned assets) is refused.", {
    max_count: [count, "Deletions that are always allowed."],
    max_share: [share, "Share of the owned assets that may be deleted."],
    grace_runs: [
      count,
      "Further complete listings without the asset before its table is removed. 0 removes it in the run that finds it gone.",
    ],
  }),
  conflicts: section(
    "conflicts",
    "What becomes of a field that was edited in the target and changed in the source too: `source_wins`, `target_wins`, `merge` (a typed text that holds the source's old one gets the new one in its place), or `hold` (the field is withheld, and the run ends as partial).",
    {
      description: [policy, "Of table descriptions."],
      comments: [policy, "Of column comments."],
      structure: [policy, "Of column types and the owner; `merge` is `source_wins` here."],
      overrides: [
        z.array(mergeRule),
        "Rules that go before these, the first that matches: `policy` for the `assets` of a pattern (`SALES.*`; left out: all) and its `fields`: `description`, `comments`, `structure`, or JSON Pointers as plans show them, with `*` (`/schema/columns/*/type`; left out: all).",
      ],
    },
  ),
  renames: z.enum(["show", "carry"]).exactOptional().meta({
    default: DEFAULTS.renames,
    description: "`show` tells which assets and columns seem to have been renamed; `carry` also takes along what people wrote on them.",
  }),
  openlineage: section(
    "openlineage",
    "Run events in the terms of OpenLineage, to a file, an address or both: START, then what was written, then COMPLETE, FAIL or ABORT. What cannot be told is a warning, and never fails a run.",
    {
      file: [text, "File to which events are appended, one JSON object a line, relative to this file."],
      url: [
        z.string().refine(isHttpUrl, { error: 'must be a URL such as "http://127.0.0.1:5000/api/v1/lineage"' }),
        "Address to which each event is posted, whole: `http://marquez.example.com:5000/api/v1/lineage`.",
      ],
      api_key: [secret, "Sent to that address as a bearer token."],
      namespace: [text, "Namespace of the job; its name is the pipeline's."],
      source_namespace: [text, "Namespace of the source's datasets, instead of one made of the source's address."],
      target_namespace: [text, "Namespace of the target's datasets, instead of `arn:aws:glue:<region>:<catalog_id>`."],
    },
  ),
  owners: z
    .record(text, text)
    .exactOptional()
    .meta({ description: "Owner by space (`SALES`) or asset (`SALES.Orders`); the more specific wins." }),
  stewards: z.record(text, text).exactOptional().meta({ description: "Steward by space or asset, as with owners." }),
  tags: z.record(text, z.array(text)).exactOptional().meta({ description: "Tags by space, asset, or pattern with `*` (`SALES.*_V`)." }),
};

type Fields<Section> = { readonly [Key in keyof Section]-?: readonly [type: z.ZodType<NonNullable<Section[Key]>>, description: string] };

/** An object of optional keys, each with its description and its default from {@link DEFAULTS}. */
function section<Name extends keyof Sections>(
  name: Name,
  description: string,
  fields: Fields<Sections[Name]>,
): z.ZodExactOptional<z.ZodType<Partial<Sections[Name]>>> {
  const defaults = DEFAULTS[name] as { readonly [key: string]: unknown };
  const shape = Object.fromEntries(
    Object.entries<readonly [z.ZodType, string]>(fields).map(([key, [type, describes]]) => {
      const byDefault = defaults[key];
      return [key, type.exactOptional().meta({ description: describes, ...(byDefault === null ? {} : { default: byDefault }) })];
    }),
  );
  return (z.strictObject(shape) as unknown as z.ZodType<Partial<Sections[Name]>>).exactOptional().meta({ description });
}
