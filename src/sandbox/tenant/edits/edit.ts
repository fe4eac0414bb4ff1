import type { Facet } from "../../../model/asset.ts";
import type { JsonObject } from "../../../model/json.ts";
import type { Rng } from "../rng.ts";

/** One kind of change that people make to a definition, with exactly the facets that it changes. */
export interface Edit {
  readonly name: string;
  /** In code-point order; none for noise. */
  readonly facets: readonly Facet[];
  /** The definition as edited, or null where it has nothing of the kind to edit. The argument is left as it is. */
  readonly apply: (definition: JsonObject, rng: Rng) => JsonObject | null;
}

/** A mark that no text bore before it: two edits of one text never lead back to the first. */
export function freshMark(rng: Rng): string {
  return rng.text(6, "abcdefghijklmnopqrstuvwxyz0123456789");
}
