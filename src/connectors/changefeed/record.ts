import { hash } from "node:crypto";
import type { AssetId, Facet } from "../../model/asset.ts";
import type { ChangeType, Strategy } from "../../model/change.ts";
import { isJsonObject, type Json } from "../../model/json.ts";
import { compareCodePoints } from "../../model/order.ts";
import type { PatchOperation } from "../../model/patch.ts";

export const FORMAT_VERSION = 1;

/** One line of the feed: a stored format, described in docs/reference/changefeed.md. Holds nothing volatile, so that the same change is the same line. */
export interface FeedRecord {
  readonly format_version: typeof FORMAT_VERSION;
  /** Made of `previous`, the asset and what it becomes: a line that was written once more after a crash bears the same key. */
  readonly key: string;
  /** Key of the record whose document the patch begins from; null where the patch holds the whole document. */
  readonly previous: string | null;
  readonly pipeline: string;
  readonly asset_id: AssetId;
  readonly change_type: ChangeType;
  readonly facets: readonly Facet[];
  readonly strategy: Strategy;
  /** RFC 6902, on the document of the asset. */
  readonly patch: readonly PatchOperation[];
}

/** The record as one line, its end included. */
export function toLine(record: FeedRecord): string {
  return `${JSON.stringify(record)}\n`;
}

/** The key of a record that follows `previous` and after which the asset has that fingerprint, or is gone. */
export function recordKey(previous: string | null, id: AssetId, fingerprint: string | null): string {
  return sha256(JSON.stringify([previous, id, fingerprint]));
}

/** A hash of the document that does not depend on the order of its keys. */
export function documentFingerprint(document: Json): string {
  return sha256(sortedText(document));
}

function sortedText(value: Json): string {
  if (Array.isArray(value)) return `[${(value as readonly Json[]).map(sortedText).join(",")}]`;
  if (!isJsonObject(value)) return JSON.stringify(value);
  let text = "";
  for (const key of Object.keys(value).sort(compareCodePoints))
    text += `${text === "" ? "" : ","}${JSON.stringify(key)}:${sortedText(value[key] as Json)}`;
  return `{${text}}`;
}

function sha256(text: string): string {
  return hash("sha256", text, "hex").slice(0, 32);
}
