import { AssetError } from "../../../model/errors.ts";
import { annotationsIn } from "./annotation.ts";
import type { Annotations, Attributes, Edmx, EdmxSchema, EntitySet, EntityType, Navigation, Property } from "./edmx.ts";
import { namesOf } from "./terms.ts";
import { parseXml, type XmlElement } from "./xml.ts";

/**
 * Reads a `$metadata` document of OData 4: annotations that stand inside what they speak of, and those that stand elsewhere with a
 * target, become the same. Throws `AssetError` for what is no such document whole (see {@link parseXml}), or contradicts itself.
 */
export function readEdmx(bytes: Uint8Array): Edmx {
  const root = parseXml(bytes);
  if (root.name !== "Edmx" || root.namespace !== EDMX)
    throw unreadable(`begins with ${root.name}, and a document of OData 4 with edmx:Edmx`);
  const schemas = childrenOf(root, "DataServices").flatMap((services) => childrenOf(services, "Schema"));
  if (schemas.length === 0) throw unreadable("has no schema");
  const names = namesOf(new Map([...aliasesOf(root), ...schemas.flatMap(selfAlias)]));
  const external = Map.groupBy(
    schemas.flatMap((schema) => childrenOf(schema, "Annotations")),
    (element) => names.qualified(required(element, "Target")),
  );
  const claimed = new Set<string>();
  const annotated = (element: XmlElement, target: string): Annotations => {
    claimed.add(target);
    return annotationsIn([element, ...(external.get(target) ?? [])], names);
  };
  const read = schemas.map((schema) => schemaOf(schema, annotated));
  const unclaimed = [...external].filter(([target]) => !claimed.has(target));
  return {
    version: required(root, "Version"),
    schemas: read,
    elsewhere: Object.fromEntries(unclaimed.map(([target, elements]) => [target, annotationsIn(elements, names)])),
  };
}

const EDMX = "http://docs.oasis-open.org/odata/ns/edmx";

/** The annotations of an element whose place in the document is `target`. */
type Annotated = (element: XmlElement, target: string) => Annotations;

function aliasesOf(root: XmlElement): readonly (readonly [string, string])[] {
  const includes = childrenOf(root, "Reference").flatMap((reference) => childrenOf(reference, "Include"));
  return includes.flatMap((include) => {
    const { Alias: alias, Namespace: namespace } = attributesOf(include);
    return alias === undefined || namespace === undefined ? [] : [[alias, namespace] as const];
  });
}

function selfAlias(schema: XmlElement): readonly (readonly [string, string])[] {
  const { Alias: alias, Namespace: namespace } = attributesOf(schema);
  return alias === undefined || namespace === undefined ? [] : [[alias, namespace]];
}

function schemaOf(schema: XmlElement, annotated: Annotated): EdmxSchema {
  const namespace = required(schema, "Namespace");
  const containers = childrenOf(schema, "EntityContainer");
  return {
    namespace,
    entityTypes: once(
      childrenOf(schema, "EntityType").map((type) => entityTypeOf(type, namespace, annotated)),
      "an entity type",
    ),
    entitySets: containers.flatMap((container) => entitySetsOf(container, `${namespace}.${required(container, "Name")}`, annotated)),
    unknown: [
      ...schema.children.filter(({ name }) => !["EntityContainer", "EntityType", "Annotations"].includes(name)),
      ...containers.flatMap(({ children }) => children.filter(({ name }) => name !== "EntitySet")),
    ],
  };
}

function entitySetsOf(container: XmlElement, place: string, annotated: Annotated): readonly EntitySet[] {
  return childrenOf(container, "EntitySet").map((set) => {
    const name = required(set, "Name");
    return { name, type: unqualified(required(set, "EntityType")), annotations: annotated(set, `${place}/${name}`) };
  });
}

function entityTypeOf(type: XmlElement, namespace: string, annotated: Annotated): EntityType {
  const { Name: _name, ...attributes } = attributesOf(type);
  const name = required(type, "Name");
  const place = `${namespace}.${name}`;
  const properties = childrenOf(type, "Property").map((property) => propertyOf(property, place, annotated));
  const navigations = childrenOf(type, "NavigationProperty").map((navigation) => navigationOf(navigation, place, annotated));
  once([...properties, ...navigations], `a property of ${name}`);
  const key = childrenOf(type, "Key").flatMap((one) => childrenOf(one, "PropertyRef").map((reference) => required(reference, "Name")));
  const missing = key.find((column) => !properties.some((property) => property.name === column));
  if (missing !== undefined) throw unreadable(`has the key ${missing} of ${name}, and no such property`);
  return { name, key, properties, navigations, annotations: annotated(type, place), attributes };
}

function propertyOf(property: XmlElement, place: string, annotated: Annotated): Property {
  const { Name: _name, Type: _type, ...attributes } = attributesOf(property);
  const name = required(property, "Name");
  return { name, type: required(property, "Type"), attributes, annotations: annotated(property, `${place}/${name}`) };
}

function navigationOf(navigation: XmlElement, place: string, annotated: Annotated): Navigation {
  const name = required(navigation, "Name");
  const [, collected, single] = /^(?:Collection\((.+)\)|(.+))$/.exec(required(navigation, "Type")) ?? [];
  return {
    name,
    target: unqualified(collected ?? single ?? ""),
    isMany: collected !== undefined,
    constraint: childrenOf(navigation, "ReferentialConstraint").map((pair) => ({
      local: required(pair, "Property"),
      remote: required(pair, "ReferencedProperty"),
    })),
    annotations: annotated(navigation, `${place}/${name}`),
  };
}

function childrenOf(element: XmlElement, name: string): readonly XmlElement[] {
  return element.children.filter((child) => child.name === name);
}

function attributesOf(element: XmlElement): Attributes {
  return Object.fromEntries(element.attributes);
}

function required(element: XmlElement, attribute: string): string {
  const value = element.attributes.find(([name]) => name === attribute)?.[1];
  if (value === undefined || value === "") throw unreadable(`has a ${element.name} without its ${attribute}`);
  return value;
}

function unqualified(name: string): string {
  return name.slice(name.lastIndexOf(".") + 1);
}

function once<T extends { readonly name: string }>(things: readonly T[], what: string): readonly T[] {
  const seen = new Set<string>();
  for (const { name } of things) {
    if (seen.has(name)) throw unreadable(`has ${what} twice: ${name}`);
    seen.add(name);
  }
  return things;
}

function unreadable(what: string): AssetError {
  return new AssetError("asset_unreadable", `it ${what}`);
}
