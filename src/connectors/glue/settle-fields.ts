import { createHash } from "node:crypto";
import type { Change } from "../../model/change.ts";
import type { Decision, MergePolicy } from "../../model/checkpoint.ts";
import type { Problem } from "../../model/errors.ts";
import type { PolicyFor } from "../../model/merge-policy.ts";
import type { Withheld } from "../../model/plan.ts";
import { mergeValue } from "../../model/three-way.ts";

/** One field of a table that source and target may both have changed. */
export interface Field {
  /** For the policy and for the decision. */
  readonly path: string;
  /** The paths to name where the field is withheld; {@link path} if left out. */
  readonly heldPaths?: readonly string[];
  /** For messages: `the description`. */
  readonly name: string;
  readonly ours: string | undefined;
  readonly theirs: string | undefined;
  /** What we last wrote there; undefined if we wrote nothing. */
  readonly base: string | undefined;
  /** Structure, which is brought back where the table's edits are to be undone. */
  readonly structure: boolean;
}

/** True where an edit in the target counts for nothing under that policy, so that it is drift and is brought back on request. */
export function isOursAlone(policy: MergePolicy, structure: boolean): boolean {
  return policy === "source_wins" || (policy === "merge" && structure);
}

/** Settles the fields of one table one after the other, and collects what is to be told of them. */
export class FieldSettlement {
  readonly kept: Problem[] = [];
  readonly withheld: Withheld[] = [];
  readonly decisions: Decision[] = [];
  readonly #restores: boolean;
  readonly #change: Change;
  readonly #remembered: ReadonlyMap<string, Decision>;
  readonly #policyFor: PolicyFor;

  /** `restores`: what was edited in the target is to be brought back. */
  constructor(change: Change, restores: boolean, remembered: readonly Decision[], policyFor: PolicyFor) {
    this.#change = change;
    this.#restores = restores;
    this.#remembered = new Map(remembered.map((decision) => [decision.path, decision]));
    this.#policyFor = policyFor;
  }

  /** The value that the field gets. */
  settle(field: Field): string | undefined {
    const { ours, theirs, base, structure } = field;
    const policy = this.#policyFor(this.#change.asset_id, field.path);
    // What we never wrote is not ours to remove.
    const isOurs = ours !== undefined || base !== undefined;
    if (this.#restores && isOurs && isOursAlone(policy, structure)) return ours;
    const settled = this.recall(field.path, ours, theirs);
    if (ours !== theirs && settled?.policy === policy) return this.#decide(field, policy, true);
    const merged = mergeValue(base, ours, theirs);
    return merged.conflict ? this.#decide(field, policy, false) : merged.value;
  }

  /** True for a part of the structure that is brought back where it was edited in the target. */
  bringsBack(path: string): boolean {
    return this.#restores && isOursAlone(this.#policyFor(this.#change.asset_id, path), true);
  }

  /** The decision on a field, if neither side has moved since. */
  recall(path: string, ours: string | undefined, theirs: string | undefined): Decision | undefined {
    const decision = this.#remembered.get(path);
    return decision?.source === hash(ours) && decision.target === hash(theirs) ? decision : undefined;
  }

  /** Remembers that a difference stands as it is until either side moves. */
  remember(path: string, policy: MergePolicy, ours: string | undefined, theirs: string | undefined): void {
    this.decisions.push({ path, policy, source: hash(ours), target: hash(theirs) });
  }

  #decide(field: Field, policy: MergePolicy, again: boolean): string | undefined {
    const { path, ours, theirs } = field;
    switch (policy) {
      case "source_wins":
        return ours;
      case "merge":
        return field.structure ? ours : this.#combine(field, again);
      case "target_wins":
        this.remember(path, policy, ours, theirs);
        if (!again) this.#keep(field);
        return theirs;
      case "hold":
        this.remember(path, policy, ours, theirs);
        for (const held of field.heldPaths ?? [path]) this.#hold(field, held);
        return theirs;
    }
  }

  /** A typed text that has ours inside gets the new one there; any other stands as it is. */
  #combine(field: Field, again: boolean): string | undefined {
    const { base, ours = "", theirs } = field;
    if (base !== undefined && theirs?.includes(base)) return theirs.replace(base, () => ours);
    this.remember(field.path, "merge", field.ours, theirs);
    if (!again) this.#keep(field);
    return theirs;
  }

  #keep({ name }: Field): void {
    const { asset_id } = this.#change;
    this.kept.push({
      asset_id,
      code: "text_kept",
      message: `Both the source and somebody in Glue changed ${name} of ${asset_id}. What was typed in Glue is kept; the source's text stands whole in the table's parameters.`,
    });
  }

  #hold({ name }: Field, path: string): void {
    const { asset_id, change_type } = this.#change;
    const message = `Both the source and somebody in Glue changed ${name} of ${asset_id}, and its policy is to hold such changes. Make the two alike or change the policy; everything else was written.`;
    this.withheld.push({ asset_id, change_type, path, because: { code: "field_conflict", message } });
  }
}

function hash(value: string | undefined): string {
  return createHash("sha256")
    .update(JSON.stringify(value ?? null))
    .digest("hex")
    .slice(0, 16);
}
