import type { AssetId } from "./asset.ts";
import type { MergePolicy } from "./checkpoint.ts";
import { namePattern } from "./name-pattern.ts";

/** Who wins where source and target both changed a field. A rule holds for the assets and fields that its patterns match. */
export interface MergeRule {
  /** A {@link namePattern} of ids: `SALES.*`. Absent: every asset. */
  readonly assets?: string;
  /**
   * One of {@link FIELD_GROUPS}, or JSON Pointers into the document with `*` for any run of characters within one key:
   * `/schema/columns/NETWR/type`. Absent: every field.
   */
  readonly fields?: string;
  readonly policy: MergePolicy;
}

/** Answers with the policy for one field of one asset, by JSON Pointer into the document shape. */
export type PolicyFor = (id: AssetId, path: string) => MergePolicy;

export const FIELD_GROUPS = ["description", "comments", "structure"] as const;

/** Fields that are edited by the same kind of people: texts of tables, texts of columns, and all else. */
export type FieldGroup = (typeof FIELD_GROUPS)[number];

/** What holds where no rule says otherwise: structure follows the source, descriptions and comments keep what people typed. */
export const DEFAULT_POLICIES: { readonly [group in FieldGroup]: MergePolicy } = {
  description: "target_wins",
  comments: "target_wins",
  structure: "source_wins",
};

/** The policies of a pipeline: the first rule that matches decides, else what holds for the field's group. */
export function mergePolicies(rules: readonly MergeRule[], byGroup: typeof DEFAULT_POLICIES = DEFAULT_POLICIES): PolicyFor {
  const compiled = rules.map(({ assets = "*", fields, policy }) => ({
    isAsset: namePattern(assets),
    isField: fieldPattern(fields),
    policy,
  }));
  return (id, path) => compiled.find(({ isAsset, isField }) => isAsset(id) && isField(path))?.policy ?? byGroup[groupOf(path)];
}

function groupOf(path: string): FieldGroup {
  if (path === "/content/description" || path === "/content/business_name") return "description";
  return COMMENT.test(path) ? "comments" : "structure";
}

const COMMENT = /^\/metadata\/custom_properties\/columns\/[^/]*\/label$/;

function fieldPattern(fields: string | undefined): (path: string) => boolean {
  if (fields === undefined) return () => true;
  if (FIELD_GROUPS.some((group) => group === fields)) return (path) => groupOf(path) === fields;
  const texts = fields.split("*").map((text) => RegExp.escape(text));
  const pattern = new RegExp(`^${texts.join("[^/]*")}$`);
  return (path) => pattern.test(path);
}
