import { existsSync } from "node:fs";
import type { Agent as HttpAgent } from "node:http";
import type { Agent as HttpsAgent } from "node:https";
import { homedir } from "node:os";
import { join } from "node:path";
import type { Glue, GlueClientConfig } from "@aws-sdk/client-glue";
import { type Caller, credentialsFor } from "./credentials.ts";

/** The calls that we make. */
export type GlueApi = Pick<
  Glue,
  | "batchDeleteTable"
  | "createDatabase"
  | "createTable"
  | "deleteDatabase"
  | "deleteTable"
  | "getDatabase"
  | "getDatabases"
  | "getTable"
  | "getTables"
  | "updateTable"
  | "destroy"
>;

/** Which catalog, and as whom it is called. What is left out, the AWS environment says. */
export interface GlueConnection extends Caller {
  readonly region?: string;
  /** Another endpoint than AWS's own: a sandbox, an emulator, a private one. */
  readonly endpoint?: string;
  /** Left out: the caller's own account. */
  readonly catalog_id?: string;
}

export interface ClientOptions extends GlueConnection {
  /** Through which every request goes, those for credentials too. */
  readonly agents: {
    readonly http: HttpAgent;
    readonly https: HttpsAgent;
    /** Gives the requests that `work` makes a name for people. */
    readonly naming?: <T>(what: string, work: () => Promise<T>) => Promise<T>;
  };
  /** For a whole exchange. */
  readonly requestTimeoutMs: number;
}

/**
 * The official client, which never retries: whoever calls it knows which call may be repeated. The SDK is loaded here and only when it
 * is needed, because it takes longer to load than most commands to run.
 */
export async function createClient(options: ClientOptions): Promise<GlueApi> {
  const { Glue } = await import("@aws-sdk/client-glue");
  const { region, endpoint, profile, agents, requestTimeoutMs } = options;
  const isLocal = isLoopback(endpoint);
  const isPlaceless = region === undefined && profile === undefined && process.env["AWS_REGION"] === undefined;
  const config = {
    maxAttempts: 1,
    ...(region !== undefined ? { region } : isLocal && isPlaceless ? { region: "us-east-1" } : {}),
    ...(endpoint !== undefined && { endpoint }),
    ...(profile !== undefined && { profile }),
    requestHandler: {
      httpAgent: agents.http,
      httpsAgent: agents.https,
      requestTimeout: requestTimeoutMs,
      throwOnRequestTimeout: true,
      connectionTimeout: Math.min(requestTimeoutMs, 10_000),
    },
  } satisfies GlueClientConfig;
  const credentials = await credentialsFor(options, config);
  const open = (further: Partial<GlueClientConfig> = {}): Glue => withCallNames(new Glue({ ...config, ...further }), agents);
  if (credentials !== undefined) return open({ credentials });
  if (!isLocal) return open();
  if (!hasCredentials()) return open({ credentials: PLACEHOLDER });
  const client = open();
  const found = await client.config.credentials().catch(() => null);
  return found === null ? open({ credentials: PLACEHOLDER }) : client;
}

/** Every request of the protocol has the same path: what tells them apart is their operation and the table they name. */
function withCallNames(client: Glue, { naming }: ClientOptions["agents"]): Glue {
  if (naming === undefined) return client;
  client.middlewareStack.add(
    (next, { commandName = "" }) =>
      (args) =>
        naming(callName(commandName, args.input as NamedInput), () => next(args)),
    {
      // At the last step: credentials are asked for before it, and are not this call.
      step: "deserialize",
      name: "callName",
    },
  );
  return client;
}

/** `UpdateTable dsp_sales.orders`. */
function callName(command: string, input: NamedInput): string {
  const { DatabaseName, DatabaseInput, TableInput, Name = TableInput?.Name ?? DatabaseInput?.Name, TablesToDelete } = input;
  const where = [DatabaseName, Name].filter((part) => part !== undefined).join(".");
  const further = TablesToDelete === undefined ? "" : ` (${TablesToDelete.length} tables)`;
  return `${command.replace(/Command$/, "")}${where === "" ? "" : ` ${where}`}${further}`;
}

interface NamedInput {
  readonly DatabaseName?: string;
  readonly Name?: string;
  readonly DatabaseInput?: { readonly Name?: string };
  readonly TableInput?: { readonly Name?: string };
  readonly TablesToDelete?: readonly string[];
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
