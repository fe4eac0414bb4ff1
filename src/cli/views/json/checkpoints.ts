import type { Checkpoint } from "../../../model/checkpoint.ts";
import type { CheckpointReader } from "../../../engine/surface.ts";
import { streamJson } from "./envelope.ts";
import { listLines } from "./lines.ts";

/** The checkpoints as `checkpoint list --json` prints them. Without a state there are none. */
export function checkpointsJson(pipeline: string, reader: Pick<CheckpointReader, "checkpoints"> | null): AsyncGenerator<string> {
  return streamJson({ pipeline, checkpoints: () => pages(reader) });
}

/** The same as JSON Lines. */
export function checkpointLines(pipeline: string, reader: Pick<CheckpointReader, "checkpoints"> | null): AsyncGenerator<string> {
  return listLines(pipeline, { type: "checkpoint", counted: "checkpoints" }, pages(reader));
}

/** The reference's nine fields of a checkpoint. */
export function checkpointJson(checkpoint: Checkpoint): { readonly [key: string]: unknown } {
  const { asset_id, asset_type, source_system, last_sync_time, sync_version, fingerprint, snapshot } = checkpoint;
  return {
    asset_id,
    asset_type,
    source_system,
    last_sync_time,
    content_hash: fingerprint.content,
    schema_hash: fingerprint.schema,
    metadata_hash: fingerprint.metadata,
    sync_version,
    custom_properties: snapshot.metadata.custom_properties,
  };
}

async function* pages(reader: Pick<CheckpointReader, "checkpoints"> | null): AsyncGenerator<readonly object[]> {
  if (reader === null) return;
  for await (const page of reader.checkpoints()) yield page.map(checkpointJson);
}
