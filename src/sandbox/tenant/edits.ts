import { FACETS, type Facet } from "../../model/asset.ts";
import type { JsonObject } from "../../model/json.ts";
import { CONTENT_EDITS } from "./edits/content.ts";
import type { Edit } from "./edits/edit.ts";
import { BUSINESS_EDITS, LOGIC_EDITS } from "./edits/metadata.ts";
import { NOISE_EDITS } from "./edits/noise.ts";
import { SCHEMA_EDITS } from "./edits/schema.ts";
import type { Rng } from "./rng.ts";

/** Every kind of edit, those that take away before those that add, so that none of a set undoes another's work. */
export const EDITS: readonly Edit[] = [...SCHEMA_EDITS, ...CONTENT_EDITS, ...BUSINESS_EDITS, ...LOGIC_EDITS, ...NOISE_EDITS];

/** A definition after some edits, which of them it took, and all the facets that they changed. */
export interface Edited {
  readonly definition: JsonObject;
  readonly edits: readonly Edit[];
  readonly facets: readonly Facet[];
}

/** Applies the edits in the order of {@link EDITS}; those that find nothing of their kind are left out. */
export function applyEdits(definition: JsonObject, edits: readonly Edit[], rng: Rng): Edited {
  const taken: Edit[] = [];
  let edited = definition;
  for (const edit of edits.toSorted((a, b) => EDITS.indexOf(a) - EDITS.indexOf(b))) {
    const next = edit.apply(edited, rng);
    if (next === null) continue;
    edited = next;
    taken.push(edit);
  }
  return { definition: edited, edits: taken, facets: FACETS.filter((facet) => taken.some(({ facets }) => facets.includes(facet))) };
}

/** Applies one of the edits, the first in a random order that finds something to edit; null where none does. */
export function editDefinition(definition: JsonObject, edits: readonly Edit[], rng: Rng): Edited | null {
  for (const edit of rng.shuffle(edits)) {
    const edited = edit.apply(definition, rng);
    if (edited !== null) return { definition: edited, edits: [edit], facets: edit.facets };
  }
  return null;
}
