import type { Command } from "commander";
import type { ExitCode } from "../../../engine/exit-code.ts";
import type { AssetVersion, Checkpoint } from "../../../model/checkpoint.ts";
import { TidemarkError } from "../../../model/errors.ts";
import type { Act, Context } from "../../context.ts";
import { addExamples } from "../../help-text.ts";
import { openState, readPipeline } from "../../open-pipeline.ts";
import { print } from "../../print.ts";
import { safe, table } from "../../views/human/text.ts";
import { checkpointJson } from "../../views/json/checkpoints.ts";

export function defineShow(command: Command, act: Act): void {
  const show = command
    .command("show")
    .argument("<asset>", "its id, such as SALES.Orders")
    .description("Shows all that is recorded of one asset, and the versions of it that are kept. Opens the state for reading only.")
    .action(act(async (context, _options: object, [asset = ""]) => await showCheckpoint(context, asset)));
  addExamples(show, [
    ["tidemark checkpoint show SALES.Orders", "what was last applied, and where"],
    ["tidemark checkpoint show SALES.Orders --json | jq .snapshot", "the asset as applied"],
  ]);
}

async function showCheckpoint(context: Context, asset_id: string): Promise<ExitCode> {
  const pipeline = await readPipeline(context);
  await using reader = await openState(pipeline);
  const checkpoint = (await reader.head()) === null ? undefined : (await reader.get([asset_id])).get(asset_id);
  if (checkpoint === undefined)
    throw new TidemarkError("usage", `Pipeline ${pipeline.name} has no checkpoint of ${asset_id}.`, {
      remedy: "`tidemark checkpoint list` shows those it has.",
    });
  const versions = (await Array.fromAsync(reader.versions({ asset_id }))).flat();
  const { snapshot, target, raw, tombstone, decisions } = checkpoint;
  const told = versions.map(({ run_id, generation, sync_version }) => ({
    generation: generation - 1,
    sync_version,
    superseded_by: run_id,
  }));
  const result = { pipeline: pipeline.name, ...checkpointJson(checkpoint), snapshot, target, raw, tombstone, decisions, versions: told };
  await print(context, result, checkpointText(checkpoint, versions));
  return 0;
}

function checkpointText(checkpoint: Checkpoint, versions: readonly AssetVersion[]): string {
  const { asset_id, asset_type, last_sync_time, sync_version, fingerprint, snapshot, target, tombstone, decisions } = checkpoint;
  const rows = [
    ["asset", `${safe(asset_id)}, ${asset_type} of ${snapshot.schema.columns.length} columns`],
    ["version", `${sync_version}, synced ${last_sync_time}`],
    ["content", fingerprint.content ?? "not hashed, or never applied"],
    ["schema", fingerprint.schema ?? "not hashed, or never applied"],
    ["metadata", fingerprint.metadata ?? "not hashed, or never applied"],
    ["table", target === null ? "none acknowledged yet" : `${safe(target.ref)}, revision ${safe(target.revision)}`],
    ...(tombstone === null
      ? []
      : [["tombstone", `set at generation ${tombstone.generation}, ${tombstone.confirmations} listings without it`]]),
    ...decisions.map(({ path, policy }) => ["decided", `${safe(path)}: ${policy}`]),
    ...versions.map(({ generation, sync_version: version, run_id }) => [
      "earlier",
      version === null
        ? `not there up to generation ${generation - 1} (made by run ${run_id})`
        : `version ${version} up to generation ${generation - 1} (changed by run ${run_id})`,
    ]),
  ];
  return table(rows);
}
