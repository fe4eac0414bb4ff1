import { diffAssets } from "../detect/diff-assets.ts";
import type { Asset, AssetId } from "../model/asset.ts";
import type { FieldChange } from "../model/change.ts";
import type { Checkpoint } from "../model/checkpoint.ts";
import { TidemarkError } from "../model/errors.ts";
import type { HashScheme } from "../model/fingerprint.ts";
import { compareCodePoints } from "../model/order.ts";
import type { CheckpointReader } from "../ports/checkpoint-store.ts";
import type { BackupInput } from "./backup-file.ts";
import { mergeById } from "./merge-by-id.ts";
import { checkpointsIn } from "./restore.ts";

/** How one asset differs between two moments of a state. */
export interface AssetDifference {
  readonly asset_id: AssetId;
  readonly kind: "added" | "removed" | "changed";
  /** Empty for those added and removed. */
  readonly fields: readonly FieldChange[];
}

/** An asset at one moment. */
export interface Snapshot {
  readonly id: AssetId;
  readonly asset: Asset;
}

/** The assets of a moment in code-point order of their ids, in bounded pages. */
export type Snapshots = AsyncIterable<readonly Snapshot[]>;

/** What differs between two moments, in code-point order, in bounded pages; of some assets, or of all. */
export async function* compareStates(
  before: Snapshots,
  after: Snapshots,
  scheme: HashScheme,
  only: ReadonlySet<AssetId>,
): AsyncGenerator<readonly AssetDifference[]> {
  const now = mapped(after, ({ id, asset }) => ({ asset_id: id, asset }));
  for await (const pairs of mergeById(before, now)) {
    yield pairs.flatMap(({ listed, entry }): readonly AssetDifference[] => {
      const asset_id = listed === null ? entry.asset_id : listed.id;
      if (only.size > 0 && !only.has(asset_id)) return [];
      if (listed === null) return [{ asset_id, kind: "added", fields: [] }];
      if (entry === null) return [{ asset_id, kind: "removed", fields: [] }];
      const fields = diffAssets(listed.asset, entry.asset, scheme);
      return fields.length === 0 ? [] : [{ asset_id, kind: "changed", fields }];
    });
  }
}

/** The assets as the state tells them now. */
export function snapshotsNow(reader: CheckpointReader): Snapshots {
  return mapped(reader.checkpoints(), snapshotOf);
}

/** The assets as a backup tells them. */
export function snapshotsIn(input: BackupInput): Snapshots {
  return mapped(checkpointsIn(input), snapshotOf);
}

/**
 * The assets as they were at a generation: those of now, with the versions since taken back. What changed since stands in memory. Throws
 * where the versions that are kept do not reach back so far.
 */
export async function snapshotsAt(reader: CheckpointReader, generation: number): Promise<Snapshots> {
  const then = new Map<AssetId, Asset | null>();
  let oldest = Number.POSITIVE_INFINITY;
  for await (const page of reader.versions()) {
    for (const version of page) {
      oldest = version.generation;
      if (version.generation > generation) then.set(version.asset_id, version.snapshot);
    }
  }
  const now = (await reader.head())?.generation ?? 0;
  if (generation > now || generation < Math.min(oldest - 1, now))
    throw new TidemarkError(
      "usage",
      `The state is at generation ${now}, and its versions reach back to ${Math.min(oldest - 1, now)}: it cannot tell generation ${generation}.`,
      {
        remedy: "`tidemark checkpoint backup --list` shows the generations that have a backup.",
      },
    );
  return overlaid(reader, then);
}

async function* overlaid(reader: CheckpointReader, then: ReadonlyMap<AssetId, Asset | null>): AsyncGenerator<readonly Snapshot[]> {
  const vanished = [...then].flatMap(([id, asset]) => (asset === null ? [] : [{ id, asset }]));
  const sorted = vanished.sort((a, b) => compareCodePoints(a.id, b.id));
  const one = async function* (): Snapshots {
    yield sorted;
  };
  for await (const pairs of mergeById(one(), reader.checkpoints())) {
    yield pairs.flatMap(({ listed, entry }) => {
      if (listed !== null) return [listed];
      return then.has(entry.asset_id) ? [] : [snapshotOf(entry)];
    });
  }
}

function snapshotOf({ asset_id, snapshot }: Checkpoint): Snapshot {
  return { id: asset_id, asset: snapshot };
}

async function* mapped<A, B>(pages: AsyncIterable<readonly A[]>, of: (one: A) => B): AsyncGenerator<readonly B[]> {
  for await (const page of pages) yield page.map(of);
}
