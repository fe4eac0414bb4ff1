import { z } from "zod";
import type { JsonObject } from "../model/json.ts";
import { configSchema } from "./schema.ts";

/** The JSON Schema (draft 7, which every editor reads) of `tidemark.yaml`, made of the very schema that checks it. */
export function configJsonSchema(): JsonObject {
  return z.toJSONSchema(configSchema, { io: "input", target: "draft-07" }) as unknown as JsonObject;
}
