import { type Exchange, JSON_TYPE, type Reply, type World } from "./exchange.ts";
import type { ObjectType } from "./objects/object-types.ts";
import { orderedJson } from "./objects/ordered-json.ts";
import { bodyOf } from "./objects/origin.ts";
import type { TenantObjects } from "./objects/tenant-objects.ts";
import { badRequest, forbidden, notFound } from "./tenant-error.ts";

/** The types whose definitions a bulk read holds. */
const BULK_TYPES: readonly ObjectType[] = ["localtables", "remotetables", "views"];

/** All tables and views of a space in one answer, as they are deployed. Made object by object while it is sent. */
export function readContent({ query }: Exchange, { tenant, settings }: World): Reply {
  if (!settings.bulk) throw notFound("The resource");
  const space = query.get("space");
  if (space === null) throw badRequest("space is missing.");
  if (!tenant.isMember(space)) throw forbidden(space);
  const definitions = query.get("definitions");
  const about = query.get("spaceDefinition") === "true" ? `"spaceDefinition":${JSON.stringify({ version: "1.0.4", label: space })}` : null;
  return { status: 200, type: JSON_TYPE, body: content(space, about, definitions, tenant) };
}

async function* content(space: string, about: string | null, definitions: string | null, tenant: TenantObjects): AsyncGenerator<string> {
  yield `{${JSON.stringify(space)}:{${about ?? ""}`;
  if (definitions !== null) {
    yield `${about === null ? "" : ","}"definitions":{`;
    yield* members(space, definitions === "true" ? null : new Set(definitions.split(",")), tenant);
    yield "}";
  }
  yield "}}";
}

async function* members(space: string, wanted: ReadonlySet<string> | null, tenant: TenantObjects): AsyncGenerator<string> {
  let separator = "";
  for (const number of BULK_TYPES.flatMap((type) => [...tenant.list(space, type)])) {
    const object = tenant.object(number);
    const document = wanted === null || wanted.has(object.name) ? object.deployedDocument() : null;
    if (document === null) continue;
    yield `${separator}${JSON.stringify(object.name)}:${orderedJson(bodyOf(document, object.type, object.name))}`;
    separator = ",";
  }
}
