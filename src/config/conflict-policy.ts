import type { AssetId } from "../model/asset.ts";
import type { MergePolicy } from "../model/checkpoint.ts";
import type { Conflicts } from "./sections.ts";

/** Who wins in a field that both sides changed, by JSON Pointer into the asset's document, as the section `conflicts` says. */
export function conflictPolicy(conflicts: Conflicts): (id: AssetId, path: string) => MergePolicy {
  return (_id, path) => {
    if (path === "/content/description") return conflicts.description;
    return path.startsWith("/metadata/custom_properties/columns/") ? conflicts.comments : conflicts.structure;
  };
}
