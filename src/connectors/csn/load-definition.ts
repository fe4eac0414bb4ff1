import { findDefinition } from "../../csn/find-definitions.ts";
import { MAX_DEPTH, type Definition } from "../../csn/to-asset.ts";
import { AssetError } from "../../model/errors.ts";
import { isJsonObject, type Json } from "../../model/json.ts";
import { parseJson } from "../../model/parse-json.ts";
import { isLines } from "./layout.ts";

/** The bytes at a `Place`. */
export interface PlacedBytes {
  readonly definition: Buffer;
  readonly layer?: Buffer;
}

/** Parses what stands at a place in a file. Throws `AssetError` for what cannot be an asset's definition. */
export function loadDefinition(name: string, file: string, { definition: bytes, layer }: PlacedBytes): Omit<Definition, "space"> {
  const definition = isLines(file) ? definitionIn(bytes, name) : parseJson(bytes.toString(), { maxDepth: MAX_DEPTH });
  if (!isJsonObject(definition)) throw new AssetError("asset_unreadable", "its definition is no object");
  return { name, definition, ...(layer === undefined ? {} : { businessLayer: parseJson(layer.toString(), { maxDepth: MAX_DEPTH }) }) };
}

function definitionIn(line: Buffer, name: string): Json | undefined {
  const parsed = parsedLine(line);
  if (isJsonObject(parsed) && parsed["name"] === name) return parsed["definition"];
  const place = findDefinition(line);
  if (place.name !== name) throw new AssetError("asset_unreadable", `its line says the name ${JSON.stringify(place.name)}`);
  return parseJson(line.toString("utf8", place.at, place.at + place.length), { maxDepth: MAX_DEPTH });
}

/** The whole line, which is one level deeper than its definition; null where something is wrong, which is then told of the definition alone. */
function parsedLine(line: Buffer): Json {
  try {
    return parseJson(line.toString(), { maxDepth: MAX_DEPTH + 1 });
  } catch {
    return null;
  }
}
