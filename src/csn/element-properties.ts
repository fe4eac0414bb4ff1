import { type Json, type JsonObject, setMember } from "../model/json.ts";

const LABEL = "@EndUserText.label";

/**
 * What an element says beyond its column or constraint, as it stands in `custom_properties`: `label`, `enum`, every other annotation
 * under its own name, and under `unknown` whatever else there is; null for nothing. `isSaid` tells the keys that stand elsewhere.
 */
export function toElementProperties(element: JsonObject, isSaid: (key: string, element: JsonObject) => boolean): JsonObject | null {
  let said: { [key: string]: Json } | null = null;
  let unknown: { [key: string]: Json } | null = null;
  for (const key of Object.keys(element)) {
    if (isSaid(key, element)) continue;
    const value = element[key] as Json;
    if (key === LABEL && typeof value === "string") (said ??= {})["label"] = value;
    else if (key === "enum" || key.startsWith("@")) setMember((said ??= {}), key, value);
    else setMember((unknown ??= {}), key, value);
  }
  if (unknown !== null) (said ??= {})["unknown"] = unknown;
  return said;
}

/** The keys of an element that {@link toElementProperties} collected. */
export function fromElementProperties(properties: JsonObject): JsonObject {
  const { label, unknown, ...annotations } = properties;
  return { ...annotations, ...(label === undefined ? {} : { [LABEL]: label }), ...(unknown as JsonObject | undefined) };
}
