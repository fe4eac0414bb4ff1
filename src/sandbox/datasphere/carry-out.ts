import { readContent } from "./bulk-content.ts";
import { assertServed, catalogAsset, catalogAssets, catalogMetadata, catalogRoot, catalogSpace, catalogSpaces } from "./catalog.ts";
import { metadata, serviceDocument } from "./consumption.ts";
import { listObjects, listSpaces, readObject } from "./design-time.ts";
import { discovery, discoveryTag } from "./discovery.ts";
import { etagOf, matches } from "./etag.ts";
import { type Circumstances, type Exchange, headerOf, JSON_TYPE, LOGIN_PAGE, type Reply, type World } from "./exchange.ts";
import { oauthUrls } from "./oauth.ts";
import type { Operation, Route } from "./routes.ts";
import type { SandboxState } from "./sandbox-state.ts";
import { notFound, TenantError } from "./tenant-error.ts";

/** Carries out one request: who asks, whether too often, and what for. A refusal is a reply too. */
export function carryOut(route: Route, exchange: Exchange, circumstances: Circumstances, state: SandboxState): Reply {
  try {
    const reply = unadmitted(route, exchange, state);
    if (reply !== null) return reply;
    const world = { tenant: state.tenant, settings: state.settings, circumstances };
    return tagged(route.operation, conditional(route.operation, exchange, replyTo(route, exchange, world), world), world);
  } catch (error) {
    if (error instanceof TenantError) return refusal(route.operation, error);
    throw error;
  }
}

/** A refusal in the form of the interface that was asked. */
export function refusal(operation: Operation, { status, message, headers }: TenantError): Reply {
  return { status, type: JSON_TYPE, headers, body: JSON.stringify(errorBody(operation, status, message)), error: message };
}

function errorBody(operation: Operation, status: number, message: string): object {
  if (operation === "token") return { error: "error", error_description: message };
  const isOdata = operation.startsWith("catalog") || operation === "service_document" || operation === "metadata";
  return isOdata ? { error: { code: String(status), message } } : { details: { message } };
}

// The answer to whoever does not get as far as the tenant; null for the others. Tokens are asked for elsewhere, so that they are not counted.
function unadmitted(route: Route, exchange: Exchange, state: SandboxState): Reply | null {
  const isToken = route.operation === "token";
  if (isToken ? exchange.method !== "POST" : !["GET", "HEAD"].includes(exchange.method)) throw new TenantError(405, "Method Not Allowed");
  if (isToken) return state.oauth.token(exchange, state.settings);
  if (route.operation === "oauth_urls") return oauthUrls(exchange);
  const bearer = state.oauth.bearer(exchange);
  if (bearer === "none") return LOGIN_PAGE;
  if (bearer === "invalid") throw new TenantError(401, "Unauthorized", { "www-authenticate": 'Bearer error="invalid_token"' });
  const wait = state.window.admit(state.now());
  if (wait !== null) throw new TenantError(429, "Too Many Requests", { "retry-after": String(wait) });
  return null;
}

function replyTo(route: Route, exchange: Exchange, world: World): Reply {
  if ("root" in route) assertServed(route.root, world);
  switch (route.operation) {
    case "discovery":
      return discovery(world);
    case "list_spaces":
      return listSpaces(world);
    case "list_objects":
      return listObjects(route, exchange, world);
    case "read_object":
      return readObject(route, exchange, world);
    case "read_content":
      return readContent(exchange, world);
    case "catalog_root":
      return catalogRoot(route, exchange, world);
    case "catalog_metadata":
      return catalogMetadata();
    case "catalog_spaces":
      return catalogSpaces(exchange, world);
    case "catalog_space":
      return catalogSpace(route, exchange, world);
    case "catalog_assets":
      return catalogAssets(route, exchange, world);
    case "catalog_asset":
      return catalogAsset(route, exchange, world);
    case "service_document":
      return serviceDocument(route, exchange, world);
    case "metadata":
      return metadata(route, exchange, world);
    case "token":
    case "oauth_urls":
    case "unknown":
      throw notFound(exchange.path);
  }
}

const CONDITIONAL: readonly Operation[] = ["read_object", "service_document", "metadata"];

function conditional(operation: Operation, exchange: Exchange, reply: Reply, { settings }: World): Reply {
  if (!settings.etags || !CONDITIONAL.includes(operation) || typeof reply.body !== "string") return reply;
  const etag = etagOf(reply.body);
  const isKnown = matches(headerOf(exchange, "if-none-match"), etag);
  return { ...reply, headers: { ...reply.headers, etag }, ...(isKnown && { status: 304, body: "" }) };
}

const CORE: readonly Operation[] = ["discovery", "list_spaces", "list_objects", "read_object", "read_content"];

function tagged(operation: Operation, reply: Reply, { settings }: World): Reply {
  if (!settings.discovery || !CORE.includes(operation)) return reply;
  return { ...reply, headers: { ...reply.headers, "x-sap-cli-core-discovery-etag": discoveryTag(settings) } };
}
