import { hash } from "node:crypto";
import { canonicalText } from "../../csn/canonical-text.ts";
import type { Asset } from "../../model/asset.ts";
import type { Json } from "../../model/json.ts";

/** What stands for an asset where nothing cheaper does: a hash of all of it. */
export function assetToken(asset: Asset): string {
  return `sha256:${hash("sha256", canonicalText(asset as unknown as Json))}`;
}
