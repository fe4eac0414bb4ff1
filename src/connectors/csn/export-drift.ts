import { canonicalText } from "../../csn/canonical-text.ts";
import { NO_OVERLAY } from "../../csn/overlay.ts";
import { toAsset } from "../../csn/to-asset.ts";
import type { Asset, AssetId } from "../../model/asset.ts";
import { diffDocuments } from "../../model/diff.ts";
import { toDocument } from "../../model/document.ts";
import type { Json, JsonObject } from "../../model/json.ts";
import type { PolicyFor } from "../../model/merge-policy.ts";
import { compareCodePoints } from "../../model/order.ts";
import type { FieldDrift } from "../../model/outcome.ts";
import { markIn, onlyDefinition } from "./export-document.ts";

/**
 * What people changed in a file since we last wrote it, in the fields of the asset that its definition makes.
 *
 * | what differs | whose |
 * |---|---|
 * | labels and descriptions | theirs, unless their policy says the source's |
 * | what was added | theirs |
 * | everything else of the definition, our marks | ours |
 * | other keys of the file | theirs |
 */
export function exportDrift(recorded: JsonObject, live: JsonObject, policyFor: PolicyFor): readonly FieldDrift[] {
  const id = markIn(recorded)?.mark.asset_id ?? "";
  const found = [...definitionEdits(id, recorded, live, policyFor), ...markEdits(recorded, live), ...otherEdits(recorded, live)];
  return found.toSorted((a, b) => compareCodePoints(a.path, b.path));
}

function definitionEdits(id: AssetId, recorded: JsonObject, live: JsonObject, policyFor: PolicyFor): readonly FieldDrift[] {
  const [before, after] = [assetIn(recorded), assetIn(live)];
  if (before === null || after === null) {
    const [ours, theirs] = [recorded["definitions"] ?? null, live["definitions"] ?? null];
    return canonicalText(ours) === canonicalText(theirs) ? [] : [{ path: "/target/definitions", ours, theirs }];
  }
  return diffDocuments(toDocument(before), toDocument(after)).map((field) => {
    const isText = TEXTS.test(field.path) && policyFor(id, field.path) !== "source_wins";
    return drifted(field, isText || field.old === undefined);
  });
}

const TEXTS = /^\/content\/(business_name|description)$|^\/metadata\/custom_properties\/columns\/[^/]*\/label$/;

function markEdits(recorded: JsonObject, live: JsonObject): readonly FieldDrift[] {
  const mark = (document: JsonObject): JsonObject => {
    const told = markIn(document);
    return told === null ? {} : { ...told.mark, source: canonicalText(told.asset as unknown as Json) };
  };
  return diffDocuments({ target: { mark: mark(recorded) } }, { target: { mark: mark(live) } }).map((field) => drifted(field, false));
}

function otherEdits(recorded: JsonObject, live: JsonObject): readonly FieldDrift[] {
  const others = ({ definitions: _definitions, businessLayerDefinitions: _layers, meta: _meta, ...rest }: JsonObject): JsonObject => rest;
  return diffDocuments({ target: others(recorded) }, { target: others(live) }).map((field) => drifted(field, true));
}

function drifted({ path, old, new: now }: ReturnType<typeof diffDocuments>[number], isKept: boolean): FieldDrift {
  return {
    path,
    ...(old === undefined ? {} : { ours: old }),
    ...(now === undefined ? {} : { theirs: now }),
    ...(isKept ? { kept: true as const } : {}),
  };
}

/** The asset that the definition makes, whatever the mark says; null where it makes none. */
function assetIn(document: JsonObject): Asset | null {
  const found = onlyDefinition(document);
  if (found === null) return null;
  try {
    return toAsset({ space: "", ...found, overlay: NO_OVERLAY });
  } catch {
    return null;
  }
}
