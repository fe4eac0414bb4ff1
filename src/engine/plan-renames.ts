import { pairRenames, structuralKey } from "../detect/renames.ts";
import type { Asset } from "../model/asset.ts";
import type { CheckpointReader } from "../ports/checkpoint-store.ts";
import type { Spool } from "../ports/spool.ts";

/** Deletions that are looked through for renames. A plan of more is no matter of renames, and their snapshots would fill the memory. */
const MOST_VANISHED = 10_000;

/**
 * Pairs assets that vanish with assets that appear in the spooled plan, and adds the pairs to it. Holds the snapshots of the vanished
 * and of those created assets that are built alike.
 */
export async function planRenames(reader: CheckpointReader, spool: Spool, policy: "show" | "carry"): Promise<void> {
  const vanished: Asset[] = [];
  for await (const page of spool.records(["delete"])) {
    const ids = page.flatMap((record) => (record.record === "step" && record.step.kind === "delete" ? [record.step.change.asset_id] : []));
    for (const { snapshot } of (await reader.get(ids)).values()) vanished.push(snapshot);
    if (vanished.length > MOST_VANISHED) return;
  }
  const keys = new Set(vanished.map(structuralKey).filter((key) => key !== null));
  if (keys.size === 0) return;
  const appeared: Asset[] = [];
  for await (const page of spool.records(["put"])) {
    for (const record of page) {
      if (record.record !== "step" || record.step.kind !== "put" || record.step.change.change_type !== "created") continue;
      if (keys.has(structuralKey(record.step.asset) ?? "")) appeared.push(record.step.asset);
    }
  }
  const carried = policy === "carry";
  await spool.append(pairRenames(vanished, appeared).map((rename) => ({ record: "rename" as const, rename, carried })));
}
