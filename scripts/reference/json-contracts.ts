import { z } from "zod";
import { CHECKPOINT_CONTRACTS } from "./checkpoint-contracts.ts";
import {
  basis,
  bytes,
  change,
  checkpoint,
  count,
  counts,
  failure,
  forecast,
  health,
  listing,
  printed,
  problem,
  rename,
  run,
  step,
  text,
  withheld,
  verification,
} from "./contract-parts.ts";

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
