import { findDefinition } from "../../csn/find-definitions.ts";
import { MAX_DEPTH, type Definition } from "../../csn/to-asset.ts";
import { AssetError } from "../../model/errors.ts";
import { isJsonObject } from "../../model/json.ts";
import { parseJson } from "../../model/parse-json.ts";
import { isLines } from "./layout.ts";
import type { Place } from "./place.ts";

/** The bytes at a place. */
export interface PlacedBytes {
  readonly definition: Buffer;
  readonly layer?: Buffer;
}

/** Parses what stands at a place. Throws `AssetError` for what cannot be an asset's definition. */
export function loadDefinition(name: string, place: Place, bytes: PlacedBytes): Omit<Definition, "space"> {
  const definition = parseJson(definitionText(name, place, bytes.definition), { maxDepth: MAX_DEPTH });
  if (!isJsonObject(definition)) throw new AssetError("asset_unreadable", "its definition is no object");
  return {
    name,
    definition,
    ...(bytes.layer === undefined ? {} : { businessLayer: parseJson(bytes.layer.toString(), { maxDepth: MAX_DEPTH }) }),
  };
}

function definitionText(name: string, place: Place, bytes: Buffer): string {
  if (!isLines(place.file)) return bytes.toString();
  const line = findDefinition(bytes);
  if (line.name !== name) throw new AssetError("asset_unreadable", `its line says the name ${JSON.stringify(line.name)}`);
  return bytes.toString("utf8", line.at, line.at + line.length);
}
