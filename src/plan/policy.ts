import type { AssetId } from "../model/asset.ts";
import type { MergePolicy } from "../model/checkpoint.ts";

/** Who wins where source and target both changed a field. A rule holds for the assets and fields that its patterns match. */
export interface MergeRule {
  /** Ids, with `*` for any run of characters: `SALES.*`. Absent: every asset. */
  readonly assets?: string;
  /** JSON Pointers into the document, with `*` for any run of characters within one key: `/content/description`. Absent: every field. */
  readonly fields?: string;
  readonly policy: MergePolicy;
}

/** Answers with the policy for one field of one asset, by JSON Pointer into the document shape. */
export type PolicyFor = (id: AssetId, path: string) => MergePolicy;

/** What holds where no rule says otherwise: structure follows the source, descriptions and comments keep what people typed. */
export const DEFAULT_RULES: readonly MergeRule[] = [
  { fields: "/content/business_name", policy: "target_wins" },
  { fields: "/content/description", policy: "target_wins" },
  { fields: "/metadata/custom_properties/columns/*/label", policy: "target_wins" },
];

/** The policies of a pipeline: the first rule that matches decides, then {@link DEFAULT_RULES}, then the source. */
export function mergePolicies(rules: readonly MergeRule[]): PolicyFor {
  const compiled = [...rules, ...DEFAULT_RULES].map(({ assets = "*", fields, policy }) => ({
    asset: matcher(assets, ".*"),
    field: fields === undefined ? null : matcher(fields, "[^/]*"),
    policy,
  }));
  return (id, path) => compiled.find(({ asset, field }) => asset.test(id) && field?.test(path) !== false)?.policy ?? "source_wins";
}

function matcher(pattern: string, star: string): RegExp {
  return new RegExp(
    `^${pattern
      .split("*")
      .map((text) => RegExp.escape(text))
      .join(star)}$`,
    "s",
  );
}
