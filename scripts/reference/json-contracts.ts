import { z } from "zod";

// What the contracts of `--json` and `-o ndjson` are made of.
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
const found = change.pick({ asset_id: true, change_type: true, facets: true });
const { withheld: _withheld, ...foundCounts } = counts;
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
const call = z.strictObject({ what: text, duration_ms: count });
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
  slowest: z.strictObject({ source: z.array(call), target: z.array(call) }).optional(),
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
const failure = z.strictObject({ code: text, message: text, remedy: text });
const drifted = z.strictObject({ path: text, ours: z.json().optional(), theirs: z.json().optional() });

const printed = <Shape extends z.core.$ZodLooseShape>(shape: Shape): z.ZodObject<{ format_version: z.ZodLiteral<1> } & Shape> =>
  z.strictObject({ format_version: z.literal(1), ...shape });

/** What `verify` prints, and `checkpoint diff` of the target. */
const verification = printed({
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

const made = { file: text, reason: text, generation: count, checkpoints: count, bytes: count };
const place = { pipeline: text, place: text };
const damaged = z.array(z.strictObject({ file: text, message: text }));
const rebuilt = { pipeline: text, lineage: text, checkpoints: count, set_aside: text.nullable() };
const replaced = {
  ...rebuilt,
  from: text,
  generation: count,
  backup: z.strictObject({ ...made, duration_ms: count }).nullable(),
  loss: z.strictObject({ generations: z.int(), forgotten: count, returned: count, changed: count }).nullable(),
};
const intact = { pipeline: text, intact: z.literal(true), checkpoints: count.nullable() };
const anything = z.record(text, z.json());

/** What the commands below `checkpoint` print. Where one does several things, each has its shape. */
const CHECKPOINT_CONTRACTS: Readonly<Record<string, z.ZodType>> = {
  "checkpoint list": printed({ pipeline: text, checkpoints: z.array(z.strictObject(checkpoint)) }),
  "checkpoint show": printed({
    pipeline: text,
    ...checkpoint,
    snapshot: anything,
    target: z.strictObject({ ref: text, revision: text, document: z.json(), fingerprint: text, mapping: text }).nullable(),
    raw: anything.nullable(),
    tombstone: z.strictObject({ generation: count, confirmations: count }).nullable(),
    decisions: z.array(z.strictObject({ path: text, policy: text, source: text, target: text })),
    versions: z.array(z.strictObject({ generation: count, sync_version: count.nullable(), superseded_by: text })),
  }),
  "checkpoint verify": z.union([
    printed(intact),
    printed({
      ...intact,
      backups: z.strictObject({ good: count, damaged }),
      target: z.strictObject({
        summary: z.strictObject({ checkpoints: count, unchanged: count, edited: count, missing: count, added: count, kept: count }),
        problems: z.array(problem),
      }),
    }),
  ]),
  "checkpoint diff": z.union([
    printed({
      pipeline: text,
      from: text,
      to: text.nullable(),
      differences: z.array(z.strictObject({ asset_id: text, kind: z.enum(["added", "removed", "changed"]), fields: z.array(field) })),
    }),
    verification,
  ]),
  "checkpoint backup": z.union([
    printed({ ...place, backup: z.strictObject({ ...made, duration_ms: count }) }),
    printed({
      ...place,
      backups: z.array(z.strictObject({ ...made, source_system: text, lineage: text, made_at: text })),
      damaged,
    }),
  ]),
  "checkpoint restore": printed(replaced),
  "checkpoint prune": printed({ pipeline: text, before: text, runs: count, history: count, versions: count, backups: count }),
  "checkpoint repair": z.union([
    printed({ pipeline: text, repaired: z.null() }),
    printed({ pipeline: text, repaired: z.literal("journal"), set_aside: text }),
    printed({ ...replaced, repaired: z.literal("backup") }),
  ]),
  "checkpoint unlock": printed({
    pipeline: text,
    holder: z.union([z.null(), text, z.strictObject({ pid: count, host: text, since: text })]),
  }),
  "checkpoint rebuild": printed(rebuilt),
  "checkpoint export": printed({ pipeline: text, file: text, generation: count, checkpoints: count, bytes: count }),
  "checkpoint import": z.union([
    printed({ ...replaced, skipped: z.array(text).max(0) }),
    printed({ ...rebuilt, from: text, generation: count, skipped: z.array(text) }),
  ]),
  "checkpoint forget": printed({ pipeline: text, forgotten: text }),
  "checkpoint migrate": printed({ pipeline: text, to: text, generation: count, left_behind: text.nullable() }),
};

/** Commands that print what `sync` prints, and with `--dry-run`, where they take it, what `plan` prints. */
export const PRINT_AS_SYNC = ["apply", "retire", "adopt", "revert"] as const;

/**
 * What `--json` prints, by command: strict, so that a key that is missing or new shows. `test/docs/json-contracts.test.ts` holds these to
 * what the commands print; docs/reference/json.md is made of them.
 */
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
  changes: printed({
    pipeline: text,
    basis,
    changes: z.array(found),
    summary: z.strictObject(foundCounts),
    listings: z.array(listing),
    problems: z.array(problem),
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
  verify: verification,
  diff: printed({
    pipeline: text,
    asset_id: text,
    source: z.enum(["present", "absent", "unknown"]),
    checkpoint: z.strictObject({ sync_version: count, last_sync_time: text }).nullable(),
    target: z.strictObject({ ref: text, state: z.enum(["present", "absent", "unknown"]), revision: text.nullable() }),
    fields: z.array(
      z.strictObject({
        path: text,
        source: z.json().optional(),
        checkpoint: z.json().optional(),
        target: z.json().optional(),
        kept: z.literal(true).optional(),
      }),
    ),
    differs: z.boolean(),
    problems: z.array(problem),
  }),
  ...CHECKPOINT_CONTRACTS,
  "fingerprint (each line)": z.strictObject({
    content_hash: text.nullable(),
    schema_hash: text.nullable(),
    metadata_hash: text.nullable(),
  }),
  init: printed({ file: text, pipeline: text }),
  demo: printed({
    assets: count,
    seed: count,
    simulated: z.strictObject({ source: text, target: text }),
    runs: z.array(
      z.strictObject({
        name: z.enum(["full", "changed", "metadata", "unchanged"]),
        changed: count,
        tenant_requests: count,
        tenant_bytes: bytes,
        glue_requests: count,
        glue_bytes: bytes,
        duration_ms: count,
        saved_percent: z.strictObject({ requests: z.number(), bytes: z.number(), time: z.number() }).nullable(),
        original_design_percent: z.strictObject({ bytes: z.number(), time: z.number() }).nullable(),
        report: z.strictObject(run),
      }),
    ),
  }),
  doctor: printed({
    pipeline: text.nullable(),
    checks: z.array(
      z.strictObject({ name: text, status: z.enum(["ok", "warning", "failed", "skipped"]), message: text, remedy: text.optional() }),
    ),
  }),
  "config validate": printed({ valid: z.literal(true), file: text, pipelines: z.array(text) }),
  "config show (with --origin)": printed({
    file: text,
    pipelines: z.array(
      z.strictObject({
        pipeline: text,
        settings: z.array(
          z.strictObject({
            setting: text,
            value: z.unknown(),
            from: z.enum(["file", "environment", "default"]),
            line: count.optional(),
            variables: z.array(text).optional(),
          }),
        ),
      }),
    ),
  }),
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
  changes: [
    line("header", { ...header, basis }),
    line("change", found.shape),
    line("listing", listing.shape),
    line("problem", problem.shape),
    line("summary", { summary: z.strictObject(foundCounts) }),
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
