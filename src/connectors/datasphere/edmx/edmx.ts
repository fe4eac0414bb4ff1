import type { JsonObject } from "../../../model/json.ts";
import type { XmlElement } from "./xml.ts";

/** What a `$metadata` document of OData 4 says. Names are those of the document, mangled; see `described-asset.ts` for the real ones. */
export interface Edmx {
  readonly version: string;
  readonly schemas: readonly EdmxSchema[];
  /** Annotations of what is no entity type, set or property of the document, by their target. */
  readonly elsewhere: Readonly<Record<string, Annotations>>;
}

export interface EdmxSchema {
  readonly namespace: string;
  readonly entityTypes: readonly EntityType[];
  readonly entitySets: readonly EntitySet[];
  /** Everything else that stands in the schema, as it stands there. */
  readonly unknown: readonly XmlElement[];
}

export interface EntityType {
  readonly name: string;
  /** Names of properties, in the key's order. */
  readonly key: readonly string[];
  readonly properties: readonly Property[];
  readonly navigations: readonly Navigation[];
  readonly annotations: Annotations;
  /** Further attributes, such as `BaseType`. */
  readonly attributes: Attributes;
}

export interface Property {
  readonly name: string;
  /** Such as `Edm.String` or `Collection(Edm.Int32)`. */
  readonly type: string;
  /** All but name and type, literally: `MaxLength`, `Precision`, `Scale`, `Nullable`, … */
  readonly attributes: Attributes;
  readonly annotations: Annotations;
}

export interface Navigation {
  readonly name: string;
  /** The entity type it leads to, without its namespace. */
  readonly target: string;
  readonly isMany: boolean;
  /** Pairs of a property here and a property there. */
  readonly constraint: readonly { readonly local: string; readonly remote: string }[];
  readonly annotations: Annotations;
}

export interface EntitySet {
  readonly name: string;
  /** Without its namespace. */
  readonly type: string;
  readonly annotations: Annotations;
}

/** The attributes of an element by their names. */
export type Attributes = Readonly<Record<string, string>>;

/**
 * What is said of one thing, by term. A term of a known vocabulary bears that vocabulary's usual alias (`Common.Label`), whatever alias
 * the document chose; every other its whole name. A qualifier stands behind it: `Common.Label#short`.
 */
export type Annotations = JsonObject;
