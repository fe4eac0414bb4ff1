import type { JsonObject } from "../model/json.ts";

const CONNECTION = "@DataWarehouse.remote.connection";
const ENTITY = "@DataWarehouse.remote.entity";

/** True for an annotation that {@link toRemoteSource} says in full. */
export function isSaidByRemoteSource(key: string, definition: JsonObject): boolean {
  return (key === CONNECTION || key === ENTITY) && typeof definition[key] === "string";
}

/**
 * Where a remote table's data is: `connection`, and `schema` and `table` where `entity` is Datasphere's
 * `<NULL>␡schema␡table` (DEL-separated), else `entity` as it is. Null for a definition that says neither.
 */
export function toRemoteSource(definition: JsonObject): JsonObject | null {
  const connection = definition[CONNECTION];
  const entity = definition[ENTITY];
  const source = {
    ...(typeof connection === "string" ? { connection } : {}),
    ...(typeof entity === "string" ? entityParts(entity) : {}),
  };
  return Object.keys(source).length === 0 ? null : source;
}

/** The annotations that {@link toRemoteSource} read. */
export function fromRemoteSource(source: JsonObject): JsonObject {
  const { connection, schema, table, entity = joined(schema, table) } = source as { readonly [key: string]: string };
  return { ...(connection === undefined ? {} : { [CONNECTION]: connection }), ...(entity === undefined ? {} : { [ENTITY]: entity }) };
}

function entityParts(entity: string): JsonObject {
  const [none, schema, table, ...more] = entity.split("\u007f");
  if (none !== "<NULL>" || schema === undefined || table === undefined || more.length > 0) return { entity };
  return { schema, table };
}

function joined(schema: string | undefined, table: string | undefined): string | undefined {
  return schema === undefined ? undefined : `<NULL>\u007f${schema}\u007f${table}`;
}
