import type { JsonObject } from "../../model/json.ts";
import { edmxDocument } from "./edmx/edmx-document.ts";
import { mangle } from "./edmx/mangle.ts";
import { typedDefinition } from "./edmx/typed-definition.ts";
import { etagOf } from "./etag.ts";
import { type Exchange, headerOf, type Reply, type World, XML_TYPE } from "./exchange.ts";
import { bodyOf } from "./objects/origin.ts";
import type { TenantObject } from "./objects/tenant-object.ts";
import { odata } from "./odata.ts";
import { type Consumption, ROOTS, type RouteOf } from "./routes.ts";
import { forbidden, notFound, TenantError } from "./tenant-error.ts";

/** The service document of an exposed asset: its one entity set, and the tag of its `$metadata`. */
export function serviceDocument(route: RouteOf<"service_document">, { origin }: Exchange, world: World): Reply {
  const etag = `W/${etagOf(edmxOf(route, world))}`;
  const service = `${origin}${ROOTS[route.root].consumption}/${route.mode}/${encodeURIComponent(route.space)}`;
  const set = mangle(route.name);
  return odata({
    "@odata.context": `${service}/$metadata`,
    ...(world.settings.metadata_etags && { "@odata.metadataEtag": etag }),
    value: [{ name: set, url: set }],
  });
}

/** The `$metadata` of an exposed asset: XML, and nothing else. */
export function metadata(route: RouteOf<"metadata">, exchange: Exchange, world: World): Reply {
  const accepted = headerOf(exchange, "accept");
  if (accepted !== "" && !/xml|\*\/\*/.test(accepted)) throw new TenantError(406, `The metadata cannot be answered as ${accepted}.`);
  return { status: 200, type: XML_TYPE, headers: { "odata-version": "4.0" }, body: edmxOf(route, world) };
}

function edmxOf({ space, name, mode }: Consumption, { tenant, circumstances }: World): string {
  if (!tenant.isMember(space)) throw forbidden(space);
  const found = tenant.find(space, name);
  const object = circumstances.isStale === true ? found?.before() : found;
  const facts = object?.deployed;
  const isServed = facts?.exposed === true && (mode === "analytical" ? isAnalytical(object) : object?.type === "views");
  const document = isServed ? object?.deployedDocument() : null;
  if (object === undefined || object === null || document === null || document === undefined) throw notFound(`The asset ${name}`);
  const definition = bodyOf(document, object.type, name);
  const lookup = (reference: string): JsonObject | null => definitionIn(space, reference, tenant);
  return edmxDocument(name, object.type === "analyticmodels" ? typedDefinition(definition, lookup) : definition, mode);
}

function isAnalytical(object: TenantObject | null | undefined): boolean {
  return object?.type === "analyticmodels" || object?.deployed?.usage === "ANALYTICAL_FACT";
}

// A name of another space bears that space before its first dot.
function definitionIn(space: string, reference: string, tenant: World["tenant"]): JsonObject | null {
  const dot = reference.indexOf(".");
  const object = tenant.find(space, reference) ?? (dot < 0 ? null : tenant.find(reference.slice(0, dot), reference.slice(dot + 1)));
  const document = object?.deployedDocument();
  return object === null || document === null || document === undefined ? null : bodyOf(document, object.type, object.name);
}
