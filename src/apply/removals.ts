import type { Strategy } from "../model/change.ts";
import type { WriteResult } from "../ports/target.ts";
import type { ApplyParts } from "./apply-parts.ts";
import { deleteRequest } from "./delete-effect.ts";
import type { Effect } from "./effect.ts";

/** Effects that are carried out together, and count as one strategy's. */
export interface Group {
  readonly strategy: Strategy;
  readonly effects: readonly Effect[];
}

/** Each effect by itself, but removals in groups where the target takes several at once. */
export function inGroups({ target }: ApplyParts, effects: readonly Effect[]): readonly Group[] {
  const isGrouped = ({ context }: Effect): boolean => context.phase === "remove" && target.removeAll !== undefined;
  const removals = effects.filter(isGrouped);
  const groups: Group[] = [];
  for (let at = 0; at < removals.length; at += REMOVED_TOGETHER)
    groups.push({ strategy: "deletion", effects: removals.slice(at, at + REMOVED_TOGETHER) });
  const others = effects.filter((effect) => !isGrouped(effect));
  return [...groups, ...others.map((effect): Group => ({ strategy: effect.context.step.change.strategy, effects: [effect] }))];
}

const REMOVED_TOGETHER = 100;

/** The target's answers to removals that are made together; none for an effect that is carried out by itself. */
export async function removedTogether({ target, settleSignal, ...parts }: ApplyParts, { effects }: Group): Promise<readonly WriteResult[]> {
  if (effects.length < 2 || target.removeAll === undefined) return [];
  const requests = effects.map((effect) => deleteRequest(parts, effect));
  return await target.removeAll(requests, { signal: settleSignal });
}
