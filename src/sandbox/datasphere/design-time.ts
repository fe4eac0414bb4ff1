import { isJsonObject, type Json, type JsonObject } from "../../model/json.ts";
import { exportDocument } from "../tenant/export-document.ts";
import { type Exchange, headerOf, JSON_TYPE, numberIn, type Reply, type World } from "./exchange.ts";
import { isObjectType, OBJECT_TYPES } from "./objects/object-types.ts";
import { orderedJson } from "./objects/ordered-json.ts";
import { bodyOf } from "./objects/origin.ts";
import type { TenantObject } from "./objects/tenant-object.ts";
import type { RouteOf } from "./routes.ts";
import type { Settings } from "./settings.ts";
import { badRequest, forbidden, notFound, TenantError } from "./tenant-error.ts";

export const DEFAULT_TOP = 25;

const CONTENT = "application/vnd.sap.datasphere.object.content";
/** The media types of a read, and which state each tells. */
export const MEDIA_TYPES: Readonly<Record<string, "saved" | "deployed">> = {
  [`${CONTENT}+json`]: "deployed",
  [`${CONTENT}.design-time+json`]: "saved",
  [`${CONTENT}.run-time+json`]: "deployed",
  [`${CONTENT}.simplified+json`]: "deployed",
};

export function listSpaces({ tenant }: World): Reply {
  return { status: 200, type: JSON_TYPE, body: JSON.stringify(tenant.spaces("member")) };
}

/** The properties that lists can be asked for. */
export function selectable({ timestamps }: Settings): readonly string[] {
  return [
    "technicalName",
    "businessName",
    "semanticUsage",
    "status",
    "type",
    ...(timestamps ? ["createdOn", "changedOn", "deployedOn"] : []),
  ];
}

export function listObjects(
  { space, type }: RouteOf<"list_objects">,
  { query }: Exchange,
  { tenant, settings, circumstances }: World,
): Reply {
  if (!tenant.isMember(space)) throw forbidden(space);
  if (!isObjectType(type)) throw notFound(`The object type ${type}`);
  const select = (query.get("select") ?? "technicalName").split(",").map((property) => property.trim());
  const unknown = select.filter((property) => !selectable(settings).includes(property));
  if (unknown.length > 0) throw badRequest(`The property ${unknown.join(", ")} cannot be selected.`);
  const top = numberIn(query, "top", Math.min(DEFAULT_TOP, settings.list_limit));
  const skip = numberIn(query, "skip", 0);
  if (top === null || skip === null || top < 1) throw badRequest("top and skip must be numbers, and top at least 1.");
  if (top > settings.list_limit) throw badRequest(`top must not be larger than ${settings.list_limit}.`);
  const kept = filterIn(query);

  const list = tenant.list(space, type);
  if (circumstances.losesFirst === true) for (const first of list.slice(0, 1)) tenant.delete(tenant.object(first));
  const from = circumstances.ignoresSkip === true ? 0 : skip;
  const rows = Math.min(top, circumstances.pageRows ?? top);
  const numbers =
    kept === null ? list.slice(from, from + rows) : [...list].filter((number) => kept(tenant.object(number))).slice(from, from + rows);
  const objects = numbers
    .map((number) => tenant.object(number))
    .map((object) => (circumstances.isStale === true ? object.before() : object));
  return { status: 200, type: JSON_TYPE, body: JSON.stringify(objects.map((object) => rowOf(object, select, settings))) };
}

/** One object: CSN where one of its media types is accepted, else no more than its row in the list. */
export function readObject(
  { space, type, name }: RouteOf<"read_object">,
  exchange: Exchange,
  { tenant, settings, circumstances }: World,
): Reply {
  if (!tenant.isMember(space)) throw forbidden(space);
  const found = tenant.find(space, name);
  if (found?.type !== type) throw notFound(`The object ${name}`);
  const object = circumstances.isStale === true ? found.before() : found;
  const accepted = headerOf(exchange, "accept")
    .split(",")
    .map((range) => range.replace(/;.*/, "").trim());
  const media = accepted.find((range) => Object.hasOwn(MEDIA_TYPES, range));
  if (media === undefined) return { status: 200, type: JSON_TYPE, body: JSON.stringify(rowOf(object, selectable(settings), settings)) };

  const document = MEDIA_TYPES[media] === "saved" ? object.savedDocument() : object.deployedDocument();
  if (document === null) throw new TenantError(404, `The object ${name} is not deployed.`);
  const caught = settings.by_catch ? withByCatch(document, object) : document;
  return { status: 200, type: media, body: orderedJson(media === `${CONTENT}.run-time+json` ? withoutFolders(caught) : caught) };
}

function rowOf(object: TenantObject, select: readonly string[], { timestamp_resolution_ms: resolution }: Settings): JsonObject {
  const time = (at: number | null): Json => (at === null ? null : new Date(at - (at % resolution)).toISOString());
  const { label, usage } = object.saved;
  const row: JsonObject = {
    technicalName: object.name,
    businessName: label ?? object.name,
    semanticUsage: usage,
    status: object.status,
    type: OBJECT_TYPES[object.type],
    createdOn: time(object.createdOn),
    changedOn: time(object.changedOn),
    deployedOn: time(object.deployedOn),
  };
  return Object.fromEntries(select.map((property) => [property, row[property] ?? null]));
}

// `status eq Deployed`, the value without quotes.
function filterIn(query: URLSearchParams): ((object: TenantObject) => boolean) | null {
  const filter = query.get("filter");
  if (filter === null) return null;
  const [, property, value] = /^(technicalName|status) eq (.+)$/.exec(filter.trim()) ?? [];
  if (property === undefined) throw badRequest(`The filter ${filter} is not understood.`);
  return (object) => (property === "status" ? object.status : object.name) === value;
}

// As an export carries them: contexts, and stand-ins for what a view reads of other spaces.
function withByCatch(document: JsonObject, { number, space, name, type }: TenantObject): JsonObject {
  if (document["definitions"] === undefined) return document;
  const { definitions } = exportDocument([{ number, space, name, definition: bodyOf(document, type, name), round: 0 }], []);
  return { ...document, definitions: definitions as Json };
}

function withoutFolders(document: JsonObject): JsonObject {
  const withoutFolder = (body: Json): Json =>
    isJsonObject(body) ? Object.fromEntries(Object.entries(body).filter(([key]) => key !== "_meta")) : body;
  return Object.fromEntries(
    Object.entries(document).map(([key, part]) => [
      key,
      isJsonObject(part) ? Object.fromEntries(Object.entries(part).map(([name, body]) => [name, withoutFolder(body)])) : part,
    ]),
  );
}
