import type { DeletionLimits } from "../model/plan.ts";

/** What the guard is asked to judge: the whole plan, before its first write. */
export interface DeletionCase {
  /** Deletions that the plan begins. */
  readonly deletions: number;
  /** Assets that this pipeline owns in the target. */
  readonly owned: number;
  readonly limits: DeletionLimits;
}

export type Verdict = { readonly ok: true } | { readonly ok: false; readonly message: string };

/**
 * Stops a plan that deletes more than max(`floor`, `share` of the owned assets), unless its exact number is allowed.
 *
 * A number that allowed some other plan allows nothing here: what was looked at is no longer what would be done.
 */
export function judge({ deletions, owned, limits }: DeletionCase): Verdict {
  const { floor, share, allow } = limits;
  // A quotient, because share × owned may fall just below a whole number (0.29 × 100).
  if (deletions <= floor || deletions / owned <= share || deletions === allow) return { ok: true };
  const limit = `the larger of ${floor} and ${percent(share)}`;
  const looked = allow === null ? "" : ` --allow-deletes ${allow} was meant for a plan of ${allow}.`;
  return {
    ok: false,
    message:
      `The plan would delete ${deletions} of ${owned} owned assets (${percent(deletions / owned)}), and the limit is ${limit}. Nothing was written.${looked}` +
      ` Look at the deletions with \`tidemark plan\`; if they are meant, pass --allow-deletes ${deletions}.`,
  };
}

function percent(share: number): string {
  return `${Math.round(share * 1_000) / 10} %`;
}
