import type { fromIni } from "@aws-sdk/credential-providers";

/** As whom the catalog is called, where the AWS environment does not say. */
export interface Caller {
  /** Of the AWS configuration files; whatever else the environment offers is then not asked. */
  readonly profile?: string;
  readonly role?: AssumedRole;
}

/** A role that is assumed before the catalog is called. */
export interface AssumedRole {
  readonly arn: string;
  /** What the role's trust policy may ask for. */
  readonly external_id?: string;
  /** What AWS's audit trail calls the session. Default: `tidemark`. */
  readonly session_name?: string;
}

export const ROLE_ARN: RegExp = /^arn:aws[a-z-]*:iam::(?<account>\d{12}):role\/[\w+=,.@/-]+$/;

/** The account that a role belongs to. */
export function accountOf(role: AssumedRole | undefined): string | undefined {
  return role === undefined ? undefined : ROLE_ARN.exec(role.arn)?.groups?.["account"];
}

/** How the services that give credentials are reached. */
export interface Way {
  readonly region?: string;
  readonly requestHandler: object;
}

/** Gives credentials, and new ones before they expire. */
export type Credentials = ReturnType<typeof fromIni>;

/**
 * Credentials of a profile, or of a role that is assumed with those of the profile or else of the AWS environment; undefined
 * where neither is wanted. A refusal counts as missing credentials, because no call can succeed after it.
 */
export async function credentialsFor({ profile, role }: Caller, { region, requestHandler }: Way): Promise<Credentials | undefined> {
  if (profile === undefined && role === undefined) return undefined;
  const { fromIni, fromTemporaryCredentials } = await import("@aws-sdk/credential-providers");
  const clientConfig = { ...(region !== undefined && { region }), ...(profile !== undefined && { profile }), requestHandler };
  const own = profile === undefined ? undefined : fromIni({ profile, clientConfig });
  if (role === undefined) return own;
  const { arn, external_id, session_name = "tidemark" } = role;
  const assume = fromTemporaryCredentials({
    params: { RoleArn: arn, RoleSessionName: session_name, ...(external_id !== undefined && { ExternalId: external_id }) },
    ...(own !== undefined && { masterCredentials: own }),
    clientConfig,
  });
  return async (properties) => {
    try {
      return await assume(properties);
    } catch (error) {
      const { name, message } = error as Error;
      const refused = new Error(`the role ${arn} cannot be assumed: ${name}: ${message}`, { cause: error });
      throw Object.assign(refused, { name: "CredentialsProviderError" });
    }
  };
}
