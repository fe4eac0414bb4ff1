import { z } from "zod";

/**
 * What `--json` prints, by command: strict, so that a key that is missing or new shows. `test/docs/json-contracts.test.ts` holds these to
 * what the commands print; docs/reference/json.md is made of them.
 */
const count = z.int().min(0);
const text = z.string();
const problem = z.strictObject({ asset_id: text.optional(), code: text, message: text });
const counts = {
  assets: count,
  unchanged: count,
  created: count,
  modified: count,
  schema_changed: count,
  metadata_changed: count,
  deleted: count,
  withheld: count,
};
const basis = z.strictObject({ lineage: text, generation: count }).nullable();
const kinds = z.record(text, count).optional();
const listing = z.strictObject({
  scope: text,
  complete: z.boolean(),
  count,
  problem: text.optional(),
  skipped: kinds,
  beside: kinds,
  complete_at: text.optional(),
});
const change_type = z.enum(["created", "modified", "schema_changed", "metadata_changed", "deleted"]);
const facet = z.enum(["content", "metadata", "schema"]);
const strategy = z.enum(["full", "delta", "metadata_only", "deletion"]);
const field = z.strictObject({ path: text, old: z.json().optional(), new: z.json().optional() });
const rename = z.strictObject({ from: text, to: text, similarity: z.number() });
const change = z.strictObject({
  asset_id: text,
  change_type,
  facets: z.array(facet),
  strategy,
  cause: z.enum(["source", "mapping", "drift"]),
  logic: z.literal(true).optional(),
  fields: z.array(field),
  column_renames: z.array(rename).optional(),
  phase: z.enum(["mark", "remove"]).optional(),
});
const withheld = z.strictObject({
  asset_id: text,
  change_type,
  path: text.optional(),
  because: z.strictObject({ code: text, message: text }),
});
const bytes = z.strictObject({ sent: count, received: count });
const cost = {
  run_id: text,
  requests: z.strictObject({ source: count, target: count }),
  bytes: z.strictObject({ source: bytes, target: bytes }),
  duration_ms: count,
};
const spent = z.strictObject({ assets: count, requests: count, bytes: count });
const space = z.strictObject({
  space: text,
  complete: z.boolean(),
  listed: count,
  read: count,
  skipped: count,
  forbidden: count,
  failed: count,
  beside: kinds,
});
const upkeep = z.strictObject({
  backup: z.strictObject({ file: text, reason: text, generation: count, checkpoints: count, bytes: count, duration_ms: count }).optional(),
  validation: z.strictObject({ checkpoints: count, problems: count, duration_ms: count }).optional(),
  cleanup: z.strictObject({ backups: count, runs: count, history: count, versions: count, duration_ms: count }).optional(),
  storage: z.strictObject({ bytes: count, growth_bytes: z.int().nullable() }).optional(),
});
const health = z.strictObject({
  backups: z.strictObject({
    enabled: z.boolean(),
    count,
    bytes: count,
    damaged: count,
    newest: z
      .strictObject({
        file: text,
        generation: count,
        made_at: text,
        reason: text,
        bytes: count,
        age_seconds: z.number().nullable(),
        generations_behind: count.nullable(),
      })
      .nullable(),
  }),
  storage: z
    .strictObject({ total: count, parts: z.record(text, count), bytes_per_asset: z.number().nullable(), growth_bytes: z.int().nullable() })
    .nullable(),
  validation: z.strictObject({ at: text, generation: count, checkpoints: count, problems: count }).nullable(),
  last_cleanup: text.nullable(),
});
const run = {
  pipeline: text,
  ...cost,
  started_at: text.optional(),
  status: z.enum(["succeeded", "partial", "refused", "failed"]),
  summary: z.strictObject({ ...counts, failed: count }),
  by_strategy: z.strictObject({ full: spent, delta: spent, metadata_only: spent, deletion: spent }),
  full_sync: z.strictObject(cost).nullable(),
  saved: z.strictObject({ requests_percent: z.number(), bytes_percent: z.number(), time_percent: z.number() }).nullable(),
  spaces: z.array(space).optional(),
  problems: z.array(problem),
  upkeep: upkeep.optional(),
};
const hash = text.nullable().optional();
const fingerprint = z.strictObject({ scheme: text, content: hash, schema: hash, metadata: hash }).nullable();
const step = {
  time: text,
  run_id: text,
  asset_id: text,
  change_type: text,
  facets: z.array(text),
  before: fingerprint,
  after: fingerprint,
  outcome: z.enum(["applied", "failed", "withheld", "recovered"]),
  message: text.optional(),
};
const checkpoint = {
  asset_id: text,
  asset_type: text,
  source_system: z.enum(["datasphere", "glue"]),
  last_sync_time: text,
  content_hash: hash,
  schema_hash: hash,
  metadata_hash: hash,
  sync_version: count,
  custom_properties: z.record(text, z.json()),
};
const forecast = z.strictObject({ expected: count, full_sync: count.nullable() }).optional();
const failure = z.strictObject({ code: text, message: text, remedy: text.optional() });
const drifted = z.strictObject({ path: text, ours: z.json().optional(), theirs: z.json().optional() });

const printed = <Shape extends z.core.$ZodLooseShape>(shape: Shape): z.ZodObject<{ format_version: z.ZodLiteral<1> } & Shape> =>
  z.strictObject({ format_version: z.literal(1), ...shape });

/** By the command that prints it. */
export const JSON_CONTRACTS: Readonly<Record<string, z.ZodType>> = {
  plan: printed({
    pipeline: text,
    basis,
    summary: z.strictObject(counts),
    changes: z.array(change),
    renames: z.array(rename),
    withheld: z.array(withheld),
    listings: z.array(listing),
    problems: z.array(problem),
    requests: forecast,
  }),
  status: printed({
    pipeline: text,
    state: z
      .strictObject({
        lineage: text,
        generation: count,
        clean: z.boolean(),
        source_system: z.enum(["datasphere", "glue"]),
        checkpoints: count,
        open_intents: count,
        listings: z.array(listing.extend({ age_seconds: z.number().nullable().optional() })),
      })
      .nullable(),
    last_run: z.strictObject(run).nullable(),
    health: health.nullable(),
  }),
  sync: printed(run),
  "runs list": printed({ pipeline: text, runs: z.array(z.strictObject(run)) }),
  "runs show": printed(run),
  history: printed({
    pipeline: text,
    history: z.array(z.strictObject(step)),
  }),
  verify: printed({
    pipeline: text,
    basis,
    summary: z.strictObject({ checkpoints: count, unchanged: count, edited: count, missing: count, added: count, kept: count }),
    drift: z.array(
      z.discriminatedUnion("kind", [
        z.strictObject({ kind: z.literal("edited"), asset_id: text, ref: text, fields: z.array(drifted) }),
        z.strictObject({ kind: z.literal("missing"), asset_id: text, ref: text }),
        z.strictObject({ kind: z.literal("added"), asset_id: text, ref: text, lineage: text }),
      ]),
    ),
    kept: z.array(z.strictObject({ asset_id: text, ref: text, fields: z.array(drifted) })),
    problems: z.array(problem),
  }),
  "checkpoint list": printed({
    pipeline: text,
    checkpoints: z.array(z.strictObject(checkpoint)),
  }),
  "checkpoint verify": printed({ pipeline: text, intact: z.literal(true), checkpoints: count.nullable() }),
  doctor: printed({
    pipeline: text.nullable(),
    checks: z.array(
      z.strictObject({ name: text, status: z.enum(["ok", "warning", "failed", "skipped"]), message: text, remedy: text.optional() }),
    ),
  }),
  "config validate": printed({ valid: z.literal(true), file: text, pipelines: z.array(text) }),
  "(any, where there is no result)": printed({ error: failure }),
};

const line = <Type extends string, Shape extends z.core.$ZodLooseShape>(
  type: Type,
  shape: Shape,
): z.ZodObject<{ type: z.ZodLiteral<Type> } & Shape> => z.strictObject({ type: z.literal(type), ...shape });
const header = { format_version: z.literal(1), pipeline: text };
const phase = z.enum(["recover", "list", "detect", "apply", "commit"]);

/** The lines that `-o ndjson` prints, by the commands that print them; any of them can end with the last one's. */
export const LINE_CONTRACTS: Readonly<Record<string, readonly z.ZodType[]>> = {
  plan: [
    line("header", { ...header, basis }),
    line("change", change.shape),
    line("rename", rename.shape),
    line("withheld", withheld.shape),
    line("listing", listing.shape),
    line("problem", problem.shape),
    line("summary", { summary: z.strictObject(counts), requests: forecast }),
  ],
  sync: [
    line("header", header),
    line("phase", { time: text, phase, total: count.optional() }),
    line("progress", { time: text, phase, done: count }),
    line("problem", { time: text, message: text, asset_id: text.optional() }),
    line("report", run),
  ],
  history: [line("header", header), line("step", step), line("summary", { steps: count })],
  "runs list": [line("header", header), line("run", run), line("summary", { runs: count })],
  "checkpoint list": [line("header", header), line("checkpoint", checkpoint), line("summary", { checkpoints: count })],
  "(any, where it fails)": [line("error", { format_version: z.literal(1), error: failure })],
};
