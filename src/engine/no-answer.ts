import type { AssetId } from "../model/asset.ts";
import type { Problem } from "../model/errors.ts";

/** The problem of an asset that a source was asked to read and did not speak of. */
export function noAnswer(asset_id: AssetId): Problem {
  return {
    asset_id,
    code: "asset_unreadable",
    message: `Reading ${asset_id} gave no answer. Run again; if it stays, report it as a defect.`,
  };
}
