import type { AssetId } from "./asset.ts";
import type { Change } from "./change.ts";
import type { Problem } from "./errors.ts";
import type { Withheld } from "./plan.ts";

/** What became of a step. */
export type Outcome =
  | { readonly status: "applied"; readonly change: Change; readonly kept: readonly Problem[]; readonly withheld: readonly Withheld[] }
  | { readonly status: "withheld"; readonly change: Change; readonly withheld: Withheld }
  | { readonly status: "failed"; readonly change: Change; readonly problem: Problem }
  | { readonly status: "not_attempted"; readonly change: Change };

/** A field of a table that differs from what we recorded. */
export interface Drift {
  readonly asset_id: AssetId;
  readonly ref: string;
  readonly kind: "edited" | "missing" | "added";
  readonly path?: string;
}
