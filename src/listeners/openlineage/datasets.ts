import type { Asset, AssetId } from "../../model/asset.ts";
import type { Checkpoint, HistoryRecord } from "../../model/checkpoint.ts";
import type { Json } from "../../model/json.ts";
import type { CheckpointReader } from "../../ports/checkpoint-store.ts";
import type { Dataset, DatasetName, Ends, EventBuilder, Field } from "./event.ts";

/** What things are called outside, and what a table of the target holds. */
export interface Naming {
  input(id: AssetId): DatasetName;
  /** By the key of its place. */
  output(ref: string): DatasetName;
  place(id: AssetId): string;
  /** The columns of a table as the target has them, each with the source's name where it comes from there; null where the target has no form of its own. */
  columns(document: Json): readonly (Field & { readonly source: string | null })[] | null;
}

/** Assets that one event tells of: what it holds stays within some megabytes. */
export const ASSETS_PER_EVENT = 250;

/** What a run wrote, in pages, from the audit trail and the checkpoints as they stand after it. */
export async function* datasetsOfRun(
  run_id: string,
  state: Pick<CheckpointReader, "history" | "get">,
  naming: Naming,
  build: EventBuilder,
): AsyncGenerator<Ends> {
  for await (const records of historyOf(run_id, state)) {
    const written = new Map(records.filter(({ outcome }) => outcome === "applied").map((record) => [record.asset_id, record]));
    if (written.size === 0) continue;
    const checkpoints = await state.get([...written.keys()]);
    const pairs = [...written.values()].map((record) => datasetsOf(record, checkpoints.get(record.asset_id), naming, build));
    yield { inputs: pairs.flatMap(({ input }) => input ?? []), outputs: pairs.map(({ output }) => output) };
  }
}

/** The trail's records of one run: it stands newest first, and a later run may have begun to write since. */
async function* historyOf(run_id: string, state: Pick<CheckpointReader, "history">): AsyncGenerator<readonly HistoryRecord[]> {
  let met = false;
  for (let skip = 0; ; skip += ASSETS_PER_EVENT) {
    const page = await state.history({ limit: ASSETS_PER_EVENT, skip });
    const own = page.filter((record) => record.run_id === run_id);
    if (own.length > 0) yield own;
    met ||= own.length > 0;
    if (page.length < ASSETS_PER_EVENT || (met && own.length === 0)) return;
  }
}

function datasetsOf(
  { asset_id, change_type }: HistoryRecord,
  checkpoint: Checkpoint | undefined,
  naming: Naming,
  build: EventBuilder,
): { readonly input?: Dataset; readonly output: Dataset } {
  if (checkpoint === undefined || change_type === "deleted")
    return { output: { ...naming.output(naming.place(asset_id)), facets: build.lifecycle("DROP") } };
  const { snapshot, target } = checkpoint;
  const name = naming.input(asset_id);
  const told = { ...build.documentation(snapshot.content.description), ...build.ownership(snapshot.content.owner) };
  const own = fieldsOf(snapshot);
  const columns = (target === null ? null : naming.columns(target.document)) ?? own.map((field) => ({ ...field, source: field.name }));
  return {
    input: { ...name, facets: { ...build.schema(own), ...told } },
    output: {
      ...naming.output(target?.ref ?? naming.place(asset_id)),
      facets: {
        ...build.schema(columns.map(({ source: _source, ...field }) => field)),
        ...told,
        ...build.columnLineage(
          name,
          columns.flatMap((column) => (column.source === null ? [] : [[column.name, column.source] as const])),
        ),
        ...build.lifecycle(change_type === "created" ? "CREATE" : "ALTER"),
      },
    },
  };
}

function fieldsOf({ schema }: Asset): readonly Field[] {
  return schema.columns.map(({ name, type }) => ({
    name,
    type: Object.hasOwn(schema.data_types, name) ? (schema.data_types[name] ?? type) : type,
  }));
}
