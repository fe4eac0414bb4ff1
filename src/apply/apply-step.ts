import { FACETS, type Facet } from "../model/asset.ts";
import type { Checkpoint, HistoryRecord, Intent } from "../model/checkpoint.ts";
import type { Outcome } from "../model/outcome.ts";
import type { Step, Withheld } from "../model/plan.ts";
import type { Observed, Projection, WriteResult } from "../ports/target.ts";
import type { ApplyParts } from "./apply-parts.ts";
import { deleteEffect } from "./delete-effect.ts";
import { type Applied, done, type Effect, type StepContext, type StepResult } from "./effect.ts";
import { type Settled, settleWrite, type Settlement } from "./settle-write.ts";

/** What is made durable before the effect: enough to record its outcome after a crash. */
export function intentOf(parts: ApplyParts, context: StepContext): Omit<Intent, "seq"> {
  const { step, phase, checkpoint } = context;
  const projection = step.kind === "put" ? parts.target.project(step.asset, parts.mark) : null;
  return {
    run_id: parts.run_id,
    asset_id: step.change.asset_id,
    op: phase,
    ref: step.kind === "delete" ? step.ref : parts.target.place(step.change.asset_id).key,
    fingerprint: projection?.ok === true ? projection.fingerprint : (checkpoint?.target?.fingerprint ?? ""),
    pending: pendingCheckpoint(parts, context),
    limbo: 0,
  };
}

/** Carries out one effect and says what to record. `answer`: what the target said to it already, where it was made together with others. */
export async function applyStep(parts: ApplyParts, effect: Effect, answer?: WriteResult): Promise<StepResult> {
  const { context, intent } = effect;
  const settlement =
    context.step.kind === "put" ? await put(parts, context, context.step, intent) : await deleteEffect(parts, effect, answer);
  return conclude(parts, context, intent, settlement);
}

async function put(parts: ApplyParts, context: StepContext, step: Extract<Step, { kind: "put" }>, intent: Intent): Promise<Settlement> {
  const { target, mark } = parts;
  const call = { signal: parts.settleSignal };
  const request = {
    mark,
    change: step.change,
    asset: step.asset,
    base: context.checkpoint?.target ?? null,
    decisions: context.checkpoint?.decisions ?? [],
    ...(context.carry === null ? {} : { carry: context.carry }),
    ...(step.carry_columns === true ? { carry_columns: step.carry_columns } : {}),
    ...(step.repair === true ? { repair: step.repair } : {}),
    ...(step.adopt === true ? { adopt: step.adopt } : {}),
  };
  const planned = step.observed as Observed | undefined;
  // An edit in the target moves no checkpoint: only a look tells what is to be brought back.
  const first =
    planned !== undefined
      ? planned
      : step.change.cause === "drift"
        ? (await target.observe([intent.ref], call)).get(intent.ref)
        : undefined;
  return settleWrite(
    { ...parts, ref: intent.ref, backoff: parts.retry, signal: parts.signal },
    (observed = first) => target.put({ ...request, ...(observed === undefined ? {} : { observed }) }, call),
    (observed) => arrivedPut(observed, step, target.project(step.asset, mark), target.mapping),
  );
}

function arrivedPut(observed: Observed, step: Extract<Step, { kind: "put" }>, projection: Projection, mapping: string): Applied | null {
  if (observed.state !== "present" || observed.mark === null || !projection.ok) return null;
  const { mark, fingerprint, revision, document, ref } = observed;
  // The mark alone is no proof: people may have edited the table since.
  if (
    mark.asset_id !== step.asset.id ||
    mark.tombstone !== null ||
    fingerprint !== projection.fingerprint ||
    mark.fingerprint !== projection.fingerprint
  )
    return null;
  return done({ ref, revision, document, fingerprint, mapping });
}

function conclude(parts: ApplyParts, context: StepContext, intent: Intent, { settled, late }: Settlement): StepResult {
  const { change } = context.step;
  const id = change.asset_id;
  // An intent of which a request may still land stays open beside its outcome: the next runs look at its place again.
  const seq = late ? null : intent.seq;
  const history = (outcome: HistoryRecord["outcome"], after: Checkpoint | null, message?: string): HistoryRecord => ({
    time: new Date(parts.clock.now()).toISOString(),
    run_id: parts.run_id,
    asset_id: id,
    change_type: change.change_type,
    facets: change.facets,
    before: context.checkpoint?.fingerprint ?? null,
    after: after?.fingerprint ?? null,
    outcome,
    ...(message === undefined ? {} : { message }),
  });
  switch (settled.status) {
    case "unsettled":
      return { record: null, outcome: { status: "failed", change, problem: { ...settled.problem, asset_id: id } }, next: null };
    case "failed": {
      const record = { seq, asset_id: id, checkpoint: undefined, history: history("failed", context.checkpoint, settled.problem.message) };
      return { record, outcome: { status: "failed", change, problem: { ...settled.problem, asset_id: id } }, next: null };
    }
    case "withheld": {
      const record = {
        seq,
        asset_id: id,
        checkpoint: undefined,
        history: history("withheld", context.checkpoint, settled.withheld.because.message),
      };
      return { record, outcome: { status: "withheld", change, withheld: [settled.withheld] }, next: null };
    }
    case "applied": {
      const before = context.checkpoint;
      if (settled.withheld.length > 0 && before !== null && settled.acknowledged?.revision === before.target?.revision) {
        // Nothing but held fields was left to write, and so nothing was: no change was applied, only decided.
        const checkpoint = { ...before, raw: null, decisions: settled.decisions };
        const record = { seq, asset_id: id, checkpoint, history: history("withheld", before, settled.withheld[0]?.because.message) };
        return { record, outcome: { status: "withheld", change, withheld: settled.withheld }, next: null };
      }
      const after = appliedCheckpoint(context, intent, settled);
      const outcome: Outcome = { status: "applied", change, kept: settled.kept, withheld: settled.withheld };
      const waits = context.phase === "mark" && after !== null;
      const follows = waits && change.phase === undefined;
      const record = { seq, asset_id: id, checkpoint: after, ...(waits && follows ? {} : { history: history("applied", after) }) };
      const next: StepContext | null = follows ? { ...context, phase: "remove", checkpoint: after } : null;
      return { record, outcome: follows ? null : outcome, next };
    }
  }
}

function pendingCheckpoint(parts: ApplyParts, { step, phase, checkpoint }: StepContext): Checkpoint | null {
  const last_sync_time = new Date(parts.clock.now()).toISOString();
  if (phase === "remove") return null;
  if (phase === "mark") {
    const tombstone = {
      generation: checkpoint?.tombstone?.generation ?? parts.generation,
      confirmations: (checkpoint?.tombstone?.confirmations ?? 0) + 1,
    };
    return checkpoint === null ? null : { ...checkpoint, tombstone };
  }
  if (step.kind !== "put") return null;
  return {
    asset_id: step.asset.id,
    asset_type: step.asset.asset_type,
    source_system: parts.source_system,
    last_sync_time,
    sync_version: (checkpoint?.sync_version ?? 0) + 1,
    fingerprint: step.fingerprint,
    raw: step.raw,
    snapshot: step.asset,
    target: null,
    tombstone: null,
    decisions: [],
  };
}

function appliedCheckpoint(context: StepContext, intent: Intent, applied: Extract<Settled, { status: "applied" }>): Checkpoint | null {
  // A table found absent when it was to be marked is gone already.
  if (intent.pending === null || (context.phase === "mark" && applied.acknowledged === null)) return null;
  const checkpoint = {
    ...intent.pending,
    target: applied.acknowledged,
    decisions: context.phase === "put" ? applied.decisions : intent.pending.decisions,
  };
  return applied.withheld.length === 0 ? checkpoint : withoutHeld(checkpoint, context.checkpoint, applied.withheld);
}

/**
 * The checkpoint of an asset of which some fields were withheld: their facets stay as they were recorded before, because a facet's
 * hash is stored only where that facet was applied, and no token may prove the asset equal in the next run.
 */
function withoutHeld(applied: Checkpoint, before: Checkpoint | null, withheld: readonly Withheld[]): Checkpoint {
  const held = new Set<Facet>(
    FACETS.filter((facet) => withheld.some((one) => one.path === undefined || one.path.startsWith(`/${facet}/`))),
  );
  const fingerprint = { ...applied.fingerprint };
  for (const facet of held) fingerprint[facet] = before?.fingerprint.scheme === fingerprint.scheme ? before.fingerprint[facet] : null;
  const kept = before === null ? {} : Object.fromEntries([...held].map((facet) => [facet, before.snapshot[facet]]));
  return { ...applied, fingerprint, raw: null, snapshot: { ...applied.snapshot, ...kept } };
}
