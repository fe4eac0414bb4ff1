import { randomUUID } from "node:crypto";
import type { GetDatabasesResponse } from "@aws-sdk/client-glue";
import type { Called } from "../../connectors/glue/calls.ts";
import { isAws } from "../../connectors/glue/client.ts";
import { DatabasePatterns } from "../../connectors/glue/source-spaces.ts";
import { identityCheck, LAKE_FORMATION, lakeFormationCheck } from "./aws-account.ts";
import { type Check, skipped } from "./check.ts";
import type { ExamineOptions } from "./examine.ts";
import { clockCheck, endpointChecks } from "./glue-endpoint.ts";
import { type GlueAccess, openGlue } from "./glue-access.ts";
import { type Permission, permissionCheck, type ProbedPlace, unprobed } from "./glue-permissions.ts";
import type { GlueUse } from "./glue-use.ts";

/**
 * Who calls, whether the catalog answers, and what it allows. What cannot be asked after a failure is told as skipped. The checks of a
 * source bear its name, because the target may be a Glue catalog too.
 */
export async function* glueChecks(use: GlueUse, options: ExamineOptions): AsyncGenerator<Check> {
  for await (const check of checksOf(use, options)) yield use.side === "source" ? { ...check, name: `source ${check.name}` } : check;
}

async function* checksOf(use: GlueUse, { probeWrites, signal }: ExamineOptions): AsyncGenerator<Check> {
  const { permissions, databases } = use;
  const { endpoint, catalog_id } = use.connection;
  using glue = await openGlue(use.connection);
  const who = await identityCheck(glue, endpoint, signal);
  yield who;
  if (who.status === "failed") {
    yield* unasked(["endpoint", "tls", "clock", ...namesBehind(use)], "there are no credentials to ask with");
    return;
  }
  const madeUp = placeIn(madeUpDatabase(databases), catalog_id);
  const first = await answerTo(glue, permissions[0] as Permission, madeUp, signal);
  const reached = endpointChecks(glue.address, glue.lastExchange(), first);
  yield* reached;
  if (reached.some(({ status }) => status === "failed")) {
    yield* unasked(["clock", ...namesBehind(use)], "the endpoint was not reached");
    return;
  }
  yield clockCheck(glue.lastExchange()?.skewMs ?? null);
  // Lake Formation refuses what does not exist as if it were forbidden, so that a database that is there tells more.
  const known = placeIn(databaseAmong(first, databases) ?? madeUp.DatabaseName, catalog_id);
  const isSafe = madeUp.DatabaseName !== databases[0];
  for (const [index, permission] of permissions.entries()) {
    const place = permission.writes ? madeUp : known;
    if (index === 0) yield permissionCheck(permission, first, place);
    else if (permission.probe === null || (permission.writes && !(probeWrites && isSafe))) yield unprobed(permission, isSafe);
    else yield permissionCheck(permission, await answerTo(glue, permission, place, signal), place);
  }
  if (use.side === "source") return;
  yield isAws(endpoint)
    ? await lakeFormationCheck(glue, catalog_id, signal)
    : skipped(LAKE_FORMATION, "Lake Formation is AWS's, and this endpoint is not.");
}

async function answerTo(
  glue: GlueAccess,
  { probe, writes }: Permission,
  place: ProbedPlace,
  signal: AbortSignal,
): Promise<Called<unknown>> {
  if (probe === null) throw new Error("a permission without a probe was asked for");
  return await glue[writes ? "write" : "read"]((api) => probe(api, place), signal);
}

function placeIn(DatabaseName: string, CatalogId: string | undefined): ProbedPlace {
  return { CatalogId, DatabaseName, Name: "tidemark_doctor" };
}

/** A database that the patterns cover and that does not exist; where they are a name, that one. */
function madeUpDatabase([pattern = ""]: readonly string[]): string {
  return pattern.replace("*", `tidemark_doctor_${randomUUID().replaceAll("-", "_")}`).replaceAll(/[*?]/g, "0");
}

/** A database of the listing, where it is one, that the patterns cover and that is no link. */
function databaseAmong(listed: Called<unknown>, databases: readonly string[]): string | undefined {
  const { DatabaseList = [] } = listed.ok ? (listed.value as GetDatabasesResponse) : {};
  const patterns = new DatabasePatterns(databases);
  return DatabaseList.find(({ Name = "", TargetDatabase }) => TargetDatabase === undefined && patterns.match(Name))?.Name;
}

/** The names of the checks that come after those of the way to the catalog. */
function namesBehind({ side, permissions }: GlueUse): readonly string[] {
  return [...permissions.map(({ action }) => action), ...(side === "target" ? [LAKE_FORMATION] : [])];
}

function unasked(names: readonly string[], why: string): readonly Check[] {
  return names.map((name) => skipped(name, `Not asked: ${why}.`));
}
