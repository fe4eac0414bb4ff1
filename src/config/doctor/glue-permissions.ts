import type { Called } from "../../connectors/glue/calls.ts";
import type { GlueApi } from "../../connectors/glue/client.ts";
import { type Check, failed, ok, skipped, warning } from "./check.ts";

/** A place in the catalog that a probe asks for. */
export interface ProbedPlace {
  readonly CatalogId: string | undefined;
  readonly DatabaseName: string;
  readonly Name: string;
}

export interface Permission {
  /** Its name in IAM, such as `glue:GetTables`. */
  readonly action: string;
  readonly writes: boolean;
  /** What Lake Formation asks for besides, where it governs the catalog. */
  readonly grant: string;
  /** Asks for something that is not there, so that the answer tells of the permission alone. Null where no such request can be made. */
  readonly probe: ((glue: GlueApi, place: ProbedPlace) => Promise<unknown>) | null;
}

export type Operation = Exclude<keyof GlueApi, "destroy">;

/** Every operation of Glue that we call; the compiler holds this table to the connector's list. */
const OPERATIONS: { readonly [operation in Operation]: Omit<Permission, "action"> } = {
  getDatabases: {
    writes: false,
    grant: "Describe on the databases",
    probe: (glue, { CatalogId }) => glue.getDatabases({ CatalogId, MaxResults: 100 }),
  },
  getDatabase: {
    writes: false,
    grant: "Describe on the database",
    probe: (glue, { CatalogId, DatabaseName }) => glue.getDatabase({ CatalogId, Name: DatabaseName }),
  },
  getTables: {
    writes: false,
    grant: "Describe on the tables",
    probe: (glue, { CatalogId, DatabaseName }) => glue.getTables({ CatalogId, DatabaseName, MaxResults: 1 }),
  },
  getTable: { writes: false, grant: "Describe on the table", probe: (glue, place) => glue.getTable(place) },
  createDatabase: { writes: true, grant: "Create database on the catalog", probe: null },
  createTable: {
    writes: true,
    grant: "Create table on the database",
    probe: (glue, { Name, ...place }) => glue.createTable({ ...place, TableInput: { Name } }),
  },
  updateTable: {
    writes: true,
    grant: "Alter on the table",
    probe: (glue, { Name, ...place }) => glue.updateTable({ ...place, TableInput: { Name } }),
  },
  deleteTable: { writes: true, grant: "Drop on the table", probe: (glue, place) => glue.deleteTable(place) },
  batchDeleteTable: {
    writes: true,
    grant: "Drop on the tables",
    probe: (glue, { Name, ...place }) => glue.batchDeleteTable({ ...place, TablesToDelete: [Name] }),
  },
  deleteDatabase: {
    writes: true,
    grant: "Drop on the database",
    probe: (glue, { CatalogId, DatabaseName }) => glue.deleteDatabase({ CatalogId, Name: DatabaseName }),
  },
};

/** The operations that change nothing come first, and the listing of databases before all. */
export const ALL_OPERATIONS: readonly Operation[] = (Object.keys(OPERATIONS) as Operation[]).toSorted(
  (a, b) => Number(OPERATIONS[a].writes) - Number(OPERATIONS[b].writes),
);

export function permissionFor(operation: Operation): Permission {
  return { action: `glue:${operation.charAt(0).toUpperCase()}${operation.slice(1)}`, ...OPERATIONS[operation] };
}

/** What giving tags to a database takes besides making it. */
export const TAG_DATABASES: Permission = { action: "glue:TagResource", writes: true, grant: "nothing", probe: null };

/** What the answer to a permission's probe says of it. */
export function permissionCheck({ action, grant }: Permission, called: Called<unknown>, { DatabaseName }: ProbedPlace): Check {
  if (called.ok && action === "glue:CreateTable")
    return warning(
      action,
      `The endpoint carried out ${action} in ${DatabaseName}, a database that does not exist; AWS Glue would not.`,
      `Look for ${DatabaseName} in that catalog, and remove it.`,
    );
  if (called.ok || called.kind === "absent") return ok(action, "Allowed.");
  if (called.kind === "denied")
    return failed(
      action,
      `${action} is refused: ${called.message}.`,
      `Allow ${action} to the caller (\`tidemark doctor --iam-policy\` prints the whole policy); where Lake Formation governs the catalog, grant ${grant}, too.`,
    );
  return warning(action, `Whether ${action} is allowed was not to be told: ${called.message}.`, "Run `tidemark doctor` again.");
}

/** A permission that was not asked for; `isSafe`: a request could have been made that cannot write. */
export function unprobed({ action, probe }: Permission, isSafe: boolean): Check {
  if (probe === null) return skipped(action, "Not probed: no request proves it without making something.");
  return skipped(
    action,
    isSafe
      ? "Not probed: --probe-writes asks for it with a request that cannot write."
      : "Not probed: all tables go to one database, and a request that cannot write needs one that does not exist.",
  );
}
