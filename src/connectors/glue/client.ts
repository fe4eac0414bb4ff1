import { existsSync } from "node:fs";
import type { Agent as HttpAgent } from "node:http";
import type { Agent as HttpsAgent } from "node:https";
import { homedir } from "node:os";
import { join } from "node:path";
import type { Glue, GlueClientConfig } from "@aws-sdk/client-glue";

/** The calls that we make. */
export type GlueApi = Pick<
  Glue,
  "createDatabase" | "createTable" | "deleteTable" | "getDatabase" | "getDatabases" | "getTable" | "getTables" | "updateTable" | "destroy"
>;

export interface ClientOptions {
  /** Left out: what the AWS environment says. */
  readonly region?: string | undefined;
  /** Another endpoint than AWS's own. */
  readonly endpoint?: string | undefined;
  /** Through which every request goes. */
  readonly agents: { readonly http: HttpAgent; readonly https: HttpsAgent };
  /** For a whole exchange. */
  readonly requestTimeoutMs: number;
}

/**
 * The official client, which never retries: whoever calls it knows which call may be repeated. The SDK is loaded here and only when it
 * is needed, because it takes longer to load than most commands to run.
 */
export async function createClient(options: ClientOptions): Promise<GlueApi> {
  const { Glue } = await import("@aws-sdk/client-glue");
  const { region, endpoint, agents, requestTimeoutMs } = options;
  const isLocal = isLoopback(endpoint);
  const config: GlueClientConfig = {
    maxAttempts: 1,
    ...(region !== undefined ? { region } : isLocal && process.env["AWS_REGION"] === undefined ? { region: "us-east-1" } : {}),
    ...(endpoint !== undefined && { endpoint }),
    requestHandler: {
      httpAgent: agents.http,
      httpsAgent: agents.https,
      requestTimeout: requestTimeoutMs,
      throwOnRequestTimeout: true,
      connectionTimeout: Math.min(requestTimeoutMs, 10_000),
    },
  };
  if (!isLocal) return new Glue(config);
  if (!hasCredentials()) return new Glue({ ...config, credentials: PLACEHOLDER });
  const client = new Glue(config);
  const found = await client.config.credentials().catch(() => null);
  return found === null ? new Glue({ ...config, credentials: PLACEHOLDER }) : client;
}

/** True for an endpoint on this machine: a sandbox or an emulator, which a user can try without an AWS account. */
export function isLoopback(endpoint: string | undefined): boolean {
  return endpoint !== undefined && URL.canParse(endpoint) && /^(localhost|127(\.\d+){3}|\[::1\])$/.test(new URL(endpoint).hostname);
}

/** True for AWS's own endpoints, private ones of a network among them. */
export function isAws(endpoint: string | undefined): boolean {
  return (
    endpoint === undefined || (URL.canParse(endpoint) && /\.(amazonaws\.com|amazonaws\.com\.cn|api\.aws)$/.test(new URL(endpoint).hostname))
  );
}

const PLACEHOLDER = { accessKeyId: "local", secretAccessKey: "local" };

// A look at where credentials may stand, because the default chain ends by asking the network for them and waits for its silence.
function hasCredentials(): boolean {
  const { env } = process;
  const named = [
    "AWS_ACCESS_KEY_ID",
    "AWS_PROFILE",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
  ];
  if (named.some((name) => (env[name] ?? "") !== "")) return true;
  return existsSync(env["AWS_SHARED_CREDENTIALS_FILE"] ?? join(homedir(), ".aws", "credentials"));
}
