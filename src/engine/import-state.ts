import type { StateHead } from "../model/checkpoint.ts";
import { TidemarkError } from "../model/errors.ts";
import type { Json } from "../model/json.ts";
import type { StateRecord } from "../model/state-record.ts";
import type { BackupInput } from "./backup-file.ts";
import type { Parts, RunOptions } from "./parts.ts";
import { lineageToAdopt } from "./rebuild.ts";
import { type ReferenceCheckpoints, referenceCheckpoints } from "./reference-checkpoints.ts";
import { generationOf, lookAtReplacement, type Replacement, type RestoreParts } from "./restore.ts";
import { scopeOf } from "./run-context.ts";

/** What an import of the original program's checkpoints came to. */
export interface ImportReport {
  readonly pipeline: string;
  readonly from: string;
  readonly lineage: string;
  readonly generation: number;
  readonly checkpoints: number;
  /** Records that were none; one sentence each. */
  readonly skipped: readonly string[];
  readonly set_aside: string | null;
}

/** Proves an export and compares it with the state. One of an unrelated lineage, or older than the state, needs `force`. */
export async function lookAtImport(parts: RestoreParts, input: BackupInput, force: boolean): Promise<Replacement> {
  const found = await lookAtReplacement(parts, input);
  const { header, current } = found;
  if (current === null || force) return found;
  if (current.lineage !== header.lineage)
    throw refused(
      `${input.name} belongs to lineage ${header.lineage}, and the state of pipeline ${parts.pipeline} to lineage ${current.lineage}`,
    );
  if (current.generation > header.generation)
    throw refused(
      `${input.name} is of generation ${header.generation}, and the state of pipeline ${parts.pipeline} is at ${current.generation}`,
    );
  return found;
}

/** Reads the original program's checkpoints. A state that is there is unrelated to them, and needs `force`. */
export async function lookAtReference(parts: Parts, document: Json, name: string, force: boolean): Promise<ReferenceCheckpoints> {
  const read = referenceCheckpoints(document, parts.source.system, parts.settings.scheme);
  if (read.checkpoints.length === 0)
    throw new TidemarkError(
      "input_invalid",
      `${name} holds no checkpoint that could be taken${read.skipped[0] === undefined ? "." : `: ${read.skipped[0]}`}`,
      { remedy: "Name a checkpoint file of the original program, or an export of `tidemark checkpoint export`." },
    );
  if (!force && (await generationOf(parts.store)) > 0) throw refused(`${name} has no lineage, and pipeline ${parts.pipeline} has a state`);
  return read;
}

/** Makes a state of the original program's checkpoints: what it knew of each asset, and nothing of what it wrote. The next run finds that in the target. */
export async function importReference(
  parts: Parts,
  read: ReferenceCheckpoints,
  name: string,
  options: Pick<RunOptions, "signal"> & { readonly lineage?: string },
): Promise<ImportReport> {
  const lineage = await lineageToAdopt(parts, options, () => parts.random.uuid());
  const records = async function* (): AsyncGenerator<readonly StateRecord[]> {
    const head: StateHead = {
      format: 1,
      lineage,
      generation: (await generationOf(parts.store)) + 1,
      pipeline: parts.pipeline,
      source_system: parts.source.system,
      scheme: parts.settings.scheme,
      scope: scopeOf(parts),
      clean: true,
      recovered: true,
      listings: [],
    };
    yield [{ record: "head", head }];
    yield read.checkpoints.map((checkpoint) => ({ record: "checkpoint", checkpoint }));
  };
  const { head, set_aside } = await parts.store.replace(records());
  const { length: checkpoints } = read.checkpoints;
  return { pipeline: parts.pipeline, from: name, lineage, generation: head.generation, checkpoints, skipped: read.skipped, set_aside };
}

function refused(why: string): TidemarkError {
  return new TidemarkError("usage", `${why}: it is not imported.`, {
    remedy: "If it is meant, pass --force: the state that is there moves to quarantine.",
  });
}
