import { namePattern } from "../../model/name-pattern.ts";
import { type AssetId, spaceOf } from "../../model/asset.ts";
import type { Json } from "../../model/json.ts";
import { compareCodePoints } from "../../model/order.ts";
import { ASSET_TYPES, type AssetObjects } from "./object-types.ts";
import type { DefinitionState } from "./read-definition.ts";

/** Which part of a tenant is covered. */
export interface TenantScope {
  /** Left out: every space that the technical user is a member of. */
  readonly spaces?: readonly string[];
  readonly object_types: readonly AssetObjects[];
  /** Patterns of asset ids with `*` and `?`, such as `SALES.*_V`. An asset is covered that matches one of these, or all where there is none … */
  readonly include: readonly string[];
  /** … and none of these. */
  readonly exclude: readonly string[];
  /** Only what is exposed for consumption. */
  readonly exposed_only: boolean;
  readonly definition: DefinitionState;
}

/** A scope as it stands in a pipeline's scope fingerprint: in one order, whatever order it was written in. */
export function scopeJson(url: string, { spaces, object_types, include, exclude, exposed_only, definition }: TenantScope): Json {
  return {
    type: "datasphere",
    tenant: new URL(url).origin,
    spaces: spaces === undefined ? null : sorted(spaces),
    object_types: sorted(object_types),
    include: sorted(include),
    exclude: sorted(exclude),
    exposed_only,
    definition,
  };
}

/** Whether a scope covers an asset, by its id alone. */
export function covers({ include, exclude, spaces }: TenantScope): (id: AssetId) => boolean {
  const [included, excluded] = [include.map(namePattern), exclude.map(namePattern)];
  const among = spaces === undefined ? null : new Set(spaces);
  return (id) =>
    (among === null || among.has(spaceOf(id))) &&
    (included.length === 0 || included.some((matches) => matches(id))) &&
    !excluded.some((matches) => matches(id));
}

/** Every type, in the order in which they are listed: what others are made of comes first. */
export const ALL_OBJECT_TYPES: readonly AssetObjects[] = Object.keys(ASSET_TYPES) as readonly AssetObjects[];

function sorted(names: readonly string[]): readonly string[] {
  return [...new Set(names)].toSorted(compareCodePoints);
}
