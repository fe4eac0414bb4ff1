import { z } from "zod";
import { checkpoint, count, field, printed, problem, text, verification } from "./contract-parts.ts";

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
export const CHECKPOINT_CONTRACTS: Readonly<Record<string, z.ZodType>> = {
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
