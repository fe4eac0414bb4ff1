import PQueue from "p-queue";
import type { AssetId } from "../model/asset.ts";
import type { Checkpoint, OutcomeRecord } from "../model/checkpoint.ts";
import type { PlanRecord, Refresh, Step } from "../model/plan.ts";
import type { Spool } from "../ports/spool.ts";
import type { ApplyParts } from "./apply-parts.ts";
import { applyStep, intentOf } from "./apply-step.ts";
import type { Effect, StepContext, StepResult } from "./effect.ts";
import { inGroups, removedTogether } from "./removals.ts";

/**
 * Does what the plan says and nothing else: in batches, intents made durable before the first effect of a batch, effects in parallel,
 * outcomes made durable after the last. Writes go before deletions, so that what moved is there before it is gone.
 */
export async function applyPlan(parts: ApplyParts, records: Spool["records"]): Promise<void> {
  const carried = await carriedRenames(records(["rename"]));
  for (const kind of ["put", "delete"] as const) {
    let batch: Step[] = [];
    let refreshes: Refresh[] = [];
    for await (const page of records(kind === "put" ? ["put", "refresh"] : ["delete"])) {
      for (const record of page) {
        if (record.record === "step") batch.push(record.step);
        if (record.record === "refresh") refreshes.push(record.refresh);
        if (batch.length >= parts.batch_size) {
          await applyBatch(parts, batch, carried);
          batch = [];
        }
        if (refreshes.length >= parts.batch_size) {
          await parts.lease.refresh(refreshes);
          refreshes = [];
        }
      }
    }
    await applyBatch(parts, batch, carried);
    if (refreshes.length > 0) await parts.lease.refresh(refreshes);
  }
}

/** Renames whose annotations come along, from the new asset to the vanished one. Few: a plan names them only for a bounded number of deletions. */
async function carriedRenames(records: AsyncIterable<readonly PlanRecord[]>): Promise<ReadonlyMap<AssetId, AssetId>> {
  const carried = new Map<AssetId, AssetId>();
  for await (const page of records) {
    for (const record of page) if (record.record === "rename" && record.carried) carried.set(record.rename.to, record.rename.from);
  }
  return carried;
}

async function applyBatch(parts: ApplyParts, steps: readonly Step[], carried: ReadonlyMap<AssetId, AssetId>): Promise<void> {
  if (steps.length === 0) return;
  if (parts.signal.aborted) {
    for (const step of steps) parts.onOutcome({ status: "not_attempted", change: step.change });
    return;
  }
  const ids = steps.map((step) => step.change.asset_id);
  const recorded = await parts.lease.get(ids.flatMap((id) => [id, carried.get(id) ?? id]));
  const of = (id: AssetId | undefined): Checkpoint | null => (id === undefined ? null : (recorded.get(id) ?? null));
  // A deletion is up to two effects, each with an intent of its own: mark, then remove.
  let waiting: readonly StepContext[] = steps.map((step) => {
    const { asset_id } = step.change;
    return { step, phase: firstPhase(parts, step, recorded), checkpoint: of(asset_id), carry: of(carried.get(asset_id))?.target ?? null };
  });
  while (waiting.length > 0) waiting = await applyPhase(parts, waiting);
}

function firstPhase(parts: ApplyParts, step: Step, recorded: ReadonlyMap<AssetId, Checkpoint>): StepContext["phase"] {
  if (step.kind === "put") return "put";
  if (!parts.target.supports.tombstones) return "remove";
  return step.change.phase === "remove" || (step.change.phase === undefined && recorded.get(step.change.asset_id)?.tombstone != null)
    ? "remove"
    : "mark";
}

/** One effect for each of the steps. Answers with those that have another effect to follow. */
async function applyPhase(parts: ApplyParts, contexts: readonly StepContext[]): Promise<readonly StepContext[]> {
  const intents = await parts.lease.intend(contexts.map((context) => intentOf(parts, context)));
  const effects = contexts.flatMap((context, at): readonly Effect[] => {
    const intent = intents[at];
    return intent === undefined ? [] : [{ context, intent }];
  });
  const { results, fatal } = await carryOut(parts, effects);
  const outcomes: OutcomeRecord[] = [];
  const following: StepContext[] = [];
  for (const result of results) {
    if (result.record !== null) outcomes.push(result.record);
    if (result.next !== null) following.push(result.next);
  }
  if (outcomes.length > 0) await parts.lease.record(outcomes);
  for (const result of results) if (result.outcome !== null) parts.onOutcome(result.outcome);
  if (fatal.length > 0) throw fatal[0];
  return following;
}

/**
 * Carries effects out in parallel. What ends the run (the target is gone, a defect) must not cost what the others achieved: they settle,
 * and their results are given beside it. Those that it met have none, and their intents stay open.
 */
async function carryOut(
  parts: ApplyParts,
  effects: readonly Effect[],
): Promise<{ readonly results: readonly StepResult[]; readonly fatal: readonly unknown[] }> {
  const results = new Map<Effect, StepResult>();
  const fatal: unknown[] = [];
  const attempt = async (work: () => Promise<void>): Promise<void> => {
    await work().catch((error: unknown) => fatal.push(error));
  };
  const queue = new PQueue({ concurrency: parts.max_parallel_jobs });
  await queue.addAll(
    inGroups(parts, effects).map((group) => async () => {
      if (fatal.length > 0 || parts.signal.aborted) {
        for (const effect of group.effects) results.set(effect, notAttempted(effect));
        return;
      }
      const each = async (): Promise<void> => {
        const answers = await removedTogether(parts, group);
        await Promise.all(
          group.effects.map((effect, at) =>
            attempt(async () => {
              results.set(effect, await applyStep(parts, effect, answers[at]));
            }),
          ),
        );
      };
      await attempt(() => parts.meter.during(group.strategy, each));
    }),
  );
  return { results: effects.flatMap((effect) => results.get(effect) ?? []), fatal };
}

/** Ends the intent of a step that was not begun: nothing was sent. */
function notAttempted({ context, intent }: Effect): StepResult {
  const { change } = context.step;
  return {
    record: { seq: intent.seq, asset_id: change.asset_id, checkpoint: undefined },
    outcome: { status: "not_attempted", change },
    next: null,
  };
}
