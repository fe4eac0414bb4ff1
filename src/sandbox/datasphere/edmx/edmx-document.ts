import { createHash } from "node:crypto";
import type { JsonObject } from "../../../model/json.ts";
import { compareCodePoints } from "../../../model/order.ts";
import { columnsOf } from "../../tenant/edits/elements.ts";
import { type Annotation, analyticalAnnotations, assetAnnotations, capabilities, relationalAnnotations } from "./annotations.ts";
import { edmType } from "./edm-type.ts";
import { mangle } from "./mangle.ts";
import { element, type Xml, xmlDocument } from "./xml.ts";

type Mode = "relational" | "analytical";

/** A column on its way into the document. */
interface Property {
  readonly name: string;
  readonly mangled: string;
  readonly column: JsonObject;
  readonly isMeasure: boolean;
}

const VOCABULARIES: Readonly<Record<string, readonly [uri: string, namespace: string]>> = {
  Aggregation: ["https://oasis-tcs.github.io/odata-vocabularies/vocabularies/Org.OData.Aggregation.V1.xml", "Org.OData.Aggregation.V1"],
  Analytics: ["https://sap.github.io/odata-vocabularies/vocabularies/Analytics.xml", "com.sap.vocabularies.Analytics.v1"],
  Capabilities: ["https://oasis-tcs.github.io/odata-vocabularies/vocabularies/Org.OData.Capabilities.V1.xml", "Org.OData.Capabilities.V1"],
  Common: ["https://sap.github.io/odata-vocabularies/vocabularies/Common.xml", "com.sap.vocabularies.Common.v1"],
  Core: ["https://oasis-tcs.github.io/odata-vocabularies/vocabularies/Org.OData.Core.V1.xml", "Org.OData.Core.V1"],
  DataIntegration: ["https://sap.github.io/odata-vocabularies/vocabularies/DataIntegration.xml", "com.sap.vocabularies.DataIntegration.v1"],
  Hierarchy: ["https://sap.github.io/odata-vocabularies/vocabularies/Hierarchy.xml", "com.sap.vocabularies.Hierarchy.v1"],
};
const ALWAYS: readonly string[] = ["Capabilities", "Common", "Core"];
const NAMESPACES: Readonly<Record<Mode, string>> = { relational: "StandaloneService", analytical: "InaApplicationService" };

/**
 * The `$metadata` of an asset. The two modes of one asset differ: namespace, keys and `Nullable` in the relational one alone, roles and
 * another order of the properties in the analytical one.
 *
 * Columns of an analytic model must come with the types of their sources.
 */
export function edmxDocument(name: string, definition: JsonObject, mode: Mode): string {
  const namespace = NAMESPACES[mode];
  const type = mangle(name);
  const properties = propertiesOf(definition, mode);
  const asset = assetAnnotations(definition, name, type);
  const set = capabilities(mode);
  const columns = properties.map((property) => [property, annotationsOf(property, mode)] as const);
  const schema = element(
    "Schema",
    { Namespace: namespace, xmlns: "http://docs.oasis-open.org/odata/ns/edm" },
    element("EntityContainer", { Name: "EntityContainer" }, element("EntitySet", { Name: type, EntityType: `${namespace}.${type}` })),
    element("EntityType", { Name: type }, ...keysOf(properties, mode), ...properties.map((property) => propertyXml(property, mode))),
    ...annotations(`${namespace}.${type}`, asset),
    ...annotations(`${namespace}.EntityContainer/${type}`, set),
    ...columns.flatMap(([{ mangled }, all]) => annotations(`${namespace}.${type}/${mangled}`, all)),
  );
  const used = [...asset, ...set, ...columns.flatMap(([, all]) => all)].map(({ vocabulary }) => vocabulary);
  return xmlDocument(
    element(
      "edmx:Edmx",
      { Version: "4.0", "xmlns:edmx": "http://docs.oasis-open.org/odata/ns/edmx" },
      ...references([...used, ...(mode === "analytical" ? ["Aggregation"] : [])]),
      element("edmx:DataServices", {}, schema),
    ),
  );
}

function propertiesOf(definition: JsonObject, mode: Mode): readonly Property[] {
  const taken = new Set<string>();
  const properties = columnsOf(definition).map(([name, column]) => {
    let mangled = mangle(name);
    while (taken.has(mangled)) mangled = `${mangled}_`;
    taken.add(mangled);
    const isMeasure = column["@AnalyticsDetails.measureType"] !== undefined || column["@Aggregation.default"] !== undefined;
    return { name, mangled, column, isMeasure };
  });
  return mode === "relational" ? properties : properties.toSorted((a, b) => compareCodePoints(shuffled(a.name), shuffled(b.name)));
}

// Any order that is not the definition's, and always the same.
function shuffled(name: string): string {
  return createHash("sha256").update(name).digest("hex");
}

function keysOf(properties: readonly Property[], mode: Mode): readonly Xml[] {
  const keys = properties.filter(({ column }) => column["key"] === true);
  if (mode === "analytical" || keys.length === 0) return [];
  return [element("Key", {}, ...keys.map(({ mangled }) => element("PropertyRef", { Name: mangled })))];
}

function propertyXml({ mangled, column }: Property, mode: Mode): Xml {
  const isRequired = mode === "relational" && (column["key"] === true || column["notNull"] === true);
  return element("Property", { Name: mangled, ...edmType(column, mode), ...(isRequired && { Nullable: "false" }) });
}

function annotationsOf({ column, name, mangled, isMeasure }: Property, mode: Mode): readonly Annotation[] {
  return mode === "relational" ? relationalAnnotations(column, name, mangled) : analyticalAnnotations(column, name, mangled, isMeasure);
}

function annotations(target: string, all: readonly Annotation[]): readonly Xml[] {
  return all.length === 0 ? [] : [element("Annotations", { Target: target }, ...all.map(({ xml }) => xml))];
}

function references(used: readonly string[]): readonly Xml[] {
  const aliases = [...new Set([...ALWAYS, ...used])].toSorted(compareCodePoints);
  return aliases.map((alias) => {
    const [uri, namespace] = VOCABULARIES[alias] as readonly [string, string];
    return element("edmx:Reference", { Uri: uri }, element("edmx:Include", { Alias: alias, Namespace: namespace }));
  });
}
