import type { Json, JsonObject } from "../../../model/json.ts";
import { isJsonObject } from "../../../model/json.ts";
import { folderName } from "../noise.ts";
import type { Rng } from "../rng.ts";
import { freshMark, type Edit } from "./edit.ts";
import { columnsOf, elementsOf, withElement, withElements } from "./elements.ts";

/** What moves in an export without anybody having changed the asset. */
export const NOISE_EDITS: readonly Edit[] = [
  {
    name: "moved to another folder",
    facets: [],
    apply: (definition, rng) => ({ ...definition, _meta: { dependencies: { folderAssignment: folderName(rng) } } }),
  },
  {
    name: "diagram saved",
    facets: [],
    apply: (definition, rng) => ({
      ...definition,
      "@DataWarehouse.querybuilder.model": JSON.stringify({ contents: { [freshMark(rng)]: { x: rng.below(900) } } }),
    }),
  },
  { name: "keys of the definition reordered", facets: [], apply: (definition, rng) => reordered(definition, rng) },
  {
    name: "keys of the elements reordered",
    facets: [],
    apply: (definition, rng) =>
      withElements(
        definition,
        elementsOf(definition).map(([name, element]) => [name, reordered(element, rng)]),
      ),
  },
  {
    name: "capabilities reordered",
    facets: [],
    apply: (definition) => {
      const now = definition["@ObjectModel.supportedCapabilities"];
      return Array.isArray(now) && now.length > 1
        ? { ...definition, "@ObjectModel.supportedCapabilities": (now as readonly Json[]).toReversed() }
        : null;
    },
  },
  { name: "absent key flag spelt out", facets: [], apply: (definition, rng) => spellOut(definition, "key", rng) },
  { name: "absent mandatory flag spelt out", facets: [], apply: (definition, rng) => spellOut(definition, "notNull", rng) },
  {
    name: "absent distinct flag spelt out",
    facets: [],
    apply: (definition) => {
      const query = definition["query"];
      const select = isJsonObject(query) ? query["SELECT"] : undefined;
      return isJsonObject(query) && isJsonObject(select) && select["distinct"] === undefined
        ? { ...definition, query: { ...query, SELECT: { ...select, distinct: false } } }
        : null;
    },
  },
  {
    name: "line ends and trailing blanks of the sql changed",
    facets: [],
    apply: (definition) => {
      const sql = definition["@DataWarehouse.sqlEditor.query"];
      return typeof sql === "string" ? { ...definition, "@DataWarehouse.sqlEditor.query": sql.replaceAll(/\r?\n/g, "  \r\n") } : null;
    },
  },
];

function reordered(object: JsonObject, rng: Rng): JsonObject {
  return Object.fromEntries(rng.shuffle(Object.entries(object)));
}

function spellOut(definition: JsonObject, flag: string, rng: Rng): JsonObject | null {
  const candidates = columnsOf(definition).filter(([, element]) => element[flag] === undefined);
  return candidates.length === 0 ? null : withElement(definition, rng.pick(candidates)[0], (element) => ({ ...element, [flag]: false }));
}
