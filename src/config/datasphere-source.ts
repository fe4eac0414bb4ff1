import { z } from "zod";
import type { AssetObjects } from "../connectors/datasphere/object-types.ts";
import { isLoopback, tokenUrlOf } from "../connectors/datasphere/token-url.ts";
import { isHttpUrl } from "./http-url.ts";
import { Secret } from "./secret.ts";

/** A live tenant, read as a technical user. */
export interface DatasphereSourceConfig {
  readonly type: "datasphere";
  readonly url: string;
  readonly auth: DatasphereAuthConfig;
  readonly spaces?: readonly string[];
  readonly object_types?: readonly AssetObjects[];
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
  readonly exposed_only?: boolean;
  readonly flows?: boolean;
  readonly definition?: "deployed" | "saved";
  readonly requests_per_minute?: number;
  readonly parallel_reads?: number;
  readonly read_policy?: { readonly max_age_minutes?: number; readonly budget?: number };
  readonly proxy?: string;
}

/** The client's id and secret, or the file of SAP's command line that has them. */
export interface DatasphereAuthConfig {
  readonly client_id?: string;
  readonly client_secret?: Secret;
  /** Absolute after loading. */
  readonly secrets_file?: string;
  readonly token_url?: string;
  readonly method?: "post" | "basic";
}

const text = z.string().min(1);
const SAFE_URL = 'must be a URL such as "https://acme.eu10.hcs.cloud.sap"; http is for this machine alone';
const OBJECT_TYPES: readonly [AssetObjects, ...AssetObjects[]] = ["local_tables", "remote_tables", "views", "analytic_models"];

const auth: z.ZodType<DatasphereAuthConfig> = z
  .strictObject({
    client_id: text.exactOptional().meta({ description: "Id of the technical user's OAuth client." }),
    client_secret: text
      .transform((secret) => new Secret(secret))
      .exactOptional()
      .meta({ description: 'Its secret, out of the environment: "${DSP_CLIENT_SECRET}".' }),
    secrets_file: text.exactOptional().meta({
      description:
        "In their place a file of SAP's command line that has them, relative to this one: what `datasphere login --secrets-file` takes, or what it keeps.",
    }),
    token_url: z.string().refine(isSafeUrl, { error: SAFE_URL }).exactOptional().meta({
      description: "Where tokens are asked for. Left out: derived from `url`, or as the secrets file says.",
    }),
    method: z
      .enum(["post", "basic"])
      .exactOptional()
      .meta({ default: "post", description: "Where id and secret stand: in the body, or as HTTP Basic, not percent-encoded." }),
  })
  .superRefine(({ client_id, client_secret, secrets_file }, context) => {
    if (
      secrets_file === undefined
        ? client_id !== undefined && client_secret !== undefined
        : client_id === undefined && client_secret === undefined
    )
      return;
    context.addIssue({ code: "custom", message: "needs either client_id and client_secret or a secrets_file" });
  });

/** The keys of a `datasphere` source but its type, for the schema. */
export const DATASPHERE_SOURCE: Keys = {
  url: z
    .string()
    .refine(isSafeUrl, { error: SAFE_URL })
    .meta({ description: "Address of the tenant, such as `https://acme.eu10.hcs.cloud.sap`." }),
  auth: auth.meta({
    description:
      "The technical user's OAuth client: `client_id` and `client_secret`, or a `secrets_file`; `token_url` and `method` where they differ from SAP's own.",
  }),
  spaces: z
    .array(z.string().regex(/^[A-Za-z0-9_]+$/, { error: "a space's name is made of letters, digits and _" }))
    .min(1, { error: "names no space" })
    .exactOptional()
    .meta({ description: "The spaces to read. Left out: every one that the technical user is a member of." }),
  object_types: z
    .array(z.enum(OBJECT_TYPES))
    .min(1, { error: "names no type" })
    .exactOptional()
    .meta({ default: OBJECT_TYPES, description: "The types of objects to read." }),
  include: z
    .array(text)
    .exactOptional()
    .meta({ default: [], description: "Only assets that match one of these patterns with `*` and `?`, such as `SALES.*_V`." }),
  exclude: z.array(text).exactOptional().meta({ default: [], description: "No asset that matches one of these." }),
  exposed_only: z.boolean().exactOptional().meta({ default: false, description: "Only what is exposed for consumption." }),
  flows: z.boolean().exactOptional().meta({
    default: true,
    description: "Read flows too, so that each table tells what fills it. Costs four lists for each space.",
  }),
  definition: z
    .enum(["deployed", "saved"])
    .exactOptional()
    .meta({ default: "deployed", description: "Which state of an object counts: what is deployed, or what was saved last." }),
  requests_per_minute: z
    .int()
    .min(1)
    .max(100_000)
    .exactOptional()
    .meta({ default: 300, description: "Requests that the tenant allows its user in a minute." }),
  parallel_reads: z.int().min(1).max(64).exactOptional().meta({ default: 8, description: "Reads under way at a time." }),
  read_policy: z
    .strictObject({
      max_age_minutes: z
        .number()
        .min(0)
        .exactOptional()
        .meta({ description: "How old the last read of an asset may be that nothing proves unchanged." }),
      budget: z.int().min(0).exactOptional().meta({ description: "How many of those a run reads at most, the longest unread first." }),
    })
    .exactOptional()
    .meta({ description: "Which assets are read again that nothing proves unchanged. Left out: all of them, in every run." }),
  proxy: z.string().refine(isHttpUrl, { error: 'must be a URL such as "http://proxy.example.com:3128"' }).exactOptional().meta({
    description: "Proxy for all requests but those that NO_PROXY exempts. Left out: HTTPS_PROXY and HTTP_PROXY of the environment.",
  }),
};

/** Says what is wrong with a source as a whole. */
export function checkDatasphereSource(
  { url, auth: { token_url, secrets_file } }: DatasphereSourceConfig,
  context: z.core.$RefinementCtx,
): void {
  if (token_url !== undefined || secrets_file !== undefined || !isSafeUrl(url) || tokenUrlOf(url) !== null) return;
  context.addIssue({ code: "custom", path: ["auth"], message: `needs a token_url, which cannot be derived from ${url}` });
}

type Optional<T> = z.ZodExactOptional<z.ZodType<T>>;
type Keys = {
  readonly [Key in Exclude<keyof DatasphereSourceConfig, "type">]-?: undefined extends DatasphereSourceConfig[Key]
    ? Optional<NonNullable<DatasphereSourceConfig[Key]>>
    : z.ZodType<DatasphereSourceConfig[Key]>;
};

function isSafeUrl(value: string): boolean {
  if (!isHttpUrl(value)) return false;
  const { protocol, hostname, username, password } = new URL(value);
  return (protocol === "https:" || isLoopback(hostname)) && username === "" && password === "";
}
