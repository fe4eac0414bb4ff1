import type { Asset, Constraint } from "../model/asset.ts";
import type { Json, JsonObject } from "../model/json.ts";
import { objectInOrder } from "../model/key-order.ts";
import { type Association, fromAssociation } from "./association.ts";
import { fromColumn } from "./columns.ts";
import { fromForeignKey } from "./constraints.ts";
import { fromContent } from "./content.ts";
import { fromCustomProperties } from "./custom-properties.ts";
import { fromElementProperties } from "./element-properties.ts";
import { KEY_SEQUENCE } from "./primary-key.ts";
import type { Definition } from "./to-asset.ts";

/**
 * The CSN definition that an asset was made of, free of noise: columns in their order, associations behind them. What the configuration
 * added (owner, steward, tags), and what a tenant's flows say, is in no definition.
 */
export function fromAsset({ space, content, schema, metadata }: Asset): Definition {
  const properties = metadata.custom_properties;
  const elements = [...columnElements(schema, properties), ...associationElements(schema, properties)];
  const businessLayer = properties["business_layer"];
  return {
    space,
    name: content.technical_name,
    definition: {
      kind: "entity",
      ...(elements.length === 0 ? {} : { elements: objectInOrder(elements) }),
      ...fromContent(content, properties["description_source"] === "doc"),
      ...fromKeySequence(schema),
      ...fromCustomProperties(properties),
    },
    ...(businessLayer === undefined ? {} : { businessLayer }),
  };
}

function columnElements({ columns, constraints }: Asset["schema"], properties: JsonObject): readonly (readonly [string, Json])[] {
  const foreignKeys = new Map(constraints.filter(isForeignKey).map((constraint) => [constraint.name, constraint]));
  return columns.map((column) => {
    const foreignKey = foreignKeys.get(column.name);
    const element = {
      ...fromColumn(column),
      ...(foreignKey === undefined ? {} : fromForeignKey(foreignKey)),
      ...said(properties, "columns", column.name),
    };
    return [column.name, element];
  });
}

function associationElements({ constraints }: Asset["schema"], properties: JsonObject): readonly (readonly [string, Json])[] {
  return constraints
    .filter(isAssociation)
    .map((association) => [association.name, { ...fromAssociation(association), ...said(properties, "associations", association.name) }]);
}

/** The order of the key columns, where it is not that of the columns. */
function fromKeySequence({ columns, constraints }: Asset["schema"]): JsonObject {
  const natural = columns.filter(({ key }) => key).map(({ name }) => name);
  const key = constraints.find((constraint) => constraint.type === "primary_key")?.columns ?? natural;
  return key.every((name, i) => name === natural[i]) ? {} : { [KEY_SEQUENCE]: key.map((name) => ({ "=": name })) };
}

function said(properties: JsonObject, group: "columns" | "associations", name: string): JsonObject {
  const all = properties[group] as { readonly [name: string]: JsonObject } | undefined;
  return all !== undefined && Object.hasOwn(all, name) ? fromElementProperties(all[name] as JsonObject) : {};
}

function isForeignKey(constraint: Constraint): constraint is Association {
  return constraint.type === "foreign_key";
}

function isAssociation(constraint: Constraint): constraint is Association {
  return constraint.type === "association";
}
