import { createHash } from "node:crypto";
import { referenceJson } from "../detect/canonical-json.ts";
import type { Json } from "../model/json.ts";

/** A digest of a small value, the same for the same value. */
export function hashOf(value: Json): string {
  return createHash("sha256").update(referenceJson(value)).digest("hex").slice(0, 32);
}
