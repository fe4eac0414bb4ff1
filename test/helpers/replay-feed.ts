import type { AssetId } from "../../src/model/asset.ts";
import { isJsonObject, type Json, type JsonObject } from "../../src/model/json.ts";
import { keysOf } from "../../src/model/json-pointer.ts";
import type { PatchOperation } from "../../src/model/patch.ts";
import { parseJson } from "../../src/model/parse-json.ts";

/**
 * Reads a change feed as docs/reference/changefeed.md tells its readers to: the documents of all assets after its last line. Applies
 * patches by the letter of RFC 6902, so that a path that is not there is an error.
 */
export function replayFeed(text: string): ReadonlyMap<AssetId, Json> {
  const held = new Map<AssetId, { readonly key: string; readonly document: Json }>();
  for (const line of text.split("\n").slice(0, -1)) {
    const { key, previous, asset_id, patch } = parseJson(line, { maxDepth: 100 }) as unknown as Line;
    const before = held.get(asset_id);
    const [first] = patch;
    if (first?.path === "") {
      if (first.op === "remove") held.delete(asset_id);
      else held.set(asset_id, { key, document: first.value });
    } else if (before?.key !== key) {
      if (before === undefined || before.key !== previous)
        throw new Error(`a line for ${asset_id} begins from ${previous}, the reader holds ${before?.key ?? "none"}`);
      held.set(asset_id, { key, document: patch.reduce(applyOperation, before.document) });
    }
  }
  return new Map([...held].map(([id, { document }]) => [id, document]));
}

interface Line {
  readonly key: string;
  readonly previous: string | null;
  readonly asset_id: AssetId;
  readonly patch: readonly PatchOperation[];
}

/** One operation, by the letter of RFC 6902: a place that is not there is an error. */
export function applyOperation(document: Json, operation: PatchOperation): Json {
  return at(document, keysOf(operation.path), operation);
}

function at(value: Json | undefined, [key, ...rest]: readonly string[], operation: PatchOperation): Json {
  const missing = (): Error => new Error(`${operation.op} ${operation.path}: there is no such place`);
  if (key === undefined) throw missing();
  if (Array.isArray(value)) return inArray(value as readonly Json[], key, rest, operation);
  if (!isJsonObject(value)) throw missing();
  const has = Object.hasOwn(value, key);
  if (rest.length > 0) return has ? replaced(value, key, at(value[key], rest, operation)) : fail(missing());
  if (operation.op === "add") return replaced(value, key, operation.value);
  if (!has) throw missing();
  return operation.op === "replace"
    ? replaced(value, key, operation.value)
    : Object.fromEntries(Object.entries(value).filter(([other]) => other !== key));
}

function inArray(items: readonly Json[], key: string, rest: readonly string[], operation: PatchOperation): Json {
  const index = Number(key);
  if (rest.length > 0 || index > items.length - (operation.op === "add" ? 0 : 1))
    throw new Error(`${operation.op} ${operation.path}: there is no such item`);
  return operation.op === "remove" ? items.toSpliced(index, 1) : items.toSpliced(index, operation.op === "add" ? 0 : 1, operation.value);
}

function replaced(object: JsonObject, key: string, value: Json): JsonObject {
  return Object.fromEntries([...Object.entries(object).filter(([other]) => other !== key), [key, value]]);
}

function fail(error: Error): never {
  throw error;
}
