import { expect } from "vitest";
import type { Asset } from "../../model/asset.ts";
import type { Change } from "../../model/change.ts";
import type { Acknowledged } from "../../model/checkpoint.ts";
import type { CallOptions } from "../../ports/call.ts";
import type { DeleteRequest, Observed, OwnerMark, PutRequest, Target, WriteResult } from "../../ports/target.ts";
import { anAsset, type AssetTraits } from "../builders.ts";
import type { TargetHarness } from "../target-conformance.ts";

/** Tests a claim over a new catalog. */
export type Claim = (title: string, check: (harness: TargetHarness) => Promise<void>) => void;

export const MARK: OwnerMark = { lineage: "lineage-1", pipeline: "sales" };
export const CALL: CallOptions = { signal: new AbortController().signal };

/** An asset whose column ID has a label. */
export const labelled = (label: string, traits: AssetTraits = {}): Asset =>
  anAsset({ custom_properties: { columns: { ID: { label } } }, ...traits });

export function requestFor(asset: Asset, base: Acknowledged | null = null, more: Partial<PutRequest> = {}): PutRequest {
  const change: Change = {
    asset_id: asset.id,
    change_type: base === null ? "created" : "modified",
    facets: ["content"],
    strategy: "full",
    cause: "source",
    fields: [],
  };
  return { mark: MARK, change, asset, base, decisions: [], ...more };
}

/** Puts, and answers with the acknowledgement. */
export async function put(
  target: Target,
  asset: Asset,
  base: Acknowledged | null = null,
  more: Partial<PutRequest> = {},
): Promise<Acknowledged> {
  return acknowledgement(await target.put(requestFor(asset, base, more), CALL));
}

/** What a write that was applied acknowledged. */
export function acknowledgement(result: WriteResult): Acknowledged {
  expect(result).toMatchObject({ status: "applied" });
  if (result.status !== "applied" || result.acknowledged === null) throw new Error(`not acknowledged: ${result.status}`);
  return result.acknowledged;
}

export type Present = Extract<Observed, { state: "present" }>;

/** What stands at a place where something is to stand. */
export async function seen(target: Target, ref: string): Promise<Present> {
  const observed = (await target.observe([ref], CALL)).get(ref);
  if (observed?.state !== "present") throw new Error(`${ref} is ${observed?.state}`);
  return observed;
}

export const deletion = (asset: Asset, base: Acknowledged | null, target: Target): DeleteRequest => ({
  mark: MARK,
  asset_id: asset.id,
  ref: target.place(asset.id).key,
  base,
  generation: 7,
});
