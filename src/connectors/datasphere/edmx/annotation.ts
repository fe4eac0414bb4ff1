import { canonicalText } from "../../../csn/canonical-text.ts";
import { AssetError } from "../../../model/errors.ts";
import type { Json } from "../../../model/json.ts";
import { parseJson } from "../../../model/parse-json.ts";
import type { Annotations } from "./edmx.ts";
import type { Names } from "./terms.ts";
import type { XmlElement } from "./xml.ts";

/**
 * The annotations directly in an element, with those that stand in another place for the same target. Throws `asset_unreadable` where
 * the document says a term twice, differently.
 */
export function annotationsIn(elements: readonly XmlElement[], names: Names): Annotations {
  const said = new Map<string, Json>();
  for (const parent of elements) {
    for (const element of parent.children.filter(({ name }) => name === "Annotation")) {
      const qualifier = attributeOf(element, "Qualifier") ?? (parent.name === "Annotations" ? attributeOf(parent, "Qualifier") : undefined);
      const term = names.term(attributeOf(element, "Term") ?? "") + (qualifier === undefined ? "" : `#${qualifier}`);
      const value = valueOf(element, names);
      const before = said.get(term);
      if (before !== undefined && canonicalText(before) !== canonicalText(value)) {
        throw new AssetError("asset_unreadable", `it says ${term} twice of one thing, differently`);
      }
      said.set(term, value);
    }
  }
  return Object.fromEntries(said);
}

/**
 * The value of an annotation, of a record's property, or of an item of a collection, as JSON.
 *
 * | in the document | here, as CSN would say it |
 * |---|---|
 * | `String` and all that has no form of its own in JSON | text |
 * | `Bool`; nothing at all | `true` or `false`; `true` |
 * | `Int`, `Decimal`, `Float` | number |
 * | `EnumMember="Common.FieldControlType/Mandatory"` | `{"#": "Mandatory"}` |
 * | `Path` and its kin | `{"=": "…"}` |
 * | `Collection`, `Record` | list, object; a record's type stands under `@type` |
 * | `Null` | `null` |
 * | anything else | `{"$element": {…}}`, see {@link rawXml} |
 */
function valueOf(element: XmlElement, names: Names): Json {
  for (const [form, text] of element.attributes) {
    const read = FORMS.get(form);
    if (read !== undefined) return read(text);
  }
  const expression = element.children.find(({ name }) => name !== "Annotation");
  if (expression === undefined) return true;
  return expressionOf(expression, names);
}

function expressionOf(expression: XmlElement, names: Names): Json {
  const { name, text, children } = expression;
  switch (name) {
    case "Collection":
      return children.map((item) => expressionOf(item, names));
    case "Record": {
      const type = attributeOf(expression, "Type");
      const properties = children.filter((child) => child.name === "PropertyValue");
      return Object.fromEntries([
        ...(type === undefined ? [] : [["@type", names.term(type)] as const]),
        ...properties.map((property) => [attributeOf(property, "Property") ?? "", valueOf(property, names)] as const),
        ...Object.entries(annotationsIn([expression], names)).map(([term, value]) => [`@${term}`, value] as const),
      ]);
    }
    case "Null":
      return null;
    default: {
      const read = FORMS.get(name);
      return read === undefined || children.length > 0 ? { $element: rawXml(expression) } : read(text);
    }
  }
}

/** An element as JSON, losing nothing: `{name, attributes, children, text}`, each only where there is something. */
export function rawXml({ name, attributes, children, text }: XmlElement): Json {
  return {
    name,
    ...(attributes.length === 0 ? {} : { attributes: Object.fromEntries(attributes) }),
    ...(children.length === 0 ? {} : { children: children.map(rawXml) }),
    ...(text === "" ? {} : { text }),
  };
}

/** The forms of a constant, which stand as an attribute of what has the value or as an element of its own. */
const FORMS: ReadonlyMap<string, (text: string) => Json> = new Map([
  ...["Binary", "Date", "DateTimeOffset", "Duration", "Guid", "String", "TimeOfDay", "UrlRef"].map((form) => [form, asText] as const),
  ...["Decimal", "Float", "Int"].map((form) => [form, asNumber] as const),
  ...["AnnotationPath", "ModelElementPath", "NavigationPropertyPath", "Path", "PropertyPath"].map((form) => [form, asPath] as const),
  ["Bool", asFlag],
  ["EnumMember", asSymbol],
]);

function asText(text: string): Json {
  return text;
}

function asNumber(text: string): Json {
  return /^-?(0|[1-9]\d*)(\.\d+)?([eE][-+]?\d{1,2})?$/.test(text) ? parseJson(text) : text;
}

function asPath(text: string): Json {
  return { "=": text };
}

function asFlag(text: string): Json {
  return text === "true" || text === "false" ? text === "true" : text;
}

function asSymbol(text: string): Json {
  return { "#": text.slice(text.lastIndexOf("/") + 1) };
}

function attributeOf(element: XmlElement, name: string): string | undefined {
  return element.attributes.find(([key]) => key === name)?.[1];
}
