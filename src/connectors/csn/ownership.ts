import type { AssetId } from "../../model/asset.ts";
import type { ProblemCode } from "../../model/errors.ts";
import type { Observed, OwnerMark } from "../../ports/target.ts";

/**
 * Why a file is not ours to write: null where it is ours for that very asset. With `adopt` a file of nobody's with that one definition,
 * or one of another history of this pipeline, is ours to take over.
 */
export function foreignness(
  { ref, mark: found, untouchable }: Extract<Observed, { state: "present" }>,
  mark: OwnerMark,
  id: AssetId,
  adopt: boolean,
): { readonly code: ProblemCode; readonly message: string } | null {
  const foreign = (what: string): { readonly code: ProblemCode; readonly message: string } => ({
    code: "target_foreign",
    message: `${id} belongs in ${ref}, and there ${what}. It is not touched. Rename one of the two, or take the file over with \`tidemark adopt\`.`,
  });
  if (found === null)
    return adopt && untouchable === undefined ? null : foreign(`lies ${untouchable ?? "a file"} that Tidemark did not make`);
  if (found.pipeline !== mark.pipeline) return foreign(`lies a file of pipeline ${found.pipeline}`);
  if (found.lineage !== mark.lineage && !adopt)
    return foreign(`lies a file of this pipeline from another history (lineage ${found.lineage}; this one is ${mark.lineage})`);
  if (found.asset_id === id) return null;
  return {
    code: "name_collision",
    message: `${id} belongs in ${ref}, and there still lies ${found.asset_id}. It is written once that is gone; if both are to stay, rename one of them in the source.`,
  };
}
