import type { Parts } from "../../src/engine/parts.ts";
import { sameJson } from "../../src/model/diff.ts";
import type { Json } from "../../src/model/json.ts";

/** How target and state differ at rest, with `assets` assets in the source: by what every table tells, and what every checkpoint does. */
export async function differencesAtRest({ pipeline, target, store }: Parts, assets: number): Promise<readonly string[]> {
  const signal = AbortSignal.timeout(60_000);
  const tables = new Map<string, unknown>();
  for await (const page of target.scan(pipeline, { signal }))
    for (const table of page) tables.set(table.mark?.asset_id ?? table.ref, target.restore(table.document));
  const findings: string[] = [];
  await using reader = await store.reader();
  for await (const page of reader.checkpoints()) {
    for (const { asset_id, snapshot } of page) {
      if (!sameJson((tables.get(asset_id) ?? null) as Json, snapshot as unknown as Json))
        findings.push(`the table of ${asset_id} does not tell what its checkpoint does`);
      tables.delete(asset_id);
    }
  }
  for (const id of tables.keys()) findings.push(`the table of ${id} is an orphan`);
  if ((await reader.count()) !== assets) findings.push(`${await reader.count()} checkpoints for ${assets} definitions`);
  return findings;
}
