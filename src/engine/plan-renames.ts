import { RenameSearch } from "../detect/renames.ts";
import type { Asset, AssetId } from "../model/asset.ts";
import type { CheckpointReader } from "../ports/checkpoint-store.ts";
import type { Spool } from "../ports/spool.ts";

/** Deletions that are looked through for renames. A plan of more is no matter of renames. */
const MOST_VANISHED = 10_000;
/** Snapshots that are read at a time. */
const BATCH = 100;

/**
 * Pairs assets that vanish with assets that appear in the spooled plan, and adds the pairs to it. Goes through what appears twice, because
 * only a few pages of it are held at a time, and a batch of the snapshots of what vanished.
 */
export async function planRenames(reader: CheckpointReader, spool: Spool, policy: "show" | "carry"): Promise<void> {
  const search = new RenameSearch();
  let vanished = 0;
  for await (const ids of deletedIn(spool)) {
    vanished += ids.length;
    if (vanished > MOST_VANISHED) return;
    for await (const snapshot of snapshotsOf(reader, ids)) search.addVanished(snapshot);
  }
  if (!search.isOpen) return;
  for await (const page of createdIn(spool)) for (const asset of page) search.addAppeared(asset);
  if (!search.hasCandidates) return;
  let candidates: Candidate[] = [];
  for await (const page of createdIn(spool)) {
    for (const after of page) for (const id of search.candidatesFor(after)) candidates.push({ id, after });
    if (candidates.length < BATCH) continue;
    await compare(search, reader, candidates);
    candidates = [];
  }
  await compare(search, reader, candidates);
  const carried = policy === "carry";
  await spool.append(search.renames().map((rename) => ({ record: "rename" as const, rename, carried })));
}

/** A vanished asset that may be one that appeared. */
interface Candidate {
  readonly id: AssetId;
  readonly after: Asset;
}

async function compare(search: RenameSearch, reader: CheckpointReader, candidates: readonly Candidate[]): Promise<void> {
  const byVanished = Map.groupBy(candidates, ({ id }) => id);
  for await (const before of snapshotsOf(reader, [...byVanished.keys()]))
    for (const { after } of byVanished.get(before.id) ?? []) search.compare(before, after);
}

async function* deletedIn(spool: Spool): AsyncGenerator<readonly AssetId[]> {
  for await (const page of spool.records(["delete"]))
    yield page.flatMap((record) => (record.record === "step" && record.step.kind === "delete" ? [record.step.change.asset_id] : []));
}

async function* createdIn(spool: Spool): AsyncGenerator<readonly Asset[]> {
  for await (const page of spool.records(["put"]))
    yield page.flatMap((record) =>
      record.record === "step" && record.step.kind === "put" && record.step.change.change_type === "created" ? [record.step.asset] : [],
    );
}

async function* snapshotsOf(reader: CheckpointReader, ids: readonly AssetId[]): AsyncGenerator<Asset> {
  for (let at = 0; at < ids.length; at += BATCH)
    for (const { snapshot } of (await reader.get(ids.slice(at, at + BATCH))).values()) yield snapshot;
}
