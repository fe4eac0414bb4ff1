import type { Json } from "../../../model/json.ts";

/** A value that should be a string; empty where it is none. */
export function asText(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}
