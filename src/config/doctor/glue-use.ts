import { namingOf } from "../../connectors/glue/naming-templates.ts";
import { DatabasePatterns } from "../../connectors/glue/source-spaces.ts";
import type { GlueConnectionConfig } from "../glue-connection.ts";
import type { Pipeline } from "../pipeline.ts";
import type { GlueSourceConfig, GlueTargetConfig } from "../written-config.ts";
import { ALL_OPERATIONS, type Permission, permissionFor, TAG_DATABASES } from "./glue-permissions.ts";

/** What one end of a pipeline asks of a Glue catalog. */
export interface GlueUse {
  readonly side: "source" | "target";
  readonly connection: GlueConnectionConfig;
  /** Those that a sync needs, in the order to ask for them; one that can be probed comes first. */
  readonly permissions: readonly Permission[];
  /** Which databases, as names with `*` and `?`: at least one. */
  readonly databases: readonly string[];
}

/** The Glue catalogs of a pipeline: none, one, or two. */
export function glueUses({ source, target }: Pipeline): readonly GlueUse[] {
  return [...(source.type === "glue" ? [sourceUse(source)] : []), ...(target.type === "glue" ? [targetUse(target)] : [])];
}

export function sourceUse(source: GlueSourceConfig): GlueUse {
  const databases = (source.databases ?? ["*"]).map((pattern) => pattern.toLowerCase());
  // Names alone are not looked for in the list of databases.
  const listing = new DatabasePatterns(databases).isOpen ? (["getDatabases"] as const) : [];
  return {
    side: "source",
    connection: source,
    permissions: [...listing, "getTables" as const, "getTable" as const].map(permissionFor),
    databases,
  };
}

export function targetUse(target: GlueTargetConfig): GlueUse {
  const operations = ALL_OPERATIONS.filter((operation) => operation !== "deleteDatabase" || target.delete_empty_databases === true);
  const tagging = Object.keys(target.database_tags ?? {}).length === 0 ? [] : [TAG_DATABASES];
  return {
    side: "target",
    connection: target,
    permissions: [...operations.map(permissionFor), ...tagging],
    databases: [namingOf(target).database.replaceAll("{space}", "*")],
  };
}
