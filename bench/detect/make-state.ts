import { assemble } from "../../src/config/assemble.ts";
import { loadConfig } from "../../src/config/load.ts";
import { fingerprintAsset } from "../../src/detect/fingerprint-asset.ts";
import { openRun } from "../../src/engine/run-context.ts";
import type { Checkpoint, OutcomeRecord } from "../../src/model/checkpoint.ts";
import type { Listed } from "../../src/model/listing.ts";
import type { ListingCertificate } from "../../src/model/listing.ts";

// Makes the state that a first sync into a change feed leaves, without its intents and its feed: what is measured later begins here, and a
// first sync of a million assets would take longer than all of that.
const config = await loadConfig({ file: process.argv[2] as string, cwd: process.cwd(), env: {} });
await using parts = await assemble(config, undefined, { log: { event: () => undefined } });
const { signal } = new AbortController();
{
  await using lease = await parts.store.acquire();
  const { scope, mark, basis } = await openRun(parts, lease, { signal });
  const { pipeline, source, target, settings } = parts;
  const head = { lineage: mark.lineage, pipeline, source_system: source.system, scheme: settings.scheme, scope, recovered: false };
  await lease.begin({ ...head, clean: false, listings: [] });
  const listings: ListingCertificate[] = [];
  const memory = { get: async () => undefined, set: () => undefined };
  let pending: Listed[] = [];
  for await (const event of source.list({ signal, memory, known: new Set() })) {
    if (event.kind === "certificate") listings.push(event.certificate);
    if (event.kind !== "listed") continue;
    pending.push(...event.items);
    if (pending.length >= 5_000) pending = await record(pending);
  }
  await record(pending);
  await lease.commit({ head: { ...head, clean: true, listings }, memory: new Map(), report: null });

  async function record(items: readonly Listed[]): Promise<Listed[]> {
    const outcomes: OutcomeRecord[] = [];
    for await (const read of source.read(items, { signal })) {
      if (read.kind !== "asset") throw new Error(`${read.id} cannot be read`);
      const { id: asset_id, asset, token } = read;
      const projection = target.project(asset, mark);
      if (!projection.ok) throw new Error(projection.problem.message);
      const { document, fingerprint } = projection;
      const checkpoint: Checkpoint = {
        asset_id,
        asset_type: asset.asset_type,
        source_system: source.system,
        last_sync_time: new Date(0).toISOString(),
        sync_version: 1,
        fingerprint: fingerprintAsset(asset, settings.scheme),
        raw: token === null ? null : { token, basis },
        snapshot: asset,
        target: { ref: asset_id, revision: "made", document, fingerprint, mapping: target.mapping },
        tombstone: null,
        decisions: [],
      };
      outcomes.push({ seq: null, asset_id, checkpoint });
    }
    await lease.record(outcomes);
    return [];
  }
}
