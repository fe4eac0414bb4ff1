import { TidemarkError } from "../../model/errors.ts";
import type { Json } from "../../model/json.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Random } from "../../ports/random.ts";
import type { RateLimiter } from "../../ports/rate-limiter.ts";
import type { Target } from "../../ports/target.ts";
import { GlueCalls } from "./calls.ts";
import { type ClientOptions, createClient, type GlueApi, isAws, isLoopback } from "./client.ts";
import type { StringTypes } from "./column-types.ts";
import { Databases } from "./databases.ts";
import { markTable, removeTable } from "./delete-table.ts";
import { fromTable } from "./from-table.ts";
import type { GlueParts } from "./glue-parts.ts";
import { MAPPING_VERSION } from "./marks.ts";
import { placeOf } from "./naming.ts";
import { tableIn } from "./observed-table.ts";
import { TableReader } from "./observe-tables.ts";
import { previewPut, putTable } from "./put-table.ts";
import { Revisions } from "./revisions.ts";
import { DEFAULT_POLICY, type PolicyFor } from "./settle-fields.ts";
import { tableDrift } from "./table-drift.ts";
import { toTable } from "./to-table.ts";

export interface GlueTargetOptions {
  /** Left out: what the AWS environment says. */
  readonly region?: string;
  /** Another endpoint than AWS's own: a sandbox, an emulator, a private one. */
  readonly endpoint?: string;
  /** Left out: the caller's own account. */
  readonly catalog_id?: string;
  /** Before each space's name, letters, digits and `_`; also what a scan goes by. */
  readonly database_prefix?: string;
  readonly strings?: StringTypes;
  /** Whether updates leave no archived version. Default true: a catalog's versions are limited. */
  readonly skip_archive?: boolean;
  readonly policyFor?: PolicyFor;
  /** Through which every request goes; destroyed with the target. */
  readonly agents: ClientOptions["agents"];
  /** The one for this endpoint. */
  readonly limiter: RateLimiter;
  readonly clock: Clock;
  readonly random: Random;
  /** For a whole exchange. Default 60 s. */
  readonly requestTimeoutMs?: number;
}

/**
 * AWS Glue Data Catalog as a target: a space is a database, an asset a table.
 *
 * It sends one request for a write as long as nobody else writes, and answers with values for all that may happen to one asset. What
 * makes every call fail (no credentials, no answer to repeated reads) throws `target_unavailable`.
 */
export function createGlueTarget(options: GlueTargetOptions): Target {
  const {
    region,
    endpoint,
    catalog_id,
    strings = "varchar",
    skip_archive = true,
    policyFor = DEFAULT_POLICY,
    limiter,
    clock,
    random,
  } = options;
  const database_prefix = checkedPrefix(options.database_prefix ?? "");
  const address = endpoint ?? region ?? "the environment's region";
  let client: Promise<GlueApi> | null = null;
  const calls = new GlueCalls({
    client: () =>
      (client ??= createClient({ region, endpoint, agents: options.agents, requestTimeoutMs: options.requestTimeoutMs ?? 60_000 })),
    limiter,
    clock,
    random,
    address,
  });
  const parts: GlueParts = {
    calls,
    databases: new Databases(calls, catalog_id),
    revisions: new Revisions(isAws(endpoint)),
    address,
    catalogId: catalog_id,
    mapping: { database_prefix, strings },
    mappingName: `glue-${MAPPING_VERSION} strings=${strings}`,
    skipArchive: skip_archive,
    policyFor,
  };
  const tables = new TableReader(parts);
  return {
    supports: { observe: true, tombstones: true },
    mapping: parts.mappingName,
    scope: { type: "glue", region: region ?? null, endpoint: endpointScope(endpoint), catalog_id: catalog_id ?? null, database_prefix },
    place: (id) => {
      const { key, warnings } = placeOf(id, database_prefix);
      return { key, warnings };
    },
    project(asset, mark) {
      const { key, warnings } = placeOf(asset.id, database_prefix);
      const ref = { key, warnings };
      const projection = toTable(asset, mark, parts.mapping);
      if (!projection.ok) return { ok: false, ref, problem: projection.problem };
      return {
        ok: true,
        ref,
        document: projection.table as unknown as Json,
        fingerprint: projection.fingerprint,
        warnings: projection.warnings,
      };
    },
    observe: (refs, { signal }) => tables.observe(refs, signal),
    scan: (pipeline, { signal }) => tables.scan(pipeline, database_prefix, signal),
    restore: (document) => fromTable(tableIn(document)),
    drift: (recorded, observed) => tableDrift(tableIn(recorded.document), tableIn(observed.document), policyFor),
    preview: (request) => previewPut(parts, request),
    put: (request, { signal }) => putTable(parts, request, signal),
    mark: (request, { signal }) => markTable(parts, request, signal),
    remove: (request, { signal }) => removeTable(parts, request, signal),
    async close() {
      if (client !== null) (await client.catch(() => null))?.destroy();
    },
  };
}

function checkedPrefix(prefix: string): string {
  if (/^[A-Za-z0-9_]{0,200}$/.test(prefix)) return prefix.toLowerCase();
  throw new TidemarkError("config_invalid", `The database_prefix ${JSON.stringify(prefix)} is none that a Glue database can begin with.`, {
    remedy: "Use at most 200 letters, digits and _.",
  });
}

// Emulators on this machine are one endpoint, whatever port they were started on.
function endpointScope(endpoint: string | undefined): string | null {
  if (endpoint === undefined) return null;
  if (isLoopback(endpoint)) return "local";
  return URL.canParse(endpoint) ? new URL(endpoint).host : endpoint;
}
