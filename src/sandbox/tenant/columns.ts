import type { Json, JsonObject } from "../../model/json.ts";
import { columnName, type Identity } from "./identity.ts";
import type { Rng } from "./rng.ts";
import type { Shape, Usage } from "./shape.ts";
import { ATTRIBUTE_NOUNS, AWKWARD_COLUMNS, COLUMN_SUBJECTS, DATE_NOUNS, ERP_COLUMNS, MEASURE_NOUNS, TEXT_NOUNS } from "./vocabulary.ts";

type Role = "key" | "attribute" | "text" | "language" | "date" | "measure" | "currency" | "unit";

/** A column on its way into `elements`. */
export interface Draft {
  readonly name: string;
  readonly label: string;
  readonly role: Role;
  readonly type: JsonObject;
}

/** Columns with different names, keys first. */
export function draftColumns(identity: Identity, { usage, width }: Shape, rng: Rng): readonly Draft[] {
  const columns = new Map<string, Draft>();
  const longText = rng.chance(0.9) ? 5000 : rng.pick([40, 60, 120, 256, 500]);
  const add = (role: Role, label: string, name = columnName([label], identity.style)): void => {
    const draft = { name, label, role, type: typeOf(role, label, longText, rng) };
    for (let repeat = 2; columns.has(sameWhen(draft.name)); repeat++) {
      draft.name = identity.style === "camel" ? `${name}${repeat}` : `${name}_${repeat}`;
      draft.label = `${label} ${repeat}`;
    }
    columns.set(sameWhen(draft.name), draft);
  };

  for (const role of rolesOf(usage, width, rng)) {
    if (role === "key" && columns.size === 0) add(role, identity.keyLabel, identity.key);
    else if (role === "attribute" && identity.style === "erp") {
      const [name, label] = rng.pick(ERP_COLUMNS);
      add(role, label, name);
    } else if (role === "attribute" && identity.style === "spaced" && rng.chance(0.4)) {
      const name = rng.pick(AWKWARD_COLUMNS);
      add(role, name, name);
    } else add(role, labelOf(role, rng));
  }
  return [...columns.values()];
}

/** The element of a column, one of all. */
export function toElement(draft: Draft, all: readonly Draft[], { usage, rich, flags }: Shape, rng: Rng): JsonObject {
  const label: JsonObject = { "@EndUserText.label": rng.chance(0.25) ? draft.name : draft.label };
  const key: JsonObject =
    draft.role === "key" || draft.role === "language"
      ? { key: true, ...(rng.chance(0.9) ? { notNull: true } : {}) }
      : flags
        ? { key: false }
        : {};
  const semantics = rich || draft.role === "language" ? semanticsOf(draft, all, usage, rng) : {};
  return rng.chance(0.8) ? { ...label, ...draft.type, ...key, ...semantics } : { ...draft.type, ...key, ...semantics, ...label };
}

function rolesOf(usage: Usage, width: number, rng: Rng): readonly Role[] {
  const first = firstRoles(usage, width, rng).slice(0, width);
  const rest = Array.from({ length: width - first.length }, () => rng.likely<Role>(REST[usage]));
  return [...first, ...rest];
}

function firstRoles(usage: Usage, width: number, rng: Rng): readonly Role[] {
  switch (usage) {
    case "LANGUAGE_DEPENDENT_TEXT":
      return ["key", "language", "text"];
    case "ANALYTICAL_DIMENSION":
      return ["key", "text"];
    case "ANALYTICAL_FACT":
      return [
        ...keyRoles(1, rng),
        ...(width > 4 ? (["measure"] as const) : []),
        ...(width > 6 && rng.chance(0.3) ? (["currency", "unit"] as const) : []),
      ];
    case "DATA_STRUCTURE":
      return keyRoles(6, rng);
  }
}

// At times there is no key, at times it has two columns.
function keyRoles(none: number, rng: Rng): readonly Role[] {
  return Array.from({ length: Number(rng.likely({ "0": none, "1": 6, "2": 2 })) }, () => "key");
}

const NONE_OF_THESE = { key: 0, language: 0, currency: 0, unit: 0 } as const;
const USUAL = { ...NONE_OF_THESE, attribute: 72, measure: 8, date: 10, text: 10 } as const;
const REST: Readonly<Record<Usage, Readonly<Record<Role, number>>>> = {
  LANGUAGE_DEPENDENT_TEXT: { ...NONE_OF_THESE, attribute: 1, measure: 0, date: 0, text: 0 },
  ANALYTICAL_DIMENSION: USUAL,
  ANALYTICAL_FACT: { ...NONE_OF_THESE, attribute: 55, measure: 25, date: 12, text: 8 },
  DATA_STRUCTURE: USUAL,
};

function labelOf(role: Role, rng: Rng): string {
  switch (role) {
    case "currency":
      return "Currency";
    case "unit":
      return "Unit";
    case "language":
      return "Language";
    case "key":
    case "attribute":
      return `${rng.pick(COLUMN_SUBJECTS)} ${rng.pick(ATTRIBUTE_NOUNS)}`;
    case "text":
      return `${rng.pick(COLUMN_SUBJECTS)} ${rng.pick(TEXT_NOUNS)}`;
    case "date":
      return `${rng.pick(COLUMN_SUBJECTS)} ${rng.pick(DATE_NOUNS)}`;
    case "measure":
      return `${rng.pick(COLUMN_SUBJECTS)} ${rng.pick(MEASURE_NOUNS)}`;
  }
}

// Columns that a target could take for one, because it folds case or replaces what is no letter.
function sameWhen(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, "_");
}

const string = (length: number): JsonObject => ({ type: "cds.String", length });
const decimal = (precision: number, scale: number): JsonObject => ({ type: "cds.Decimal", precision, scale });
const geometry = (type: string): JsonObject => ({ type, srid: 4326 });
const plain = (type: string): JsonObject => ({ type });

// Types that real exports seldom hold and that a mapping must know all the same.
const RARE_TYPES: readonly JsonObject[] = [
  ...["cds.Time", "cds.LargeString", "cds.UUID", "cds.LargeBinary"].map(plain),
  ...["cds.hana.SMALLINT", "cds.hana.TINYINT", "cds.hana.SMALLDECIMAL", "cds.hana.REAL"].map(plain),
  ...["cds.hana.ST_GEOMETRY", "cds.hana.ST_POINT"].map(geometry),
  { type: "cds.Binary", length: 16 },
];

function typeOf(role: Role, label: string, longText: number, rng: Rng): JsonObject {
  if (role !== "key" && rng.chance(0.006)) return rng.pick(RARE_TYPES);
  switch (role) {
    case "language":
      return string(2);
    case "currency":
      return string(5);
    case "unit":
      return string(3);
    case "text":
      return string(longText);
    case "date":
      return plain(rng.likely({ "cds.Date": 85, "cds.Timestamp": 13, "cds.DateTime": 2 }));
    case "measure": {
      const type = rng.likely({ "cds.Double": 60, "cds.Decimal": 24, "cds.Integer": 12, "cds.DecimalFloat": 4 });
      return type === "cds.Decimal" ? rng.pick([decimal(38, 19), decimal(38, 19), decimal(15, 2), decimal(20, 3)]) : plain(type);
    }
    case "key":
      return numberOrText({ "cds.String": 75, "cds.Integer64": 20, "cds.Integer": 5 }, longText, rng);
    case "attribute":
      if (label.endsWith("Indicator")) return rng.chance(0.5) ? plain("cds.Boolean") : string(1);
      if (/(Number|Level)$/.test(label)) return numberOrText({ "cds.String": 5, "cds.Integer64": 2, "cds.Integer": 5 }, longText, rng);
      return string(rng.chance(0.9) ? longText : rng.pick([1, 2, 3, 4, 8, 10, 16, 36]));
  }
}

function numberOrText(
  weights: Readonly<Record<"cds.String" | "cds.Integer64" | "cds.Integer", number>>,
  longText: number,
  rng: Rng,
): JsonObject {
  const type = rng.likely(weights);
  return type === "cds.String" ? string(longText) : plain(type);
}

function semanticsOf(draft: Draft, all: readonly Draft[], usage: Usage, rng: Rng): JsonObject {
  const annotations: [string, Json][] = [];
  const otherOf = (role: Role): string | undefined => all.find((other) => other.role === role)?.name;
  if (draft.role !== "measure" && usage !== "DATA_STRUCTURE" && rng.chance(0.45)) annotations.push(["@Analytics.dimension", true]);
  if (draft.role === "text") annotations.push(["@Semantics.text", true]);
  if (draft.role === "language") annotations.push(["@Semantics.language", true]);
  if (draft.role === "currency") annotations.push(["@Semantics.currencyCode", true]);
  if (draft.role === "unit") annotations.push(["@Semantics.unitOfMeasure", true]);
  if (draft.role === "date" && rng.chance(0.3))
    annotations.push([rng.pick(["@Semantics.businessDate.from", "@Semantics.businessDate.to", "@Semantics.date"]), true]);
  const text = otherOf("text");
  if (draft.role === "key" && text !== undefined) annotations.push(["@ObjectModel.text.element", [{ "=": text }]]);
  if (draft.role === "measure" && usage === "ANALYTICAL_FACT") {
    annotations.push(["@AnalyticsDetails.measureType", { "#": "BASE" }]);
    const [currency, unit] = [otherOf("currency"), otherOf("unit")];
    if (currency !== undefined && rng.chance(0.5)) annotations.push(["@Semantics.amount.currencyCode", { "=": currency }]);
    else if (unit !== undefined && rng.chance(0.5)) annotations.push(["@Semantics.quantity.unitOfMeasure", { "=": unit }]);
    annotations.push(["@Aggregation.default", { "#": rng.chance(0.95) ? "SUM" : rng.pick(["AVG", "MAX", "MIN"]) }]);
  }
  return Object.fromEntries(annotations);
}
