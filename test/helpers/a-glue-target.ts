import { onTestFinished } from "vitest";
import type { GlueTargetOptions } from "../../src/connectors/glue/index.ts";
import type { Asset } from "../../src/model/asset.ts";
import type { Acknowledged } from "../../src/model/checkpoint.ts";
import type { CallOptions } from "../../src/ports/call.ts";
import type { OwnerMark, PutRequest, Target } from "../../src/ports/target.ts";
import type { GlueSandbox } from "../../src/sandbox/glue/start-glue-sandbox.ts";
import { glueTargetAt } from "./glue-harness.ts";

export const MARK: OwnerMark = { lineage: "lineage-1", pipeline: "sales" };
export const call: CallOptions = { signal: new AbortController().signal };

/** A Glue target at a sandbox, for the running test. */
export function aTarget(sandbox: Pick<GlueSandbox, "url">, options: Partial<GlueTargetOptions> = {}): Target {
  const target = glueTargetAt(sandbox.url, { database_prefix: "dsp_", ...options });
  onTestFinished(() => target.close());
  return target;
}

/** A write of the whole asset. */
export function requestFor(asset: Asset, base: Acknowledged | null = null): PutRequest {
  const change = {
    asset_id: asset.id,
    change_type: "modified",
    facets: ["content"],
    strategy: "full",
    cause: "source",
    fields: [],
  } as const;
  return { mark: MARK, change, asset, base, decisions: [] };
}

/** Writes an asset that nothing is in the way of. */
export async function put(target: Target, asset: Asset, base: Acknowledged | null = null): Promise<Acknowledged> {
  const result = await target.put(requestFor(asset, base), call);
  if (result.status !== "applied" || result.acknowledged === null) throw new Error(JSON.stringify(result));
  return result.acknowledged;
}

/** The operations that a sandbox was asked for, in their order. */
export const operations = (sandbox: GlueSandbox): readonly string[] => sandbox.requests().map(({ operation }) => operation);

export const count = (sandbox: GlueSandbox, operation: string): number => operations(sandbox).filter((name) => name === operation).length;
