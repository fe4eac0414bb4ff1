import type { Asset, Column, Constraint, Facet } from "./asset.ts";
import { saysAll } from "./data-type.ts";
import type { Json, JsonObject } from "./json.ts";

/**
 * An asset as the one JSON document that diffs, plans and change feeds speak of. Whatever has a name is keyed by it, so that a path
 * (`/schema/columns/NETWR/type`) means the same before and after a change, and so that nothing is ever matched by position.
 */
export type AssetDocument = {
  readonly content: {
    readonly technical_name: string;
    readonly business_name: string | null;
    readonly description: string | null;
    readonly owner: string | null;
  };
  readonly schema: {
    /** By name. `type` is the whole data type (`cds.Decimal(15,2)`) wherever that says all of it; other properties stand beside it. */
    readonly columns: JsonObject;
    readonly column_order: readonly string[];
    /** `primary_key`: its columns; `association` and `foreign_key`: by name. */
    readonly constraints: JsonObject;
    /** Only the entries of the asset's `data_types` that are no column's `type` here. */
    readonly data_types?: JsonObject;
  };
  readonly metadata: {
    /** Each set is an object whose keys are its members, which are their own values. */
    readonly tags: JsonObject;
    readonly dimensions: JsonObject;
    readonly measures: JsonObject;
    readonly hierarchies: JsonObject;
    readonly certification_status: string | null;
    readonly custom_properties: JsonObject;
  };
};

/** Where the document keeps the order of its columns. */
export const COLUMN_ORDER = "/schema/column_order";

/** The document of an asset. Columns, constraints and the members of a set are each named once in an asset. */
export function toDocument(asset: Asset): AssetDocument {
  return { content: FACET_DOCUMENTS.content(asset), schema: FACET_DOCUMENTS.schema(asset), metadata: FACET_DOCUMENTS.metadata(asset) };
}

/** The part of an asset's document for each facet, which follows from that facet alone. */
export const FACET_DOCUMENTS: { readonly [facet in Facet]: (asset: Asset) => AssetDocument[facet] } = {
  content: ({ content }) => ({
    technical_name: content.technical_name,
    business_name: content.business_name,
    description: content.description,
    owner: content.owner,
  }),
  schema: ({ schema: { columns, data_types, constraints } }) => {
    const typed = new Set<string>();
    const named = columns.map((column): [string, Json] => {
      const dataType = Object.hasOwn(data_types, column.name) ? (data_types[column.name] as string) : "";
      const isTyped = saysAll(dataType, column);
      if (isTyped) typed.add(column.name);
      return [column.name, isTyped ? typedColumn(column, dataType) : propertiesOf(column)];
    });
    const own = Object.entries(data_types).filter(([name]) => !typed.has(name));
    return {
      columns: Object.fromEntries(named),
      column_order: columns.map((column) => column.name),
      constraints: constraintsOf(constraints),
      ...(own.length === 0 ? {} : { data_types: Object.fromEntries(own) }),
    };
  },
  metadata: ({ metadata }) => ({
    tags: setOf(metadata.tags),
    dimensions: setOf(metadata.dimensions),
    measures: setOf(metadata.measures),
    hierarchies: setOf(metadata.hierarchies),
    certification_status: metadata.certification_status,
    custom_properties: metadata.custom_properties,
  }),
};

function propertiesOf(column: Column): JsonObject {
  const { name: _name, ...properties } = column;
  return properties;
}

function typedColumn(column: Column, type: string): JsonObject {
  const {
    name: _name,
    length: _length,
    precision: _precision,
    scale: _scale,
    srid: _srid,
    items: _items,
    elements: _elements,
    ...others
  } = column;
  return { ...others, type };
}

function constraintsOf(constraints: readonly Constraint[]): JsonObject {
  const named = (type: Constraint["type"]): JsonObject =>
    Object.fromEntries(
      constraints.flatMap((constraint): [string, Json][] => {
        if (constraint.type === "primary_key" || constraint.type !== type) return [];
        const { type: _type, name, ...definition } = constraint;
        return [[name, definition]];
      }),
    );
  const primary = constraints.find((constraint) => constraint.type === "primary_key");
  return {
    ...(primary === undefined ? {} : { primary_key: primary.columns }),
    association: named("association"),
    foreign_key: named("foreign_key"),
  };
}

function setOf(members: readonly string[]): JsonObject {
  return Object.fromEntries(members.map((member) => [member, member]));
}
