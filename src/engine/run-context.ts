import type { StateHead } from "../model/checkpoint.ts";
import type { PlanHeader } from "../model/plan.ts";
import type { CheckpointReader } from "../ports/checkpoint-store.ts";
import type { OwnerMark } from "../ports/target.ts";
import { schemeId } from "../detect/scheme.ts";
import { TidemarkError } from "../model/errors.ts";
import { hashOf } from "./hash-of.ts";
import type { Parts, RunOptions } from "./parts.ts";

/** What every stage of a run needs to know, fixed before the source is listed. */
export interface RunContext {
  /** The state's head as the run found it; null before the first run. */
  readonly head: StateHead | null;
  readonly mark: OwnerMark;
  /** Id of the hash scheme. */
  readonly scheme: string;
  /** Basis of raw fingerprints: equal tokens prove equality only under the same one. */
  readonly basis: string;
  /** Hash of what the pipeline covers and where it writes. */
  readonly scope: string;
  readonly scopeChanged: boolean;
  readonly header: PlanHeader;
}

export const PLAN_FORMAT = 1;

/**
 * Looks at the state and fixes what the run goes by. A lost state is never begun anew in silence: without a state, a target that bears
 * this pipeline's marks ends the run with `state_lost`.
 */
export async function openRun(parts: Parts, reader: CheckpointReader, options: RunOptions): Promise<RunContext> {
  const { pipeline, source, target, settings } = parts;
  const head = await reader.head();
  if (head === null) await refuseLostState(parts, options);
  const scheme = schemeId(settings.scheme);
  const scope = scopeOf(parts);
  return {
    head,
    mark: { pipeline, lineage: head?.lineage ?? parts.random.uuid() },
    scheme,
    basis: hashOf({ scheme, source: source.basis }),
    scope,
    scopeChanged: head !== null && head.scope !== scope && options.accept_scope_change !== true,
    header: {
      format_version: PLAN_FORMAT,
      pipeline,
      basis: head === null ? null : { lineage: head.lineage, generation: head.generation },
      scope,
      scheme,
      mapping: target.mapping,
      ...(options.accept_scope_change === true ? { accept_scope_change: true as const } : {}),
      ...(options.select === undefined ? {} : { select: options.select.text }),
      ...(options.allow_deletes === undefined ? {} : { allow_deletes: options.allow_deletes }),
    },
  };
}

async function refuseLostState(parts: Parts, options: RunOptions): Promise<void> {
  if (!parts.target.supports.observe) return;
  const lineages = new Set<string>();
  let tables = 0;
  for await (const found of parts.target.scan(parts.pipeline, options)) {
    for (const table of found) if (table.mark !== null) lineages.add(table.mark.lineage);
    tables += found.length;
  }
  if (tables === 0) return;
  throw new TidemarkError(
    "state_lost",
    `Pipeline ${parts.pipeline} has no state, and ${tables} ${tables === 1 ? "table" : "tables"} in the target bear its marks (${lineages.size === 1 ? "lineage" : "lineages"} ${[...lineages].join(", ")}).`,
    { remedy: "Restore the state's folder, or recover it from those marks with `tidemark checkpoint rebuild`." },
  );
}

/** The scope fingerprint: what the pipeline covers and where it writes; never a path, never what was found. */
export function scopeOf({ source, target }: Parts): string {
  return hashOf({ source: source.scope, target: target.scope });
}
