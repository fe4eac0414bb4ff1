import { type AssetId, spaceOf } from "../model/asset.ts";
import type { Checkpoint } from "../model/checkpoint.ts";
import { compareCodePoints } from "../model/order.ts";
import type { CheckpointReader } from "../ports/checkpoint-store.ts";
import { entryOf } from "./entry.ts";

/** A reader as it would read after `overlay` was recorded: checkpoints put in, or taken out where null. The overlay stands in memory and is small: one batch of intents. */
export function overlaidReader(reader: CheckpointReader, overlay: ReadonlyMap<AssetId, Checkpoint | null>): CheckpointReader {
  if (overlay.size === 0) return reader;
  const ids = [...overlay.keys()].sort(compareCodePoints);

  async function* merged<T>(
    pages: AsyncIterable<readonly T[]>,
    idOf: (row: T) => AssetId,
    rowOf: (checkpoint: Checkpoint) => T,
    after: AssetId | undefined,
  ): AsyncIterable<readonly T[]> {
    let at = after === undefined ? 0 : ids.findIndex((id) => compareCodePoints(id, after) > 0);
    if (at < 0) at = ids.length;
    const put = (page: T[], id: AssetId): void => {
      const checkpoint = overlay.get(id);
      if (checkpoint != null) page.push(rowOf(checkpoint));
    };
    for await (const rows of pages) {
      const page: T[] = [];
      for (const row of rows) {
        for (let id = ids[at]; id !== undefined && compareCodePoints(id, idOf(row)) < 0; id = ids[++at]) put(page, id);
        if (ids[at] === idOf(row)) put(page, idOf(row));
        else page.push(row);
        if (ids[at] === idOf(row)) at++;
      }
      yield page;
    }
    const rest: T[] = [];
    for (const id of ids.slice(at)) put(rest, id);
    if (rest.length > 0) yield rest;
  }

  return {
    head: () => reader.head(),
    count: async () => {
      const there = await reader.get(ids);
      const put = ids.filter((id) => overlay.get(id) != null).length;
      return (await reader.count()) - there.size + put;
    },
    spaces: async () => {
      const put = ids.filter((id) => overlay.get(id) != null).map(spaceOf);
      return [...new Set([...(await reader.spaces()), ...put])].sort(compareCodePoints);
    },
    entries: ({ after } = {}) => merged(reader.entries(after === undefined ? {} : { after }), (row) => row.asset_id, entryOf, after),
    checkpoints: ({ after } = {}) =>
      merged(
        reader.checkpoints(after === undefined ? {} : { after }),
        (row) => row.asset_id,
        (row) => row,
        after,
      ),
    get: async (wanted) => {
      const found = new Map(await reader.get(wanted));
      for (const id of wanted) {
        const checkpoint = overlay.get(id);
        if (checkpoint === null) found.delete(id);
        else if (checkpoint !== undefined) found.set(id, checkpoint);
      }
      return found;
    },
    intents: () => reader.intents(),
    memory: (key) => reader.memory(key),
    memories: () => reader.memories(),
    versions: (options) => reader.versions(options),
    runs: (limit) => reader.runs(limit),
    reports: () => reader.reports(),
    history: (options) => reader.history(options),
    trail: () => reader.trail(),
    [Symbol.asyncDispose]: () => reader[Symbol.asyncDispose](),
  };
}
