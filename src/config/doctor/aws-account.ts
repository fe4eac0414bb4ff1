import type { PrincipalPermissions } from "@aws-sdk/client-lakeformation";
import { isAws } from "../../connectors/glue/client.ts";
import { failureOf } from "../../connectors/glue/errors.ts";
import { FAILURES } from "../../model/errors.ts";
import { type Check, failed, ok, skipped, warning } from "./check.ts";
import type { GlueAccess } from "./glue-access.ts";

export const LAKE_FORMATION = "lake_formation";

/** Who the credentials belong to, by AWS's own word. Needs no permission. */
export async function identityCheck({ client }: GlueAccess, endpoint: string | undefined, signal: AbortSignal): Promise<Check> {
  if (!isAws(endpoint)) return skipped("credentials", `Not asked: ${endpoint} is not AWS's, and knows no identities of AWS.`);
  try {
    const { STS } = await import("@aws-sdk/client-sts");
    const { Arn } = await new STS(waysOf(client)).getCallerIdentity({}, { abortSignal: signal });
    return ok("credentials", `The caller is ${Arn}.`);
  } catch (error) {
    signal.throwIfAborted();
    const { kind, message } = failureOf(error);
    if (kind === "credentials")
      return failed(
        "credentials",
        `There are no valid credentials or no region: ${message}.`,
        "Give the region and valid AWS credentials (configuration, environment, profile or role).",
        FAILURES.target_unavailable.exit,
      );
    return warning(
      "credentials",
      `AWS STS does not say who the caller is: ${message}.`,
      "In a closed network, give STS an endpoint of its own.",
    );
  }
}

/** Whether tables that we make are governed by IAM alone, or need grants of Lake Formation as well. */
export async function lakeFormationCheck({ client }: GlueAccess, CatalogId: string | undefined, signal: AbortSignal): Promise<Check> {
  try {
    const { LakeFormation } = await import("@aws-sdk/client-lakeformation");
    const { DataLakeSettings } = await new LakeFormation(waysOf(client)).getDataLakeSettings({ CatalogId }, { abortSignal: signal });
    const { CreateDatabaseDefaultPermissions, CreateTableDefaultPermissions } = DataLakeSettings ?? {};
    if (leaveToIam(CreateDatabaseDefaultPermissions) && leaveToIam(CreateTableDefaultPermissions))
      return ok(LAKE_FORMATION, "New databases and tables are governed by IAM alone.");
    return warning(
      LAKE_FORMATION,
      "Lake Formation governs new databases and tables: what IAM allows is not enough there, for us and for whoever reads them.",
      "Grant the caller Create database on the catalog, and grant those who read the tables Describe and Select.",
    );
  } catch (error) {
    signal.throwIfAborted();
    const { kind, message } = failureOf(error);
    return skipped(
      LAKE_FORMATION,
      kind === "denied"
        ? "Its settings may not be read: that takes lakeformation:GetDataLakeSettings, which nothing but this check needs."
        : `Its settings could not be read: ${message}.`,
    );
  }
}

/** The default permissions that AWS gives an account: everything to whom IAM allows it. */
function leaveToIam(permissions: readonly PrincipalPermissions[] = []): boolean {
  return permissions.some(({ Principal }) => Principal?.DataLakePrincipalIdentifier === "IAM_ALLOWED_PRINCIPALS");
}

/** The credentials of the Glue client and its way to AWS. Shared, and destroyed with it. */
function waysOf({ config }: GlueAccess["client"]): Pick<GlueAccess["client"]["config"], "credentials" | "region" | "requestHandler"> & {
  readonly maxAttempts: number;
} {
  const { credentials, region, requestHandler } = config;
  return { credentials, region, requestHandler, maxAttempts: 3 };
}
