import { join } from "node:path";
import { TidemarkError } from "../../model/errors.ts";
import type { Verification } from "../../ports/checkpoint-store.ts";
import { type Loaded, loadState } from "./load-state.ts";
import { listState, type Place } from "./state-files.ts";

/** Checks what a state that was loaded whole would fall back to. */
export async function verifyState(place: Place, { state, journals }: Loaded): Promise<Verification> {
  const copies = journals.flatMap(({ uneven }) =>
    uneven === null || uneven.isLeftByCrash
      ? []
      : [`The copy ${uneven.path} of a journal is not whole: ${uneven.why}. The other copy is; the next sync makes both anew.`],
  );
  return { checkpoints: state.count, problems: [...copies, ...(await previousProblems(place))] };
}

async function previousProblems(place: Place): Promise<readonly string[]> {
  const { previous, journals } = await listState(place);
  if (previous === null) return [unusable(join(place.folder, "….prev"), "it is missing")];
  try {
    await loadState(place, previous, journals);
    return [];
  } catch (error) {
    if (error instanceof TidemarkError) return [unusable(join(place.folder, previous), error.message)];
    throw error;
  }
}

function unusable(path: string, why: string): string {
  return `A damaged state could not fall back on ${path}: ${why} The state itself does not need it; a sync that commits makes a new one.`;
}
