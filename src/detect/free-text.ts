import type { HashScheme } from "../model/fingerprint.ts";
import { isJsonObject, type Json, type JsonObject } from "../model/json.ts";
import { asSet, type FacetValues } from "./facet-values.ts";

type TextOptions = Pick<HashScheme, "case_sensitive" | "normalize_whitespace">;

/**
 * The facets with all free text in the form in which a scheme compares it: business name, description, owner, tags and the
 * labels of columns and associations. Identifiers, types and SQL are never touched. Answers with its argument where the scheme takes text literally.
 */
export function asPlainText<Values extends FacetValues>(options: TextOptions, facets: Values): Values {
  if (options.case_sensitive && !options.normalize_whitespace) return facets;
  const { content, metadata } = facets;
  const plain = (value: Json): Json => (typeof value === "string" ? plainText(options, value) : value);
  const custom_properties = withPlainLabels(metadata.custom_properties, plain);
  return {
    ...facets,
    content: {
      ...content,
      business_name: plain(content.business_name),
      description: plain(content.description),
      owner: plain(content.owner),
    },
    metadata: { ...metadata, tags: plainTags(options, metadata.tags), custom_properties },
  };
}

/** One text as a scheme compares it: outer blanks gone and inner ones single, upper and lower case alike. */
export function plainText(options: TextOptions, text: string): string {
  const spaced = options.normalize_whitespace && UNEVEN_BLANKS.test(text) ? text.trim().replace(/\s+/g, " ") : text;
  // Upper case first: it makes one of the letters that lower case alone keeps apart, such as σ and ς.
  return options.case_sensitive ? spaced : spaced.toUpperCase().toLowerCase();
}

const UNEVEN_BLANKS = /^\s|\s\s|[^\S ]|\s$/;

// Tags that have become alike are one tag. A list that holds more than text, which only a foreign document has, stays as it is.
function plainTags(options: TextOptions, tags: readonly Json[]): readonly Json[] {
  const texts = tags.filter((tag) => typeof tag === "string");
  return texts.length === tags.length ? asSet(texts.map((tag) => plainText(options, tag))) : tags;
}

function withPlainLabels(properties: Json, plain: (value: Json) => Json): Json {
  if (!isJsonObject(properties)) return properties;
  const evened = LABELLED.flatMap((key): [string, Json][] => {
    const members = Object.hasOwn(properties, key) ? properties[key] : undefined;
    if (!isJsonObject(members)) return [];
    const uneven = Object.keys(members).filter((name) => labelOf(members[name] as Json) !== plain(labelOf(members[name] as Json)));
    const even = uneven.map((name): [string, Json] => {
      const member = members[name] as JsonObject;
      return [name, { ...member, label: plain(labelOf(member)) }];
    });
    return even.length === 0 ? [] : [[key, Object.fromEntries([...Object.entries(members), ...even])]];
  });
  return evened.length === 0 ? properties : { ...properties, ...Object.fromEntries(evened) };
}

/** Custom properties that map names to what bears a `label`. */
const LABELLED = ["columns", "associations"];

function labelOf(member: Json): Json {
  return isJsonObject(member) && Object.hasOwn(member, "label") ? (member["label"] as Json) : null;
}
