import type { Content } from "../model/asset.ts";
import type { JsonObject } from "../model/json.ts";
import { type Overlay, ownerOf } from "./overlay.ts";

const LABEL = "@EndUserText.label";
const QUICK_INFO = "@EndUserText.quickInfo";

/** What the asset is called and whose it is: the label, the quick info (else CDS's `doc`), and the config's owner. */
export function toContent(space: string, name: string, definition: JsonObject, overlay: Overlay): Content {
  return {
    technical_name: name,
    business_name: textAt(definition, LABEL),
    description: textAt(definition, QUICK_INFO) ?? textAt(definition, "doc"),
    owner: ownerOf(overlay, space, name),
  };
}

/** True for a definition whose description is its `doc`. */
export function isDescribedByDoc(definition: JsonObject): boolean {
  return textAt(definition, QUICK_INFO) === null && textAt(definition, "doc") !== null;
}

/** True for a key of a definition that its content says in full. */
export function isSaidByContent(key: string, definition: JsonObject): boolean {
  if (key === "doc") return isDescribedByDoc(definition);
  return (key === LABEL || key === QUICK_INFO) && typeof definition[key] === "string";
}

/** The keys of a definition that {@link toContent} read. */
export function fromContent({ business_name, description }: Content, describedByDoc: boolean): JsonObject {
  return {
    ...(business_name === null ? {} : { [LABEL]: business_name }),
    ...(description === null ? {} : { [describedByDoc ? "doc" : QUICK_INFO]: description }),
  };
}

function textAt(definition: JsonObject, key: string): string | null {
  const value = definition[key];
  return typeof value === "string" ? value : null;
}
