import { isJsonObject, type Json, type JsonObject } from "../../../model/json.ts";
import type { Rng } from "../rng.ts";
import { freshMark, type Edit } from "./edit.ts";
import { annotated, associationsOf, columnsOf, type Element, elementsOf, hasAnnotations, withElement, withElements } from "./elements.ts";

/** Edits of columns, keys and associations. A column that carries annotations takes them along, so that its coming and going is of the metadata too. */
export const SCHEMA_EDITS: readonly Edit[] = [
  {
    name: "column dropped",
    facets: ["metadata", "schema"],
    apply: (definition, rng) =>
      dropColumn(
        definition,
        columnsOf(definition).filter(([, element]) => hasAnnotations(element)),
        rng,
      ),
  },
  {
    name: "bare column dropped",
    facets: ["schema"],
    apply: (definition, rng) =>
      dropColumn(
        definition,
        columnsOf(definition).filter(([, element]) => !hasAnnotations(element)),
        rng,
      ),
  },
  {
    name: "association removed",
    facets: ["metadata", "schema"],
    apply: (definition, rng) =>
      dropElement(
        definition,
        associationsOf(definition).filter(([, element]) => hasAnnotations(element)),
        rng,
      ),
  },
  {
    name: "bare association removed",
    facets: ["schema"],
    apply: (definition, rng) =>
      dropElement(
        definition,
        associationsOf(definition).filter(([, element]) => !hasAnnotations(element)),
        rng,
      ),
  },
  {
    name: "association aimed elsewhere",
    facets: ["schema"],
    apply: (definition, rng) =>
      onOne(definition, associationsOf(definition), rng, (element) => ({ ...element, target: `Target_${freshMark(rng)}` })),
  },
  {
    name: "column retyped",
    facets: ["schema"],
    apply: (definition, rng) => onOne(definition, typed(definition), rng, (element) => retyped(element, rng)),
  },
  {
    name: "column lengthened",
    facets: ["schema"],
    apply: (definition, rng) =>
      onOne(
        definition,
        typed(definition).filter(([, { length }]) => typeof length === "number"),
        rng,
        (element) => ({ ...element, length: Number(element["length"]) + rng.between(1, 9) }),
      ),
  },
  {
    name: "column made a key or none",
    facets: ["schema"],
    apply: (definition, rng) =>
      withKeySequence(
        onOne(definition, columnsOf(definition), rng, (element) => annotated(element, "key", element["key"] === true ? undefined : true)),
      ),
  },
  {
    name: "column made mandatory or optional",
    facets: ["schema"],
    apply: (definition, rng) =>
      onOne(definition, columnsOf(definition), rng, (element) =>
        annotated(element, "notNull", element["notNull"] === true ? undefined : true),
      ),
  },
  {
    name: "default set",
    facets: ["schema"],
    apply: (definition, rng) =>
      onOne(definition, columnsOf(definition), rng, (element) => ({ ...element, default: { val: freshMark(rng) } })),
  },
  {
    name: "column added",
    facets: ["metadata", "schema"],
    apply: (definition, rng) =>
      insert(definition, [`NEW_${freshMark(rng).toUpperCase()}`, { ...newType(rng), "@EndUserText.label": `New ${freshMark(rng)}` }], rng),
  },
  {
    name: "bare column added",
    facets: ["schema"],
    apply: (definition, rng) => insert(definition, [`NEW_${freshMark(rng).toUpperCase()}`, newType(rng)], rng),
  },
  {
    name: "association added",
    facets: ["schema"],
    apply: (definition, rng) => {
      const [column] = columnsOf(definition);
      if (column === undefined) return null;
      const name = `_NEW_${freshMark(rng)}`;
      return withElements(definition, [
        ...elementsOf(definition),
        [name, { type: "cds.Association", on: [{ ref: [column[0]] }, "=", { ref: [name, "ID"] }], target: "Target" }],
      ]);
    },
  },
  {
    name: "columns reordered",
    facets: ["schema"],
    apply: (definition, rng) => {
      const [first, second] = rng.shuffle(columnsOf(definition));
      if (first === undefined || second === undefined) return null;
      return withElements(
        definition,
        elementsOf(definition).map((entry) => (entry[0] === first[0] ? second : entry[0] === second[0] ? first : entry)),
      );
    },
  },
];

function typed(definition: JsonObject): readonly Element[] {
  return columnsOf(definition).filter(([, element]) => typeof element["type"] === "string");
}

function onOne(
  definition: JsonObject,
  candidates: readonly Element[],
  rng: Rng,
  change: (element: JsonObject) => JsonObject,
): JsonObject | null {
  return candidates.length === 0 ? null : withElement(definition, rng.pick(candidates)[0], change);
}

// An asset without columns is none that a tenant would save.
function dropColumn(definition: JsonObject, candidates: readonly Element[], rng: Rng): JsonObject | null {
  return columnsOf(definition).length < 2 ? null : dropElement(definition, candidates, rng);
}

function dropElement(definition: JsonObject, candidates: readonly Element[], rng: Rng): JsonObject | null {
  if (candidates.length === 0) return null;
  const [dropped] = rng.pick(candidates);
  return withKeySequence(
    withElements(
      definition,
      elementsOf(definition).filter(([name]) => name !== dropped),
    ),
  );
}

const KEY_SEQUENCE = "@DataWarehouse.compoundKeySequence";

// Where a definition states the order of its keys, the tenant keeps that in step with the keys.
function withKeySequence(definition: JsonObject | null): JsonObject | null {
  const stated = definition?.[KEY_SEQUENCE];
  if (definition === null || !Array.isArray(stated)) return definition;
  const keys = columnsOf(definition)
    .filter(([, element]) => element["key"] === true)
    .map(([name]) => name);
  const before = (stated as readonly Json[])
    .map((step) => (isJsonObject(step) ? step["="] : undefined))
    .filter((name) => typeof name === "string");
  const order = [...before.filter((name) => keys.includes(name)), ...keys.filter((name) => !before.includes(name))];
  return { ...definition, [KEY_SEQUENCE]: order.map((name) => ({ "=": name })) };
}

function insert(definition: JsonObject, element: Element, rng: Rng): JsonObject {
  const elements = elementsOf(definition);
  return withElements(definition, elements.toSpliced(rng.below(elements.length + 1), 0, element));
}

const TYPE_KEYS: ReadonlySet<string> = new Set(["type", "length", "precision", "scale", "srid"]);

// Precisions of their own keep the new type apart from the old one, whatever that was.
function retyped(element: JsonObject, rng: Rng): JsonObject {
  const rest = Object.fromEntries(Object.entries(element).filter(([key]) => !TYPE_KEYS.has(key)));
  const precision = rng.between(10, 30);
  const type = { type: "cds.Decimal", precision: element["precision"] === precision ? precision + 1 : precision, scale: rng.between(0, 5) };
  return { ...rest, ...type };
}

function newType(rng: Rng): JsonObject {
  return rng.pick<JsonObject>([
    { type: "cds.String", length: 40 },
    { type: "cds.Integer" },
    { type: "cds.Date" },
    { type: "cds.Decimal", precision: 15, scale: 2 },
  ]);
}
