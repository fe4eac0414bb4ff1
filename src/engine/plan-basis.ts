import type { AssetId } from "../model/asset.ts";
import type { CheckpointEntry } from "../model/checkpoint.ts";
import { TidemarkError } from "../model/errors.ts";
import type { Json } from "../model/json.ts";
import type { PlanHeader, PlanRecord, Step } from "../model/plan.ts";
import type { CheckpointReader } from "../ports/checkpoint-store.ts";
import type { Observed } from "../ports/target.ts";
import { digestOf, entryOf } from "./entry.ts";
import type { Moved } from "./moved.ts";
import type { Parts, RunOptions } from "./parts.ts";
import type { RunContext } from "./run-context.ts";

/** Tells what of a whole plan's basis moved since it was made. */
export function headMoved({ head, header: now }: RunContext, then: PlanHeader, moved: Moved): void {
  if (then.basis === null && now.basis !== null) moved.add(`Pipeline ${then.pipeline} has a state now, and had none.`);
  if (then.basis !== null && now.basis === null) moved.add(`Pipeline ${then.pipeline} has no state any more.`);
  if (then.basis !== null && now.basis !== null) {
    if (then.basis.lineage !== now.basis.lineage)
      moved.add(`The state is of another lineage: ${now.basis.lineage}, and it was ${then.basis.lineage}.`);
    else if (then.basis.generation !== now.basis.generation)
      moved.add(`The state is at generation ${now.basis.generation}, and was at ${then.basis.generation}: another run came between.`);
  }
  if (then.scope !== now.scope) moved.add("The pipeline's scope changed: what it covers, where it writes, or its naming rules.");
  if (then.scheme !== now.scheme) moved.add(`The hash scheme is ${now.scheme}, and was ${then.scheme}.`);
  if (then.mapping !== now.mapping) moved.add(`The target's mapping is ${now.mapping}, and was ${then.mapping}.`);
  if (head?.recovered === true) moved.add("The state was recovered, and its first run is a `tidemark sync` that deletes nothing.");
}

type StepRecord = Extract<PlanRecord, { record: "step" }>;

/** A batch of a plan, looked at: its writes now carry what stands at their places, so that they are made on that and nothing else. */
interface Checked {
  readonly records: readonly PlanRecord[];
  /** Deletions that the guard counts: those that the plan begins. */
  readonly deletions: number;
}

/** Tells which assets of a batch moved: their checkpoints, the tables at their places, or that what is to be deleted is there again. */
export async function movedSteps(
  parts: Parts,
  reader: CheckpointReader,
  records: readonly PlanRecord[],
  moved: Moved,
  options: RunOptions,
): Promise<Checked> {
  const steps = records.flatMap((record) => (record.record === "step" ? [record.step] : []));
  if (steps.length === 0) return { records, deletions: 0 };
  const recorded = await reader.get(steps.map(({ change }) => change.asset_id));
  const entries = new Map([...recorded].map(([id, checkpoint]) => [id, entryOf(checkpoint)]));
  for (const step of steps) checkpointMoved(step, entries, moved);
  await deletedAgain(parts, steps, moved, options);
  const standing = await standingAt(parts, steps, options);
  const checked = records.map((record) => (record.record === "step" ? lookedAt(parts, record, standing, moved) : record));
  const begun = steps.filter(({ kind, change }) => kind === "delete" && entries.get(change.asset_id)?.tombstone == null);
  return { records: checked, deletions: begun.length };
}

function checkpointMoved({ change, recorded }: Step, entries: ReadonlyMap<AssetId, CheckpointEntry>, moved: Moved): void {
  const entry = entries.get(change.asset_id);
  if (recorded === (entry === undefined ? null : digestOf(entry))) return;
  moved.add(`${change.asset_id}: ${entry === undefined ? "its checkpoint is gone" : "something was applied to it since"}.`);
}

async function deletedAgain({ source }: Parts, steps: readonly Step[], moved: Moved, options: RunOptions): Promise<void> {
  const ids = steps.flatMap(({ kind, change }) => (kind === "delete" ? [change.asset_id] : []));
  if (ids.length === 0) return;
  const presence = await source.confirm(ids, options);
  for (const id of ids) {
    const found = presence.get(id) ?? "unknown";
    if (found !== "gone")
      moved.add(
        `${id} would be deleted, and ${found === "present" ? "is in the source again" : "the source no longer tells that it is gone"}.`,
      );
  }
}

/** What stands at the places that the plan's making looked at. Of new assets only what is in the way is told, as it was then. */
async function standingAt({ target }: Parts, steps: readonly Step[], options: RunOptions): Promise<ReadonlyMap<string, Observed>> {
  if (!target.supports.observe) return new Map();
  const places = (isAsked: (step: Step) => boolean): readonly string[] =>
    steps.flatMap((step) => (step.kind === "put" && isAsked(step) ? [target.place(step.asset.id).key] : []));
  const isNew = ({ recorded }: Step): boolean => recorded === null && target.taken !== undefined;
  const [created, others] = [places(isNew), places((step) => !isNew(step))];
  const found = new Map(others.length > 0 ? await target.observe(others, options) : []);
  const taken = created.length > 0 ? await target.taken?.(created, options) : undefined;
  for (const [ref, place] of taken ?? []) found.set(ref, place);
  return found;
}

function lookedAt({ target }: Parts, record: StepRecord, standing: ReadonlyMap<string, Observed>, moved: Moved): PlanRecord {
  const { step } = record;
  if (step.kind !== "put" || !target.supports.observe) return record;
  const ref = target.place(step.asset.id).key;
  const observed = standing.get(ref);
  if (observed?.state === "unknown")
    throw new TidemarkError("target_unavailable", `Whether the plan still fits cannot be told: ${observed.problem.message}`);
  const [was, is] = [step.revision ?? null, observed?.state === "present" ? observed.revision : null];
  if (was !== is) moved.add(`${step.asset.id}: ${placeMoved(ref, was, is)}.`);
  return observed === undefined ? record : { record: "step", step: { ...step, observed: observed as unknown as Json } };
}

function placeMoved(ref: string, was: string | null, is: string | null): string {
  if (was === null) return `a table stands at ${ref} now (version ${is}), where there was none`;
  return is === null ? `its table ${ref} is gone from the target` : `its table ${ref} is at version ${is}, and was at ${was}`;
}
