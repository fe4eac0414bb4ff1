import { referenceName } from "../../../csn/annotation-value.ts";
import { isJsonObject, type Json, type JsonObject } from "../../../model/json.ts";
import { asText } from "../objects/as-text.ts";
import { mangle } from "./mangle.ts";
import { element, type Xml } from "./xml.ts";

/** One annotation, with the vocabulary that its term is of. */
export interface Annotation {
  readonly vocabulary: string;
  readonly xml: Xml;
}

/** What the document says of an asset as a whole. */
export function assetAnnotations(definition: JsonObject, name: string, mangled: string): readonly Annotation[] {
  const hierarchies = definition["@Hierarchy.leveled"];
  const dimensionType = definition["@Analytics.dimensionType"];
  return [
    ...(Array.isArray(hierarchies) ? [leveledHierarchies(hierarchies as readonly Json[])] : []),
    ...(typeof dimensionType === "string" ? [text("Analytics.dimensionType", dimensionType)] : []),
    ...labelOf(definition),
    ...originalName(name, mangled),
  ];
}

/** What the relational document says of a column. */
export function relationalAnnotations(column: JsonObject, name: string, mangled: string): readonly Annotation[] {
  return [
    ...(column["@Analytics.dimension"] === true ? [flag("Analytics.dimension")] : []),
    ...labelOf(column),
    ...originalName(name, mangled),
    ...(column["notNull"] === true ? [mandatory] : []),
    ...CALENDAR.filter(([key]) => column[key] === true).map(([, term]) => flag(term)),
  ];
}

/** What the analytical document says of a column: its role, in spellings of its own. */
export function analyticalAnnotations(column: JsonObject, name: string, mangled: string, isMeasure: boolean): readonly Annotation[] {
  const role = isMeasure ? [flag("Analytics.measure")] : [flag("Analytics.Dimension")];
  return [...(isMeasure ? [] : role), ...labelOf(column), ...originalName(name, mangled), ...(isMeasure ? role : [])];
}

/** What may be done with an entity set: a service that only reads. */
export function capabilities(mode: "relational" | "analytical"): readonly Annotation[] {
  const kinds = [...(mode === "analytical" ? ["Count"] : []), "Delete", "Insert", "Update"];
  return kinds.map((kind) => {
    const property = { Count: "Countable", Delete: "Deletable", Insert: "Insertable", Update: "Updatable" }[kind] as string;
    const record = element(
      "Record",
      { Type: `Capabilities.${kind}RestrictionsType` },
      element("PropertyValue", { Property: property, Bool: "false" }),
    );
    return { vocabulary: "Capabilities", xml: element("Annotation", { Term: `Capabilities.${kind}Restrictions` }, record) };
  });
}

const CALENDAR: readonly (readonly [annotation: string, term: string])[] = [
  ["@Semantics.date", "Common.IsCalendarDate"],
  ["@Semantics.calendar.year", "Common.IsCalendarYear"],
  ["@Semantics.calendar.month", "Common.IsCalendarMonth"],
  ["@Semantics.calendar.yearMonth", "Common.IsCalendarYearMonth"],
  ["@Semantics.calendar.yearQuarter", "Common.IsCalendarYearQuarter"],
  ["@Semantics.calendar.yearWeek", "Common.IsCalendarYearWeek"],
  ["@Semantics.calendar.dayOfYear", "Common.IsDayOfCalendarYear"],
];

const mandatory: Annotation = {
  vocabulary: "Common",
  xml: element("Annotation", { Term: "Common.FieldControl", EnumMember: "Common.FieldControlType/Mandatory" }),
};

function labelOf(annotated: JsonObject): readonly Annotation[] {
  const label = annotated["@EndUserText.label"];
  return typeof label === "string" ? [text("Common.Label", label)] : [];
}

function originalName(name: string, mangled: string): readonly Annotation[] {
  return name === mangled ? [] : [text("DataIntegration.OriginalName", name)];
}

function leveledHierarchies(hierarchies: readonly Json[]): Annotation {
  const records = hierarchies
    .filter(isJsonObject)
    .map(({ name, label, levels }) =>
      element(
        "Record",
        {},
        element("PropertyValue", { Property: "name", String: asText(name) }),
        element("PropertyValue", { Property: "label", String: asText(label) }),
        element("PropertyValue", { Property: "levels" }, element("Collection", {}, ...levelRecords(levels))),
      ),
    );
  return { vocabulary: "Hierarchy", xml: element("Annotation", { Term: "Hierarchy.leveled" }, element("Collection", {}, ...records)) };
}

function levelRecords(levels: Json | undefined): readonly Xml[] {
  const columns = Array.isArray(levels)
    ? (levels as readonly Json[]).map((level) => referenceName(isJsonObject(level) ? level["element"] : undefined))
    : [];
  return columns.map((column) => element("Record", {}, element("PropertyValue", { Property: "element", Path: mangle(column ?? "") })));
}

function text(term: string, value: string): Annotation {
  return { vocabulary: vocabularyOf(term), xml: element("Annotation", { Term: term, String: value }) };
}

function flag(term: string): Annotation {
  return { vocabulary: vocabularyOf(term), xml: element("Annotation", { Term: term, Bool: "true" }) };
}

function vocabularyOf(term: string): string {
  return term.slice(0, term.indexOf("."));
}
