import type { Json } from "../../model/json.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Random } from "../../ports/random.ts";
import type { RateLimiter } from "../../ports/rate-limiter.ts";
import type { Target, WriteResult } from "../../ports/target.ts";
import { GlueCalls } from "./calls.ts";
import { catalogScope } from "./catalog-scope.ts";
import { type ClientOptions, createClient, type GlueApi, type GlueConnection, isAws } from "./client.ts";
import { Databases } from "./databases.ts";
import { fromTable } from "./from-table.ts";
import type { GlueParts } from "./glue-parts.ts";
import { markTable } from "./mark-table.ts";
import { MAPPING_VERSION } from "./marks.ts";
import { databasePrefix, placeOf } from "./naming.ts";
import { namingOf, type NamingTemplates } from "./naming-templates.ts";
import { tableIn } from "./observed-table.ts";
import { TableReader } from "./observe-tables.ts";
import { PlaceSurvey } from "./place-survey.ts";
import { previewPut, putTable } from "./put-table.ts";
import { removeTables } from "./remove-tables.ts";
import { Revisions } from "./revisions.ts";
import { type SkipArchive, skipArchive } from "./skip-archive.ts";
import { mergePolicies, type PolicyFor } from "../../model/merge-policy.ts";
import { tableDrift } from "./table-drift.ts";
import { toTable } from "./to-table.ts";
import { spellRules, type StringTypes, typeRules } from "./type-rules.ts";

export interface GlueTargetOptions extends GlueConnection, NamingTemplates {
  readonly strings?: StringTypes;
  /** The Glue type of a source type, by the name of that. */
  readonly types?: { readonly [sourceType: string]: string };
  /** Of each database that is made. */
  readonly database_tags?: { readonly [tag: string]: string };
  /** Whether updates leave no archived version; `unless_schema`: only those do that change columns. Default true: a catalog's versions are limited. */
  readonly skip_archive?: SkipArchive;
  /** Whether a table that was never updated is read before it is: one made in its place bears the same revision. Default false. */
  readonly look_before_first_update?: boolean;
  /** Whether a database that we made goes with its last table. Default false. */
  readonly delete_empty_databases?: boolean;
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
    policyFor = mergePolicies([]),
    limiter,
    clock,
    random,
  } = options;
  const naming = namingOf(options);
  const rules = typeRules(strings, options.types ?? {});
  const address = endpoint ?? region ?? "the environment's region";
  let client: Promise<GlueApi> | null = null;
  const calls = new GlueCalls({
    client: () => (client ??= createClient({ ...options, requestTimeoutMs: options.requestTimeoutMs ?? 60_000 })),
    limiter,
    clock,
    random,
    address,
  });
  const parts: GlueParts = {
    calls,
    databases: new Databases({ calls, catalogId: catalog_id, naming, tags: options.database_tags ?? {} }),
    revisions: new Revisions(isAws(endpoint)),
    address,
    catalogId: catalog_id,
    mapping: { naming, types: rules },
    mappingName: `glue-${MAPPING_VERSION} ${spellRules(rules)}`,
    skipArchive: skipArchive(skip_archive),
    looksBeforeFirstUpdate: options.look_before_first_update ?? false,
    deleteEmptyDatabases: options.delete_empty_databases ?? false,
    policyFor,
  };
  const tables = new TableReader(parts);
  const survey = new PlaceSurvey(parts, tables);
  return {
    supports: { observe: true, tombstones: true },
    mapping: parts.mappingName,
    scope: { ...catalogScope(options), naming: { ...naming } },
    place: (id) => {
      const { key, warnings } = placeOf(id, naming);
      return { key, warnings };
    },
    project(asset, mark) {
      const { key, warnings } = placeOf(asset.id, naming);
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
    taken: (refs, { signal }) => survey.taken(refs, signal),
    scan: (pipeline, { signal }) => tables.scan(pipeline, databasePrefix(naming), signal),
    restore: (document) => fromTable(tableIn(document)),
    drift: (recorded, observed, applied) => tableDrift(tableIn(recorded.document), tableIn(observed.document), applied, policyFor),
    preview: (request) => previewPut(parts, request),
    put: (request, { signal }) => putTable(parts, request, signal),
    mark: (request, { signal }) => markTable(parts, request, signal),
    remove: async (request, { signal }) => (await removeTables(parts, tables, [request], signal))[0] as WriteResult,
    removeAll: (requests, { signal }) => removeTables(parts, tables, requests, signal),
    async close() {
      if (client !== null) (await client.catch(() => null))?.destroy();
    },
  };
}
