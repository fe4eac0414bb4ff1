import type { Asset, Constraint } from "../model/asset.ts";
import type { Json, JsonObject } from "../model/json.ts";
import { compareCodePoints } from "../model/order.ts";

/** What the three facets of an asset hold, whoever it comes from: Tidemark's own model or a document in the reference's field names. */
export type FacetValues = {
  readonly content: { readonly technical_name: Json; readonly business_name: Json; readonly description: Json; readonly owner: Json };
  readonly schema: { readonly columns: Json; readonly data_types: Json; readonly constraints: Json };
  readonly metadata: {
    readonly tags: readonly Json[];
    readonly dimensions: readonly Json[];
    readonly measures: readonly Json[];
    readonly hierarchies: readonly Json[];
    readonly certification_status: Json;
    readonly custom_properties: Json;
  };
};

/** The facets of an asset in one certain form: constraints ordered by type and name, sets in code-point order, each member once. */
export function facetsOf({ content, schema, metadata }: Asset): FacetValues {
  return {
    content,
    schema: {
      // Interfaces of the model are plain JSON, which the compiler sees of type aliases only.
      columns: schema.columns as unknown as Json,
      data_types: schema.data_types,
      constraints: schema.constraints.toSorted(compareConstraints),
    },
    metadata: {
      tags: asSet(metadata.tags),
      dimensions: asSet(metadata.dimensions),
      measures: asSet(metadata.measures),
      hierarchies: asSet(metadata.hierarchies),
      certification_status: metadata.certification_status,
      custom_properties: metadata.custom_properties,
    },
  };
}

/** The document that the reference hashes for a facet. */
export function hashedDocument(facet: keyof FacetValues, { content, schema, metadata }: FacetValues): JsonObject {
  switch (facet) {
    case "content":
      return {
        technical_name: content.technical_name,
        business_name: content.business_name,
        description: content.description,
        owner: content.owner,
      };
    case "schema":
      return { columns: schema.columns, data_types: schema.data_types, constraints: schema.constraints };
    case "metadata": {
      const { custom_properties, tags, dimensions, measures, hierarchies, certification_status } = metadata;
      return { business_context: { tags, dimensions, measures, hierarchies, certification_status }, custom_properties };
    }
  }
}

/** A list of names as a set: each once, in code-point order. */
export function asSet(names: readonly string[]): readonly string[] {
  const ascends = names.every((name, i) => i === 0 || compareCodePoints(names[i - 1] as string, name) < 0);
  return ascends ? names : [...new Set(names)].sort(compareCodePoints);
}

function compareConstraints(a: Constraint, b: Constraint): number {
  return compareCodePoints(a.type, b.type) || compareCodePoints(nameOf(a), nameOf(b));
}

function nameOf(constraint: Constraint): string {
  return constraint.type === "primary_key" ? "" : constraint.name;
}
