import { detect } from "../detect/detect.ts";
import type { Asset, AssetId } from "../model/asset.ts";
import type { Checkpoint } from "../model/checkpoint.ts";
import { type Problem, TidemarkError } from "../model/errors.ts";
import type { Json } from "../model/json.ts";
import type { ReadResult } from "../model/listing.ts";
import type { FieldDrift } from "../model/outcome.ts";
import { compareCodePoints } from "../model/order.ts";
import { spaceOf } from "../model/asset.ts";
import type { CheckpointReader } from "../ports/checkpoint-store.ts";
import type { Observed } from "../ports/target.ts";
import type { Parts, RunOptions } from "./parts.ts";
import { resolveInMemory } from "./recover.ts";
import { openRun } from "./run-context.ts";

/** One field that is not the same on all three sides; a side that does not have it has no key. */
export interface ComparedField {
  /** JSON Pointer into the document shape. */
  readonly path: string;
  readonly source?: Json;
  readonly checkpoint?: Json;
  readonly target?: Json;
  /** Others changed it in the target, and it stays as they left it. */
  readonly kept?: true;
}

/** One asset on its three sides. */
export interface Comparison {
  readonly pipeline: string;
  readonly asset_id: AssetId;
  /** `unknown`: it could not be read or looked at. */
  readonly source: "present" | "absent" | "unknown";
  readonly checkpoint: Pick<Checkpoint, "sync_version" | "last_sync_time"> | null;
  /** The place, and what stands there; `unknown` also where the target cannot be read back. */
  readonly target: { readonly ref: string; readonly state: "present" | "absent" | "unknown"; readonly revision: string | null };
  /** In the order of their paths. */
  readonly fields: readonly ComparedField[];
  /** The next sync would do something to it, or people did something to its table that is not kept. */
  readonly differs: boolean;
  readonly problems: readonly Problem[];
}

/** Looks at one asset in the source, the state and the target, and writes nothing. Lists no more than its space. */
export async function compareAsset(parts: Parts, id: AssetId, options: RunOptions): Promise<Comparison> {
  await using opened = await parts.store.reader();
  const run = await openRun(parts, opened, options);
  const reader = run.head === null ? opened : await resolveInMemory(parts, run, opened, options);
  const checkpoint = (await reader.get([id])).get(id) ?? null;
  const read = await readOne(parts, reader, id, options);
  const observed = await observeOne(parts, checkpoint?.target?.ref ?? parts.target.place(id).key, options);
  if (checkpoint === null && read === null && observed.state === "absent")
    throw new TidemarkError(
      "usage",
      `Pipeline ${parts.pipeline} knows no asset ${id}, neither in its source nor in its state nor in its target.`,
      {
        remedy: "An asset is named <space>.<technical name>, capitals included; `tidemark checkpoint list` shows those of the state.",
      },
    );
  const drift = driftOf(parts, checkpoint, observed);
  const asset = read?.kind === "asset" ? read.asset : null;
  const fields = fieldsOf(parts, asset, checkpoint, drift);
  const isDrifted = checkpoint !== null && (observed.state === "absent" || drift.some(({ kept }) => kept === undefined));
  const isInStep = read !== null && read.kind !== "failed" && checkpoint !== null && changedIn(parts, asset, checkpoint) === null;
  return {
    pipeline: parts.pipeline,
    asset_id: id,
    source: read === null ? "absent" : read.kind === "failed" ? "unknown" : "present",
    checkpoint: checkpoint === null ? null : { sync_version: checkpoint.sync_version, last_sync_time: checkpoint.last_sync_time },
    target: { ref: observed.ref, state: observed.state, revision: observed.state === "present" ? observed.revision : null },
    fields,
    differs: !isInStep || isDrifted,
    problems: [
      ...(read?.kind === "failed" ? [read.problem] : []),
      ...(observed.state === "unknown" && "problem" in observed ? [observed.problem] : []),
    ],
  };
}

/** Null where its space is listed completely and the asset is not in it. */
async function readOne(parts: Parts, reader: CheckpointReader, id: AssetId, options: RunOptions): Promise<ReadResult | null> {
  const space = spaceOf(id);
  const memory = { get: (key: string) => reader.memory(`source:${key}`), set: () => undefined };
  const known = new Set((await reader.spaces()).filter((name) => name === space));
  let gap: string | null = null;
  for await (const event of parts.source.list({ signal: options.signal, memory, known, wanted: (name) => name === space })) {
    if (event.kind === "certificate" && event.certificate.scope === space && !event.certificate.complete)
      gap = event.certificate.problem ?? "";
    const item = event.kind === "listed" ? event.items.find((listed) => listed.id === id) : undefined;
    if (item === undefined) continue;
    for await (const result of parts.source.read([item], options)) return result;
  }
  if (gap === null) return null;
  const message = `The listing of ${space} is not complete: ${gap}. Whether ${id} is in it cannot be told.`;
  return { kind: "failed", id, problem: { asset_id: id, code: "listing_incomplete", message } };
}

async function observeOne(
  { target }: Parts,
  ref: string,
  options: RunOptions,
): Promise<Observed | { readonly state: "unknown"; readonly ref: string }> {
  if (!target.supports.observe) return { state: "unknown", ref };
  return (await target.observe([ref], options)).get(ref) ?? { state: "unknown", ref };
}

function driftOf(
  { target }: Parts,
  checkpoint: Checkpoint | null,
  observed: Awaited<ReturnType<typeof observeOne>>,
): readonly FieldDrift[] {
  if (checkpoint === null || checkpoint.target === null || observed.state !== "present") return [];
  return target.drift(checkpoint.target, observed, checkpoint);
}

function changedIn({ settings }: Parts, asset: Asset | null, checkpoint: Checkpoint): ReturnType<typeof detect>["change"] {
  return asset === null ? null : detect(asset, checkpoint, settings.scheme, settings, { rawUnchanged: false }).change;
}

/** What the source changed and what people changed in the target, as one list. */
function fieldsOf(
  parts: Parts,
  asset: Asset | null,
  checkpoint: Checkpoint | null,
  drift: readonly FieldDrift[],
): readonly ComparedField[] {
  if (checkpoint === null) return [];
  const drifted = new Map(drift.map((field) => [field.path, field]));
  const changed = new Map((changedIn(parts, asset, checkpoint)?.fields ?? []).map((field) => [field.path, field]));
  const paths = [...new Set([...changed.keys(), ...drifted.keys()])].toSorted(compareCodePoints);
  return paths.map((path) => {
    const [change, edit] = [changed.get(path), drifted.get(path)];
    const recorded = change === undefined ? edit?.ours : change.old;
    const inSource = change === undefined ? recorded : change.new;
    const inTarget = edit === undefined ? recorded : edit.theirs;
    return {
      path,
      ...(inSource === undefined ? {} : { source: inSource }),
      ...(recorded === undefined ? {} : { checkpoint: recorded }),
      ...(inTarget === undefined ? {} : { target: inTarget }),
      ...(edit?.kept === true ? { kept: true as const } : {}),
    };
  });
}
