import { FACETS, type Facet } from "../model/asset.ts";
import type { Acknowledged, Checkpoint, HistoryRecord, Intent, OutcomeRecord } from "../model/checkpoint.ts";
import type { Outcome } from "../model/outcome.ts";
import type { Step, Withheld } from "../model/plan.ts";
import type { DeleteRequest, Observed, Projection, WriteResult } from "../ports/target.ts";
import type { ApplyParts } from "./apply-parts.ts";
import { type Settled, settleWrite, type Settlement } from "./settle-write.ts";

/** One effect of a step: which it is, and what the state knows. */
export interface StepContext {
  readonly step: Step;
  readonly phase: "put" | "mark" | "remove";
  readonly checkpoint: Checkpoint | null;
  /** The table of the asset that this one was renamed from, where its annotations come along. */
  readonly carry: Acknowledged | null;
}

/** What came of an effect: what to record, what to tell, and the effect that follows it. */
export interface StepResult {
  /** Null leaves the intent open, because nobody knows whether the effect took place. */
  readonly record: OutcomeRecord | null;
  readonly outcome: Outcome | null;
  readonly next: StepContext | null;
}

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

/** Carries out one effect and says what to record. */
export async function applyStep(parts: ApplyParts, context: StepContext, intent: Intent): Promise<StepResult> {
  const settlement =
    context.step.kind === "put" ? await put(parts, context, context.step, intent) : await deleteEffect(parts, context, intent);
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

async function deleteEffect(parts: ApplyParts, context: StepContext, intent: Intent): Promise<Settlement> {
  const { target } = parts;
  const call = { signal: parts.settleSignal };
  const { change } = context.step;
  const request: DeleteRequest = {
    mark: parts.mark,
    asset_id: change.asset_id,
    ref: intent.ref,
    base: context.checkpoint?.target ?? null,
    generation: context.checkpoint?.tombstone?.generation ?? parts.generation,
  };
  const settle = { ...parts, ref: intent.ref, backoff: parts.retry, signal: parts.signal };
  if (context.phase === "remove") {
    return settleWrite(
      settle,
      () => target.remove(request, call),
      (observed) => (observed.state === "absent" ? done(null) : null),
    );
  }
  // A mark set in an earlier run stands: this run only confirmed the absence once more.
  if (context.checkpoint?.tombstone != null) return { settled: done(context.checkpoint.target), late: false };
  return settleWrite(
    settle,
    () => target.mark(request, call),
    (observed) => arrivedMark(observed, request, target.mapping),
  );
}

function arrivedMark(observed: Observed, request: DeleteRequest, mapping: string): Applied | null {
  if (observed.state === "absent") return done(null);
  if (observed.state !== "present" || observed.mark?.tombstone !== request.generation || observed.mark.asset_id !== request.asset_id)
    return null;
  const { ref, revision, document, fingerprint } = observed;
  return done({ ref, revision, document, fingerprint, mapping });
}

type Applied = Extract<WriteResult, { status: "applied" }>;

function done(acknowledged: Acknowledged | null): Applied {
  return { status: "applied", acknowledged, decisions: [], kept: [], withheld: [] };
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
