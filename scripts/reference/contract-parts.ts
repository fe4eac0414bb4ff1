import { z } from "zod";

// What the contracts of `--json` and `-o ndjson` are made of.
export const count = z.int().min(0);
export const text = z.string();
export const problem = z.strictObject({ asset_id: text.optional(), code: text, message: text });
export const counts = {
  assets: count,
  unchanged: count,
  created: count,
  modified: count,
  schema_changed: count,
  metadata_changed: count,
  deleted: count,
  withheld: count,
};
export const basis = z.strictObject({ lineage: text, generation: count }).nullable();
export const kinds = z.record(text, count).optional();
export const listing = z.strictObject({
  scope: text,
  complete: z.boolean(),
  count,
  problem: text.optional(),
  skipped: kinds,
  beside: kinds,
  complete_at: text.optional(),
});
export const change_type = z.enum(["created", "modified", "schema_changed", "metadata_changed", "deleted"]);
export const facet = z.enum(["content", "metadata", "schema"]);
export const strategy = z.enum(["full", "delta", "metadata_only", "deletion"]);
export const field = z.strictObject({ path: text, old: z.json().optional(), new: z.json().optional() });
export const rename = z.strictObject({ from: text, to: text, similarity: z.number() });
export const change = z.strictObject({
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
export const withheld = z.strictObject({
  asset_id: text,
  change_type,
  path: text.optional(),
  because: z.strictObject({ code: text, message: text }),
});
export const bytes = z.strictObject({ sent: count, received: count });
export const cost = {
  run_id: text,
  requests: z.strictObject({ source: count, target: count }),
  bytes: z.strictObject({ source: bytes, target: bytes }),
  duration_ms: count,
};
export const spent = z.strictObject({ assets: count, requests: count, bytes: count });
export const space = z.strictObject({
  space: text,
  complete: z.boolean(),
  listed: count,
  read: count,
  skipped: count,
  forbidden: count,
  failed: count,
  beside: kinds,
});
export const upkeep = z.strictObject({
  backup: z.strictObject({ file: text, reason: text, generation: count, checkpoints: count, bytes: count, duration_ms: count }).optional(),
  validation: z.strictObject({ checkpoints: count, problems: count, duration_ms: count }).optional(),
  cleanup: z.strictObject({ backups: count, runs: count, history: count, versions: count, duration_ms: count }).optional(),
  storage: z.strictObject({ bytes: count, growth_bytes: z.int().nullable() }).optional(),
});
export const health = z.strictObject({
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
export const run = {
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
export const hash = text.nullable().optional();
export const fingerprint = z.strictObject({ scheme: text, content: hash, schema: hash, metadata: hash }).nullable();
export const step = {
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
export const checkpoint = {
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
export const forecast = z.strictObject({ expected: count, full_sync: count.nullable() }).optional();
export const failure = z.strictObject({ code: text, message: text, remedy: text.optional() });
export const drifted = z.strictObject({ path: text, ours: z.json().optional(), theirs: z.json().optional() });

export const printed = <Shape extends z.core.$ZodLooseShape>(shape: Shape): z.ZodObject<{ format_version: z.ZodLiteral<1> } & Shape> =>
  z.strictObject({ format_version: z.literal(1), ...shape });

/** What `verify` prints, and `checkpoint diff` of the target. */
export const verification = printed({
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
});
