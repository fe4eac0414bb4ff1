import type { FieldChange } from "./change.ts";
import { diffDocuments } from "./diff.ts";
import { type AssetDocument, COLUMN_ORDER } from "./document.ts";
import type { Json } from "./json.ts";

/** One operation of a JSON Patch (RFC 6902). */
export type PatchOperation =
  | { readonly op: "add" | "replace"; readonly path: string; readonly value: Json }
  | { readonly op: "remove"; readonly path: string };

/** The JSON Patch that turns one document of an asset into another. Empty where they are equal. */
export function toPatch(before: AssetDocument, after: AssetDocument): readonly PatchOperation[] {
  const fields = diffDocuments(before, after).filter((field) => field.path !== COLUMN_ORDER);
  return [...fields.map(operationOf), ...orderOperations(before.schema.column_order, after.schema.column_order)];
}

function operationOf(field: FieldChange): PatchOperation {
  if (field.new === undefined) return { op: "remove", path: field.path };
  return { op: field.old === undefined ? "add" : "replace", path: field.path, value: field.new };
}

// A diff calls only a true reorder a change of the order, but the list itself also moves with each column added or removed.
function orderOperations(before: readonly string[], after: readonly string[]): readonly PatchOperation[] {
  const had = new Set(before);
  const has = new Set(after);
  const stay = before.filter((name) => has.has(name));
  const reordered = after.filter((name) => had.has(name)).some((name, i) => name !== stay[i]);
  if (reordered) return [{ op: "replace", path: COLUMN_ORDER, value: after }];
  // From the end, so that no removal moves the index of the next; then from the start, so that each lands where it shall stand.
  const removed = before.flatMap((name, i): PatchOperation[] => (has.has(name) ? [] : [{ op: "remove", path: `${COLUMN_ORDER}/${i}` }]));
  const added = after.flatMap((name, i): PatchOperation[] =>
    had.has(name) ? [] : [{ op: "add", path: `${COLUMN_ORDER}/${i}`, value: name }],
  );
  return [...removed.reverse(), ...added];
}
