import { createHash } from "node:crypto";
import type { JsonObject } from "../../model/json.ts";
import { DEFAULT_TOP, MEDIA_TYPES, selectable } from "./design-time.ts";
import { JSON_TYPE, type Reply, type World } from "./exchange.ts";
import { OBJECT_TYPES } from "./objects/object-types.ts";
import type { Settings } from "./settings.ts";
import { notFound } from "./tenant-error.ts";

/** The document that SAP's command line makes its commands of: what the tenant can do, and under which paths. */
export function discovery({ settings }: World): Reply {
  if (!settings.discovery) throw notFound("The resource");
  return { status: 200, type: JSON_TYPE, body: JSON.stringify(discoveryDocument(settings)) };
}

/** A tag of the discovery document, that answers of its interface bear. */
export function discoveryTag(settings: Settings): string {
  const known = tags.get(settings);
  if (known !== undefined) return known;
  const tag = createHash("sha256")
    .update(JSON.stringify(discoveryDocument(settings)))
    .digest("base64");
  tags.set(settings, tag);
  return tag;
}

const tags = new WeakMap<Settings, string>();

function discoveryDocument(settings: Settings): JsonObject {
  const core = "/dwaas-core/api/v1";
  const objects = Object.entries(OBJECT_TYPES).flatMap(([segment, command]) => [
    [`${core}/spaces/{space}/${segment}`, listOperation(command, settings)] as const,
    [`${core}/spaces/{space}/${segment}/{technicalName}`, readOperation(command)] as const,
  ]);
  return {
    openapi: "3.0.3",
    info: { title: "Sandbox tenant (simulated)", version: "2026.19.0" },
    paths: Object.fromEntries([
      [`${core}/spaces`, operation("spaces list", "List the spaces", [])],
      ...(settings.bulk ? [[`${core}/content`, contentOperation()] as const] : []),
      ...objects,
    ]),
  };
}

function listOperation(command: string, settings: Settings): JsonObject {
  const properties = { type: "array", items: { type: "string", enum: selectable(settings) }, default: ["technicalName"] };
  return operation(`objects ${command} list`, "List the objects of a type", [
    pathParameter("space"),
    queryParameter("select", properties),
    queryParameter("filter", { type: "string" }),
    queryParameter("top", {
      type: "integer",
      minimum: 1,
      maximum: settings.list_limit,
      default: Math.min(DEFAULT_TOP, settings.list_limit),
    }),
    queryParameter("skip", { type: "integer", minimum: 0, default: 0 }),
  ]);
}

function readOperation(command: string): JsonObject {
  const [first = "", ...others] = Object.keys(MEDIA_TYPES);
  const accept = { name: "accept", in: "header", required: false, schema: { type: "string", enum: [first, ...others], default: first } };
  return operation(`objects ${command} read`, "Read an object", [pathParameter("space"), pathParameter("technicalName"), accept]);
}

function contentOperation(): JsonObject {
  return operation("spaces read", "Read a space with its definitions", [
    queryParameter("space", { type: "string" }),
    queryParameter("definitions", { type: "string" }),
    queryParameter("spaceDefinition", { type: "boolean" }),
  ]);
}

function operation(operationId: string, summary: string, parameters: readonly JsonObject[]): JsonObject {
  return { get: { operationId, summary, parameters, responses: { "200": { description: "OK" } } } };
}

function pathParameter(name: string): JsonObject {
  return { name, in: "path", required: true, schema: { type: "string" } };
}

function queryParameter(name: string, schema: JsonObject): JsonObject {
  return { name, in: "query", required: false, schema };
}
