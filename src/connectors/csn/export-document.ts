import { createHash } from "node:crypto";
import { canonicalText } from "../../csn/canonical-text.ts";
import { fromAsset } from "../../csn/from-asset.ts";
import { type Definition, MAX_DEPTH } from "../../csn/to-asset.ts";
import type { Asset } from "../../model/asset.ts";
import type { Problem } from "../../model/errors.ts";
import { isJsonObject, type Json, type JsonObject } from "../../model/json.ts";
import { keysInOrder, objectInOrder } from "../../model/key-order.ts";
import { parseJson } from "../../model/parse-json.ts";
import type { ObservedMark, OwnerMark } from "../../ports/target.ts";

/** Version of the mapping from assets to files. */
export const FILE_VERSION = 1;

/**
 * The file that an asset is written to: a CSN export of one definition, as Datasphere's own exports are made.
 *
 * What CSN has no place for stands in `meta`, which every tool uses for itself and nobody reads as part of the model: whose the file is,
 * and under `source` the asset whole, so that it is given back exactly and an edit is told from what was written.
 */
export function exportDocument(asset: Asset, mark: OwnerMark): Exported {
  let content: JsonObject;
  try {
    content = contentOf(fromAsset(asset));
  } catch (error) {
    // An asset of another source, with names in it that are none in CSN.
    const message = `${asset.id} cannot be told in CSN: ${(error as Error).message}.`;
    return { ok: false, problem: { asset_id: asset.id, code: "value_unrepresentable", message } };
  }
  const fingerprint = fingerprintOf(withMark(content, asset, mark, ""));
  return { ok: true, document: withMark(content, asset, mark, fingerprint), fingerprint };
}

export type Exported =
  | { readonly ok: true; readonly document: JsonObject; readonly fingerprint: string }
  | { readonly ok: false; readonly problem: Problem };

/** A document with the mark for an asset; what else stands in it stays. */
export function withMark(document: JsonObject, asset: Asset, mark: OwnerMark, fingerprint: string): JsonObject {
  const { meta, $version, ...model } = document;
  const theirs = isJsonObject(meta) ? meta : {};
  return {
    ...model,
    meta: {
      creator: "Tidemark",
      ...theirs,
      tidemark: {
        v: FILE_VERSION,
        owner: mark.lineage,
        pipeline: mark.pipeline,
        asset: asset.id,
        fingerprint,
        source: asset as unknown as Json,
      },
    },
    $version: $version ?? "1.0",
  };
}

/** A document with the deletion mark. */
export function withTombstone(document: JsonObject, generation: number): JsonObject {
  const { meta } = document;
  const mark = isJsonObject(meta) ? meta["tidemark"] : undefined;
  return { ...document, meta: { ...(meta as JsonObject), tidemark: { ...(mark as JsonObject), tombstone: generation } } };
}

/** What a document's mark tells: whose it is, the asset, and the definition that we wrote of it. */
export interface Told {
  readonly mark: ObservedMark;
  readonly asset: Asset;
  readonly written: Definition;
}

/** What the mark of a document tells; null where a part of it is missing or is none. */
export function markIn(document: JsonObject): Told | null {
  const { meta } = document;
  const found = isJsonObject(meta) ? meta["tidemark"] : undefined;
  if (!isJsonObject(found)) return null;
  const { owner, pipeline, asset: id, fingerprint, tombstone, source } = found;
  if (typeof owner !== "string" || typeof pipeline !== "string" || typeof fingerprint !== "string") return null;
  if (typeof id !== "string" || !isAsset(source) || source["id"] !== id) return null;
  const marked = typeof tombstone === "number" ? tombstone : null;
  const asset = source as unknown as Asset;
  try {
    return { mark: { lineage: owner, pipeline, asset_id: id, fingerprint, tombstone: marked }, asset, written: fromAsset(asset) };
  } catch {
    // Somebody's writing: no asset that we wrote.
    return null;
  }
}

/** The one definition of a document, and its business layer; null where it has several, none, or one that is no object. */
export function onlyDefinition(document: JsonObject): Pick<Definition, "name" | "definition" | "businessLayer"> | null {
  const { definitions, businessLayerDefinitions: layers } = document;
  if (!isJsonObject(definitions)) return null;
  const [only, ...others] = Object.entries(definitions);
  if (only === undefined || others.length > 0) return null;
  const [name, definition] = only;
  if (!isJsonObject(definition)) return null;
  const layer = isJsonObject(layers) && Object.hasOwn(layers, name) ? layers[name] : undefined;
  return { name, definition, ...(layer === undefined ? {} : { businessLayer: layer }) };
}

/** The model of a file with this one definition. */
export function contentOf({ name, definition, businessLayer }: Pick<Definition, "name" | "definition" | "businessLayer">): JsonObject {
  return {
    definitions: objectInOrder([[name, definition]]),
    ...(businessLayer === undefined ? {} : { businessLayerDefinitions: objectInOrder([[name, businessLayer]]) }),
    version: { csn: "1.0" },
  };
}

/**
 * Hash of our part of a file as it stands: the asset that it tells, and of the definition every key that we write, in the order of our
 * columns. Not in it: labels and descriptions, which people may change as they like, and what others added.
 */
export function fingerprintOf(document: JsonObject): string {
  const told = markIn(document);
  const live = onlyDefinition(document);
  if (told === null || live === null) return "";
  const { definition, businessLayer } = told.written;
  const elements = membersOf(definition, "elements");
  const standing = membersOf(live.definition, "elements");
  const part: Json = {
    asset: told.asset as unknown as Json,
    definition: ownKeys(definition, live.definition, (key) => key === "elements" || DEFINITION_TEXTS.has(key)),
    elements: keysInOrder(standing)
      .filter((name) => Object.hasOwn(elements, name))
      .map((name) => [name, ownKeys(elements[name] as Json, standing[name] as Json, (key) => key === LABEL)]),
    layer: businessLayer === undefined ? null : (live.businessLayer ?? null),
  };
  return createHash("sha256").update(canonicalText(part)).digest("hex");
}

export const LABEL = "@EndUserText.label";
/** Keys of a definition that hold texts for people. */
export const DEFINITION_TEXTS: ReadonlySet<string> = new Set([LABEL, "@EndUserText.quickInfo", "doc"]);

/** The object under a key; empty where there is none. */
export function membersOf(object: JsonObject, key: string): JsonObject {
  const members = Object.hasOwn(object, key) ? object[key] : undefined;
  return isJsonObject(members) ? members : {};
}

/** The document in a file's bytes; null where they hold no JSON object. */
export function parseDocument(bytes: Uint8Array): JsonObject | null {
  try {
    const document = parseJson(new TextDecoder("utf-8", { fatal: true }).decode(bytes), { maxDepth: DEEPEST });
    return isJsonObject(document) ? document : null;
  } catch {
    return null;
  }
}

/** The text of a document, as Datasphere indents its exports; columns in their order, whatever they are called. */
export function documentText(document: JsonObject): string {
  return `${indented(document, "")}\n`;
}

/** The asset in `meta` stands a few levels deeper than the definition that it came from. */
const DEEPEST = MAX_DEPTH + 16;

function indented(value: Json, indent: string): string {
  const deeper = `${indent}  `;
  const within = (items: readonly string[]): string => `\n${items.map((item) => deeper + item).join(",\n")}\n${indent}`;
  if (Array.isArray(value)) return value.length === 0 ? "[]" : `[${within(value.map((item: Json) => indented(item, deeper)))}]`;
  if (!isJsonObject(value)) return JSON.stringify(value);
  const keys = keysInOrder(value).filter((key) => value[key] !== undefined);
  if (keys.length === 0) return "{}";
  return `{${within(keys.map((key) => `${JSON.stringify(key)}: ${indented(value[key] as Json, deeper)}`))}}`;
}

function ownKeys(written: Json, live: Json, isLeftOut: (key: string) => boolean): Json {
  if (!isJsonObject(written) || !isJsonObject(live)) return live;
  return Object.fromEntries(
    Object.keys(written).flatMap((key) => (isLeftOut(key) || !Object.hasOwn(live, key) ? [] : [[key, live[key] as Json]])),
  );
}

function isAsset(value: Json | undefined): value is JsonObject {
  if (!isJsonObject(value)) return false;
  const { id, content, schema, metadata } = value;
  return (
    typeof id === "string" &&
    isJsonObject(content) &&
    typeof content["technical_name"] === "string" &&
    isJsonObject(schema) &&
    Array.isArray(schema["columns"]) &&
    Array.isArray(schema["constraints"]) &&
    isJsonObject(metadata) &&
    isJsonObject(metadata["custom_properties"])
  );
}
