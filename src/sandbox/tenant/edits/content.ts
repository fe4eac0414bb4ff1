import { freshMark, type Edit } from "./edit.ts";
import { reworded, without } from "./elements.ts";

/** Edits of what an asset is called and how it is described. */
export const CONTENT_EDITS: readonly Edit[] = [
  {
    name: "label changed",
    facets: ["content"],
    apply: (definition, rng) => ({ ...definition, "@EndUserText.label": reworded(definition["@EndUserText.label"], freshMark(rng)) }),
  },
  {
    name: "description removed",
    facets: ["content"],
    apply: (definition) => {
      const { "@EndUserText.quickInfo": description, doc } = definition;
      return typeof description === "string" && description !== "" && doc === undefined
        ? without(definition, "@EndUserText.quickInfo")
        : null;
    },
  },
  {
    name: "description changed",
    facets: ["content"],
    // A `doc` that is the description no more would stand among the custom properties: a change of two facets.
    apply: (definition, rng) =>
      definition["doc"] === undefined
        ? { ...definition, "@EndUserText.quickInfo": reworded(definition["@EndUserText.quickInfo"], freshMark(rng)) }
        : null,
  },
];
