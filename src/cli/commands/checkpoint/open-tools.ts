import { resolve } from "node:path";
import type { Pipeline } from "../../../config/pipeline.ts";
import type { BackupInput } from "../../../engine/backup-file.ts";
import type { Shelved } from "../../../engine/backups.ts";
import type { Upkeep } from "../../../engine/parts.ts";
import type { RestoreParts } from "../../../engine/restore.ts";
import { TidemarkError } from "../../../model/errors.ts";
import type { Context } from "../../context.ts";
import { readPipeline } from "../../open-pipeline.ts";

/** What the tools of a state need: neither source nor target. */
export interface Tools extends RestoreParts {
  readonly settings: Pipeline;
  readonly upkeep: Upkeep;
}

export async function openTools(context: Context): Promise<Tools> {
  const settings = await readPipeline(context);
  const [{ openStore, openUpkeep }, { systemClock }] = await Promise.all([
    import("../../../config/assemble.ts"),
    import("../../../config/system.ts"),
  ]);
  const [store, upkeep] = [await openStore(settings), await openUpkeep(settings)];
  return { settings, pipeline: settings.name, store, shelf: upkeep.shelf, upkeep, clock: systemClock };
}

/** The backup that a command means: a file, a generation, or the newest. */
export async function chooseBackup(
  { cwd }: Context,
  { shelf, pipeline }: Pick<Tools, "shelf" | "pipeline">,
  { file, generation }: { readonly file?: string; readonly generation?: number },
): Promise<BackupInput> {
  const [{ stateFile }, { fromShelf, shelved }] = await Promise.all([
    import("../../../config/state-files.ts"),
    import("../../../engine/backups.ts"),
  ]);
  if (file !== undefined) {
    const isShelved = (await shelf.list()).some(({ name }) => name === file);
    return isShelved ? fromShelf(shelf, file) : stateFile(resolve(cwd, file));
  }
  const found = await shelved(shelf);
  const chosen = generation === undefined ? found.backups[0] : found.backups.find((backup) => backup.generation === generation);
  if (chosen !== undefined) return fromShelf(shelf, chosen.file);
  throw noBackup(pipeline, shelf.place, generation, found);
}

function noBackup(pipeline: string, place: string, generation: number | undefined, { backups }: Shelved): TidemarkError {
  const which = generation === undefined ? "no backup" : `no backup of generation ${generation}`;
  const generations = backups.map((backup) => backup.generation).join(", ");
  return new TidemarkError("usage", `Pipeline ${pipeline} has ${which} in ${place}.`, {
    remedy:
      backups.length === 0
        ? "Make the state anew from the target with `tidemark checkpoint rebuild`."
        : `There are generations ${generations}.`,
  });
}
