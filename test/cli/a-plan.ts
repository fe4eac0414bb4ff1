import type { Preview } from "../../src/engine/preview.ts";
import { type Asset, assetId, FACETS } from "../../src/model/asset.ts";
import type { Change } from "../../src/model/change.ts";
import type { Problem } from "../../src/model/errors.ts";
import type { ListingCertificate } from "../../src/model/listing.ts";
import type { PlanRecord, PlanSummary, Step } from "../../src/model/plan.ts";

interface PlanParts {
  readonly steps?: readonly Step[];
  readonly others?: readonly PlanRecord[];
  readonly listings?: readonly ListingCertificate[];
  readonly problems?: readonly Problem[];
  readonly basis?: Preview["header"]["basis"];
  readonly summary?: Partial<PlanSummary>;
}

/** A plan made of the given records, as the engine would hand it out: in pages, openable any number of times. */
export function aPlan({
  steps = [],
  others = [],
  listings = [],
  problems = [],
  basis = { lineage: "l-1", generation: 3 },
  summary: given = {},
}: PlanParts = {}): Preview {
  const header = { format_version: 1, pipeline: "sales", basis, scope: "s", scheme: "1.1.cms.sha256.0", mapping: "glue-1" };
  const count = (type: Change["change_type"]): number => steps.filter((step) => step.change.change_type === type).length;
  const summary: PlanSummary = {
    assets: 10,
    unchanged: 10 - steps.length,
    created: count("created"),
    modified: count("modified"),
    schema_changed: count("schema_changed"),
    metadata_changed: count("metadata_changed"),
    deleted: count("deleted"),
    withheld: others.filter((record) => record.record === "withheld").length,
    ...given,
  };
  const records: readonly PlanRecord[] = [
    { record: "header", header },
    ...steps.map((step): PlanRecord => ({ record: "step", step })),
    ...others,
    ...listings.map((listing): PlanRecord => ({ record: "listing", listing })),
    { record: "summary", summary },
  ];
  return {
    header,
    summary,
    listings,
    problems,
    async *records() {
      for (let at = 0; at < records.length; at += 2) yield records.slice(at, at + 2);
    },
    async [Symbol.asyncDispose]() {},
  };
}

/** A step that writes an asset; what differs is the caller's to say. */
export function aPut(space: string, name: string, change: Partial<Change> = {}): Step {
  return {
    kind: "put",
    asset: anAsset(space, name),
    fingerprint: { scheme: "1.1.cms.sha256.0", content: "c", schema: "s", metadata: "m" },
    raw: null,
    change: {
      asset_id: assetId(space, name),
      change_type: "created",
      facets: FACETS,
      strategy: "full",
      cause: "source",
      fields: [],
      ...change,
    },
  };
}

/** A step that deletes an asset. */
export function aDelete(space: string, name: string, change: Partial<Change> = {}): Step {
  const id = assetId(space, name);
  return {
    kind: "delete",
    ref: id,
    change: { asset_id: id, change_type: "deleted", facets: [], strategy: "deletion", cause: "source", fields: [], ...change },
  };
}

function anAsset(space: string, name: string): Asset {
  return {
    id: assetId(space, name),
    space,
    asset_type: "table",
    content: { technical_name: name, business_name: null, description: null, owner: null },
    schema: { columns: [], data_types: {}, constraints: [] },
    metadata: { tags: [], dimensions: [], measures: [], hierarchies: [], certification_status: null, custom_properties: {} },
  };
}
