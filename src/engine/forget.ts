import type { AssetId } from "../model/asset.ts";
import { TidemarkError } from "../model/errors.ts";
import type { Parts } from "./parts.ts";

/**
 * Drops one asset's checkpoint and leaves its table as it is. The next sync finds the table by its mark and goes on with it if the source
 * still has the asset; if not, the table stays until a scan of the target finds the mark again.
 */
export async function forget(parts: Pick<Parts, "pipeline" | "store" | "clock" | "random">, asset_id: AssetId): Promise<void> {
  await using lease = await parts.store.acquire();
  const head = await lease.head();
  const checkpoint = (await lease.get([asset_id])).get(asset_id);
  if (head === null || checkpoint === undefined) {
    throw new TidemarkError("usage", `Pipeline ${parts.pipeline} has no checkpoint of ${asset_id}.`, {
      remedy: "`tidemark checkpoint list` shows those it has.",
    });
  }
  const history = {
    time: new Date(parts.clock.now()).toISOString(),
    run_id: parts.random.uuid(),
    asset_id,
    change_type: "forgotten",
    facets: [],
    before: checkpoint.fingerprint,
    after: null,
    outcome: "applied" as const,
  };
  await lease.begin(head);
  await lease.record([{ seq: null, asset_id, checkpoint: null, history }]);
  await lease.commit({ head, memory: new Map(), report: null });
}
