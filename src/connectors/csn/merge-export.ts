import { canonicalText } from "../../csn/canonical-text.ts";
import { TYPE_KEYS } from "../../csn/data-type.ts";
import { fromAsset } from "../../csn/from-asset.ts";
import type { Asset } from "../../model/asset.ts";
import type { Problem } from "../../model/errors.ts";
import { isJsonObject, type Json, type JsonObject } from "../../model/json.ts";
import { jsonPointer } from "../../model/json-pointer.ts";
import { keysInOrder, objectInOrder } from "../../model/key-order.ts";
import type { PolicyFor } from "../../model/merge-policy.ts";
import type { OwnerMark } from "../../ports/target.ts";
import { contentOf, DEFINITION_TEXTS, LABEL, markIn, membersOf, onlyDefinition, withMark } from "./export-document.ts";

export interface MergeRequest {
  readonly asset: Asset;
  readonly mark: OwnerMark;
  /** {@link fingerprintOf} the asset's own document. */
  readonly fingerprint: string;
  /** The file as it stands. */
  readonly theirs: JsonObject;
  /** What others changed of our part is brought back. */
  readonly restores: boolean;
  readonly policyFor: PolicyFor;
}

/**
 * The file to write: theirs, with our part in it, against what we last wrote, which the file itself tells.
 *
 * | part | what it becomes |
 * |---|---|
 * | labels, quick info, doc | whoever changed them; where both did, by policy what people typed |
 * | every other key of ours | whoever changed it; where both did, ours |
 * | columns | ours in our order, then theirs; one that people deleted stays away until the source changes it |
 * | every other key | theirs |
 */
export function mergeExport(request: MergeRequest): { readonly document: JsonObject; readonly kept: readonly Problem[] } {
  const { asset, mark, fingerprint, theirs } = request;
  const ours = fromAsset(asset);
  const live = onlyDefinition(theirs);
  const base = markIn(theirs)?.written;
  const merge = new Merge(request);
  const definition = merge.definition(base?.definition ?? {}, ours.definition, live?.definition ?? {});
  const layer = merge.value(base?.businessLayer, ours.businessLayer, live?.businessLayer, null);
  const { definitions: _definitions, businessLayerDefinitions: _layers, version, ...others } = theirs;
  const content = contentOf({ name: ours.name, definition, ...(layer === undefined ? {} : { businessLayer: layer }) });
  const model = { ...content, ...(version === undefined ? {} : { version }), ...others };
  return { document: withMark(model, asset, mark, fingerprint), kept: merge.kept };
}

class Merge {
  readonly kept: Problem[] = [];
  readonly #request: MergeRequest;

  constructor(request: MergeRequest) {
    this.#request = request;
  }

  definition(base: JsonObject, ours: JsonObject, theirs: JsonObject): JsonObject {
    const elements = this.#elements(membersOf(base, "elements"), membersOf(ours, "elements"), membersOf(theirs, "elements"));
    const textAt = (key: string): string | null =>
      DEFINITION_TEXTS.has(key) ? (key === LABEL ? "/content/business_name" : "/content/description") : null;
    const [kind, ...others] = this.#members(base, ours, theirs, textAt).filter(([key]) => key !== "elements");
    const columns: readonly [string, Json][] = keysInOrder(elements).length === 0 ? [] : [["elements", elements]];
    return objectInOrder([...(kind === undefined ? [] : [kind]), ...columns, ...others]);
  }

  /** The value that a key gets; undefined for none. `text` is the path of a text for people. */
  value(base: Json | undefined, ours: Json | undefined, theirs: Json | undefined, text: string | null): Json | undefined {
    const { asset, restores, policyFor } = this.#request;
    const isKept = text !== null && policyFor(asset.id, text) !== "source_wins";
    // What we never wrote is not ours to remove.
    if (base === undefined && ours === undefined) return theirs;
    if (same(ours, theirs) || (restores && !isKept) || same(theirs, base)) return ours;
    if (same(ours, base)) return theirs;
    if (!isKept) return ours;
    const message = `Both the source and somebody in the exported file changed a text of ${asset.id} (${text}). What was typed in the file is kept.`;
    this.kept.push({ asset_id: asset.id, code: "text_kept", message });
    return theirs;
  }

  #elements(base: JsonObject, ours: JsonObject, theirs: JsonObject): JsonObject {
    const merged = keysInOrder(ours).flatMap((name): [string, Json][] => {
      const [was, is, live] = [memberOf(base, name), ours[name] as JsonObject, memberOf(theirs, name)];
      if (live === undefined) return was !== undefined && same(was, is) && !this.#request.restores ? [] : [[name, is]];
      return [[name, this.#element(name, was ?? {}, is, live)]];
    });
    const added = keysInOrder(theirs).filter((name) => !Object.hasOwn(ours, name) && !Object.hasOwn(base, name));
    return objectInOrder([...merged, ...added.map((name): [string, Json] => [name, theirs[name] as Json])]);
  }

  /** A column's type is one value, whatever keys it is told in. */
  #element(name: string, base: JsonObject, ours: JsonObject, theirs: JsonObject): JsonObject {
    const type = this.value(part(base, isType), part(ours, isType), part(theirs, isType), null);
    const [was, is, live] = [base, ours, theirs].map((element) => part(element, (key) => !isType(key)) ?? {}) as [
      JsonObject,
      JsonObject,
      JsonObject,
    ];
    const label = jsonPointer("metadata", "custom_properties", "columns", name, "label");
    const others = this.#members(was, is, live, (key) => (key === LABEL ? label : null));
    return { ...(type as JsonObject | undefined), ...Object.fromEntries(others) };
  }

  #members(
    base: JsonObject,
    ours: JsonObject,
    theirs: JsonObject,
    textAt: (key: string) => string | null,
  ): readonly (readonly [string, Json])[] {
    const keys = [...keysInOrder(ours), ...keysInOrder(theirs).filter((key) => !Object.hasOwn(ours, key))];
    return keys.flatMap((key): [string, Json][] => {
      const value = this.value(own(base, key), own(ours, key), own(theirs, key), textAt(key));
      return value === undefined ? [] : [[key, value]];
    });
  }
}

function isType(key: string): boolean {
  return (TYPE_KEYS as readonly string[]).includes(key);
}

/** Some of an object's members; undefined where it has none of them. */
function part(object: JsonObject, isPart: (key: string) => boolean): JsonObject | undefined {
  const members = Object.entries(object).filter(([key]) => isPart(key));
  return members.length === 0 ? undefined : Object.fromEntries(members);
}

function own(object: JsonObject, key: string): Json | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

function memberOf(object: JsonObject, key: string): JsonObject | undefined {
  const value = own(object, key);
  return isJsonObject(value) ? value : undefined;
}

function same(a: Json | undefined, b: Json | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return canonicalText(a) === canonicalText(b);
}
