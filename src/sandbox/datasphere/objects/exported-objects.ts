import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { isAsset } from "../../../csn/object-type.ts";
import { isJsonObject, type Json, type JsonObject } from "../../../model/json.ts";
import { keysInOrder } from "../../../model/key-order.ts";
import { compareCodePoints } from "../../../model/order.ts";
import { parseJson } from "../../../model/parse-json.ts";
import { asText } from "./as-text.ts";
import { FLOW_TYPES, typeOfDefinition } from "./object-types.ts";
import { givenObject } from "./generated-objects.ts";
import type { Origin, Original } from "./origin.ts";

/** The objects of a folder of exports: each sub-folder is a space, each `.json` in it a CSN export, each `.ndjson` one definition a line. */
export class ExportedObjects implements Origin {
  readonly spaces: readonly string[];
  readonly #objects: readonly Original[];
  readonly #numbers: ReadonlyMap<string, number>;

  private constructor(spaces: readonly string[], objects: readonly Original[]) {
    this.spaces = spaces;
    this.#objects = objects;
    this.#numbers = new Map(objects.map(({ space, name }, number) => [`${space}.${name}`, number]));
  }

  /** Reads the whole folder. Of a name that a space defines twice, the file later in name order counts. */
  static async read(folder: string): Promise<ExportedObjects> {
    const entries = await readdir(folder, { withFileTypes: true });
    const spaces = entries
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name)
      .toSorted(compareCodePoints);
    const objects = new Map<string, Original>();
    for (const space of spaces) {
      const files = (await readdir(join(folder, space))).filter((file) => /\.(nd)?json$/i.test(file)).toSorted(compareCodePoints);
      for (const file of files) {
        for (const object of objectsIn(space, await documentsIn(join(folder, space, file)))) objects.set(`${space}.${object.name}`, object);
      }
    }
    return new ExportedObjects(spaces, [...objects.values()]);
  }

  get size(): number {
    return this.#objects.length;
  }

  place(number: number): Original {
    return this.object(number);
  }

  object(number: number): Original {
    return this.#objects[number] as Original;
  }

  find(space: string, name: string): number | null {
    return this.#numbers.get(`${space}.${name}`) ?? null;
  }
}

async function documentsIn(file: string): Promise<readonly JsonObject[]> {
  const text = await readFile(file, "utf8");
  try {
    if (!/\.ndjson$/i.test(file)) return [objectAt(parseJson(text))];
    const lines = text.split("\n").filter((line) => line.trim() !== "");
    return lines
      .map((line) => objectAt(parseJson(line)))
      .map(({ name, definition }) => ({ definitions: { [asText(name)]: definition as Json } }));
  } catch (cause) {
    throw new Error(`The sandbox cannot read ${file} as an export: ${(cause as Error).message}. Mend the file, or take it away.`, {
      cause,
    });
  }
}

// What an export holds beside its objects (contexts, stand-ins, the editor's settings) a tenant answers to nobody.
function* objectsIn(space: string, documents: readonly JsonObject[]): Generator<Original> {
  for (const document of documents) {
    const layers = objectAt(document["businessLayerDefinitions"]);
    const definitions = objectAt(document["definitions"]);
    for (const name of keysInOrder(definitions)) {
      const definition = definitions[name];
      if (!isJsonObject(definition) || !isAsset(definition)) continue;
      const layer = Object.hasOwn(layers, name) ? layers[name] : undefined;
      const body = { definitions: { [name]: definition }, ...(layer === undefined ? {} : { businessLayerDefinitions: { [name]: layer } }) };
      yield givenObject(space, name, typeOfDefinition(definition, layer), body);
    }
    for (const type of FLOW_TYPES) {
      const flows = objectAt(document[type]);
      for (const name of Object.keys(flows)) yield givenObject(space, name, type, { [type]: { [name]: flows[name] as Json } });
    }
  }
}

function objectAt(value: Json | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}
