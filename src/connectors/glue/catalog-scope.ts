import type { JsonObject } from "../../model/json.ts";
import { accountOf } from "./credentials.ts";
import { type GlueConnection, isLoopback } from "./client.ts";

/** Which catalog a connection leads to, for the scope fingerprint: never who calls it. */
export function catalogScope({ region, endpoint, catalog_id, role }: GlueConnection): JsonObject {
  return {
    type: "glue",
    region: region ?? null,
    endpoint: endpointScope(endpoint),
    catalog_id: catalog_id ?? accountOf(role) ?? null,
  };
}

// Emulators on this machine are one endpoint, whatever port they were started on.
function endpointScope(endpoint: string | undefined): string | null {
  if (endpoint === undefined) return null;
  if (isLoopback(endpoint)) return "local";
  return URL.canParse(endpoint) ? new URL(endpoint).host : endpoint;
}
