import type { JsonObject } from "../../model/json.ts";
import { CATALOG_METADATA } from "./edmx/catalog-metadata.ts";
import { etagOf } from "./etag.ts";
import { type Exchange, JSON_TYPE, type Reply, type World, XML_TYPE } from "./exchange.ts";
import type { TenantObject } from "./objects/tenant-object.ts";
import { type Collection, entity, odata, page } from "./odata.ts";
import { type Root, type RouteOf, ROOTS } from "./routes.ts";
import { badRequest, forbidden, notFound, TenantError } from "./tenant-error.ts";

export function catalogRoot({ root }: RouteOf<"catalog_root">, { origin }: Exchange, { settings }: World): Reply {
  return odata({
    "@odata.context": `${origin}${ROOTS[root].catalog}/$metadata`,
    ...(settings.metadata_etags && { "@odata.metadataEtag": `W/${etagOf(CATALOG_METADATA)}` }),
    value: ["assets", "spaces"].map((name) => ({ name, url: name })),
  });
}

export function catalogMetadata(): Reply {
  return { status: 200, type: XML_TYPE, headers: { "odata-version": "4.0" }, body: CATALOG_METADATA };
}

/** The spaces that the technical user is a member of. */
export function catalogSpaces(exchange: Exchange, world: World): Reply {
  const rows = world.tenant.spaces("member").map((name) => ({ name, label: name }));
  if (world.settings.bare_spaces) return { status: 200, type: JSON_TYPE, body: JSON.stringify(rows) };
  return page(contextOf(exchange, "spaces"), { count: rows.length, slice: (start, end) => rows.slice(start, end) }, exchange, world);
}

export function catalogSpace({ space }: RouteOf<"catalog_space">, exchange: Exchange, { tenant }: World): Reply {
  if (!tenant.isMember(space)) throw forbidden(space);
  return entity(contextOf(exchange, "spaces/$entity"), { name: space, label: space });
}

/** The assets that are exposed for consumption: of one space, or of all that the technical user is a member of. */
export function catalogAssets({ space }: RouteOf<"catalog_assets">, exchange: Exchange, world: World): Reply {
  if (space !== null && !world.tenant.isMember(space)) throw forbidden(space);
  const only = filteredSpace(exchange);
  const spaces = (space === null ? world.tenant.spaces("member") : [space]).filter((name) => only === null || name === only);
  loseFirst(spaces, world);
  return page(contextOf(exchange, "assets"), assetsOf(spaces, exchange, world), exchange, world);
}

export function catalogAsset({ space, name }: RouteOf<"catalog_asset">, exchange: Exchange, world: World): Reply {
  if (!world.tenant.isMember(space)) throw forbidden(space);
  const object = world.tenant.find(space, name);
  if (object?.deployed?.exposed !== true) throw notFound(`The asset ${name}`);
  return entity(contextOf(exchange, "assets/$entity"), assetRow(object, exchange, world));
}

/** Which paths answer, now and in time to come. */
export function assertServed(root: Root, { settings }: World): void {
  if (!(root === "new" ? settings.new_paths : settings.old_paths)) throw new TenantError(404, "Not Found");
}

function assetsOf(spaces: readonly string[], exchange: Exchange, world: World): Collection {
  const lists = spaces.map((space) => world.tenant.exposed(space));
  return {
    count: lists.reduce((sum, { length }) => sum + length, 0),
    slice(start, end) {
      let before = 0;
      const numbers = lists.flatMap((list) => {
        const part = list.slice(Math.max(0, start - before), Math.max(0, end - before));
        before += list.length;
        return part;
      });
      return numbers.map((number) => world.tenant.object(number)).map((object) => assetRow(object, exchange, world));
    },
  };
}

function loseFirst(spaces: readonly string[], { tenant, circumstances }: World): void {
  if (circumstances.losesFirst !== true) return;
  const [first] = spaces.flatMap((space) => tenant.exposed(space).slice(0, 1));
  if (first !== undefined) tenant.delete(tenant.object(first));
}

// Views bear addresses of the deprecated generation while that answers, analytic models those of today's.
function assetRow(object: TenantObject, { origin }: Exchange, { settings, circumstances }: World): JsonObject {
  const { space, name, type } = object;
  const { label, usage, hasParameters } = (circumstances.isStale === true ? object.before() : object).deployed ?? object.saved;
  const place = `${encodeURIComponent(space)}/${encodeURIComponent(name)}`;
  const isModel = type === "analyticmodels";
  const isAnalytical = isModel || usage === "ANALYTICAL_FACT";
  const relational = isModel ? null : `${origin}${ROOTS[settings.old_paths ? "old" : "new"].consumption}/relational/${place}/`;
  const analytical = isAnalytical ? `${origin}${ROOTS[settings.new_paths ? "new" : "old"].consumption}/analytical/${place}/` : null;
  return {
    name,
    label: label ?? name,
    spaceName: space,
    assetRelationalMetadataUrl: relational === null ? null : `${relational}$metadata`,
    assetRelationalDataUrl: relational,
    assetAnalyticalMetadataUrl: analytical === null ? null : `${analytical}$metadata`,
    assetAnalyticalDataUrl: analytical,
    supportsAnalyticalQueries: isAnalytical,
    hasParameters,
  };
}

function filteredSpace({ query }: Exchange): string | null {
  const filter = query.get("$filter");
  if (filter === null) return null;
  const [, space] = /^spaceName eq '((?:[^']|'')*)'$/.exec(filter.trim()) ?? [];
  if (space === undefined) throw badRequest(`The filter ${filter} is not supported.`);
  return space.replaceAll("''", "'");
}

// The context says the deprecated path, whichever was asked.
function contextOf({ origin }: Exchange, set: string): string {
  return `${origin}${ROOTS.old.catalog}/$metadata#${set}`;
}
