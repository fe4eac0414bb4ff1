import { createHash } from "node:crypto";
import { canonicalText } from "../../csn/canonical-text.ts";
import type { Asset } from "../../model/asset.ts";
import type { Problem } from "../../model/errors.ts";
import { isJsonObject, type Json } from "../../model/json.ts";
import { mergeValue } from "../../model/three-way.ts";
import type { PutRequest } from "../../ports/target.ts";
import type { MemoryTable } from "./memory-catalog.ts";

/** Ours, with what people typed over our texts where the source's did not change, and where both did. */
export function mergeMemoryTable(
  { asset, mark }: PutRequest,
  theirs: MemoryTable | null,
): { readonly table: MemoryTable; readonly kept: readonly Problem[] } {
  const kept: Problem[] = [];
  const text = (name: string, base: string | null, ours: string | null, typed: string | null): string | null => {
    const merged = theirs === null ? { conflict: false as const, value: ours } : mergeValue(base, ours, typed);
    if (!merged.conflict) return merged.value;
    kept.push({
      asset_id: asset.id,
      code: "text_kept",
      message: `Both sides changed ${name} of ${asset.id}. What was typed in the target is kept.`,
    });
    return typed;
  };
  const before = theirs?.asset ?? null;
  const columns = asset.schema.columns.map(
    ({ name }) =>
      [name, text(`the comment of ${name}`, before && labelOf(before, name), labelOf(asset, name), own(theirs?.comments, name))] as const,
  );
  const table: MemoryTable = {
    asset,
    mark: { ...mark, asset_id: asset.id, fingerprint: fingerprintOf(asset), tombstone: null },
    description: text("the description", before && descriptionOf(before), descriptionOf(asset), theirs?.description ?? null),
    comments: Object.fromEntries(columns.filter((column): column is [string, string] => column[1] !== null)),
    parameters: theirs?.parameters ?? {},
  };
  return { table, kept };
}

function descriptionOf({ content }: Asset): string | null {
  return [content.business_name, content.description].filter((part) => part !== null).join("\n\n") || null;
}

function labelOf(asset: Asset, column: string): string | null {
  const { columns } = asset.metadata.custom_properties;
  const facts = isJsonObject(columns) && Object.hasOwn(columns, column) ? columns[column] : undefined;
  const label = isJsonObject(facts) && Object.hasOwn(facts, "label") ? facts["label"] : null;
  return typeof label === "string" ? label : null;
}

function own(texts: { readonly [name: string]: string } | undefined, name: string): string | null {
  return texts !== undefined && Object.hasOwn(texts, name) ? (texts[name] ?? null) : null;
}

/** Hash of our part of a table. */
export function fingerprintOf(asset: Asset): string {
  return createHash("sha256")
    .update(canonicalText(asset as unknown as Json))
    .digest("hex");
}
