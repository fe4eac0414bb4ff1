import { diffDocuments } from "../../model/diff.ts";
import { toDocument } from "../../model/document.ts";
import type { Json, JsonObject } from "../../model/json.ts";
import { jsonPointer } from "../../model/json-pointer.ts";
import { compareCodePoints } from "../../model/order.ts";
import type { FieldDrift } from "../../model/outcome.ts";
import type { MemoryTable } from "./memory-catalog.ts";

/** What people changed on a table: the asset and the mark are ours, texts and parameters are theirs to change. */
export function memoryDrift(recorded: MemoryTable, live: MemoryTable): readonly FieldDrift[] {
  const edited = [...assetEdits(recorded, live), ...diff("/target/mark", { ...recorded.mark }, { ...live.mark })];
  const told = new Set(edited.map(({ path }) => path));
  const kept = [
    ...diff("/content", { description: recorded.description ?? "" }, { description: live.description ?? "" }),
    ...commentEdits(recorded, live),
    ...diff("/target/parameters", recorded.parameters, live.parameters),
  ].filter(({ path }) => !told.has(path));
  return [...edited, ...kept.map((field): FieldDrift => ({ ...field, kept: true }))].toSorted((a, b) => compareCodePoints(a.path, b.path));
}

function assetEdits(recorded: MemoryTable, live: MemoryTable): readonly FieldDrift[] {
  const document = ({ asset }: MemoryTable): JsonObject => (asset === null ? {} : { ...toDocument(asset) });
  return diff("", document(recorded), document(live));
}

function commentEdits(recorded: MemoryTable, live: MemoryTable): readonly FieldDrift[] {
  const labels = ({ comments }: MemoryTable): JsonObject =>
    Object.fromEntries(Object.entries(comments).map(([column, label]) => [column, { label }]));
  return diff(jsonPointer("metadata", "custom_properties", "columns"), labels(recorded), labels(live));
}

function diff(under: string, before: JsonObject, after: JsonObject): readonly FieldDrift[] {
  return diffDocuments(before, after).map(({ path, old, new: now }) => ({
    path: under + path,
    ...given("ours", old),
    ...given("theirs", now),
  }));
}

function given<Key extends "ours" | "theirs">(key: Key, value: Json | undefined): { readonly [key in Key]?: Json } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [key in Key]?: Json });
}
