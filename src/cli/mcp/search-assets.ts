import type { CheckpointReader } from "../../engine/surface.ts";
import type { Checkpoint } from "../../model/checkpoint.ts";

export interface FoundAsset {
  readonly asset_id: string;
  readonly asset_type: string;
  readonly business_name: string | null;
  readonly table: string | null;
  /** Where the words were found. */
  readonly found_in: readonly string[];
}

/** Looks for assets of a state in which every word occurs somewhere: id, names, description, owner, tags, columns and their labels. */
export async function searchAssets(
  reader: Pick<CheckpointReader, "checkpoints">,
  query: string,
  limit: number,
): Promise<{ readonly assets: readonly FoundAsset[]; readonly more: boolean }> {
  const words = query
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  const assets: FoundAsset[] = [];
  for await (const page of reader.checkpoints()) {
    for (const checkpoint of page) {
      const found = foundIn(checkpoint, words);
      if (found === null) continue;
      if (assets.length === limit) return { assets, more: true };
      assets.push({
        asset_id: checkpoint.asset_id,
        asset_type: checkpoint.asset_type,
        business_name: checkpoint.snapshot.content.business_name,
        table: checkpoint.target?.ref ?? null,
        found_in: found,
      });
    }
  }
  return { assets, more: false };
}

function foundIn({ asset_id, snapshot }: Checkpoint, words: readonly string[]): readonly string[] | null {
  const { content, schema, metadata } = snapshot;
  const places: readonly (readonly [string, string | null])[] = [
    ["asset_id", asset_id],
    ["business_name", content.business_name],
    ["description", content.description],
    ["owner", content.owner],
    ...metadata.tags.map((tag) => ["tags", tag] as const),
    ...schema.columns.map(({ name }) => [`columns.${name}`, `${name} ${labelOf(metadata.custom_properties["columns"], name)}`] as const),
  ];
  const texts = places.map(([place, text]) => [place, (text ?? "").toLowerCase()] as const);
  if (!words.every((word) => texts.some(([, text]) => text.includes(word)))) return null;
  return [...new Set(texts.filter(([, text]) => words.some((word) => text.includes(word))).map(([place]) => place))];
}

function labelOf(columns: unknown, name: string): string {
  const facts = (columns ?? {}) as { readonly [column: string]: { readonly label?: unknown } | undefined };
  const label = Object.hasOwn(facts, name) ? facts[name]?.label : undefined;
  return typeof label === "string" ? label : "";
}
