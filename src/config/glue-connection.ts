import { z } from "zod";
import { type GlueConnection, isLoopback } from "../connectors/glue/client.ts";
import { ROLE_ARN } from "../connectors/glue/credentials.ts";
import { TidemarkError } from "../model/errors.ts";
import type { ProxyEnvironment } from "../wrappers/metered-agent.ts";
import { isHttpUrl } from "./http-url.ts";
import type { Environment } from "./references.ts";

/** How a Glue Data Catalog is reached, as source and as target. */
export interface GlueConnectionConfig extends GlueConnection {
  /** Proxy that every request goes through. Left out: the environment's. */
  readonly proxy?: string;
}

const text = z.string().min(1);

type Keys = { readonly [Key in keyof GlueConnectionConfig]-?: z.ZodExactOptional<z.ZodType<NonNullable<GlueConnectionConfig[Key]>>> };

/** The keys of {@link GlueConnectionConfig}, for the schemas of source and target. */
export const GLUE_CONNECTION: Keys = {
  region: text.exactOptional().meta({ description: "AWS region. Left out: what the profile or the AWS environment says." }),
  endpoint: z
    .string()
    .refine(isHttpUrl, { error: 'must be a URL such as "http://127.0.0.1:4566"' })
    .exactOptional()
    .meta({ description: "Another endpoint than AWS's own, such as a sandbox." }),
  catalog_id: text
    .exactOptional()
    .meta({ description: "Id of the catalog, as a rule the 12-digit account number, in quotes. Left out: the caller's own." }),
  profile: text
    .exactOptional()
    .meta({ description: "Profile of the AWS configuration files, for credentials and region. Left out: the AWS environment." }),
  role: z
    .strictObject({
      arn: z.string().regex(ROLE_ARN, { error: 'must be the ARN of a role, such as "arn:aws:iam::123456789012:role/catalog"' }),
      external_id: text.exactOptional(),
      session_name: z
        .string()
        .regex(/^[\w+=,.@-]{2,64}$/, { error: "must be 2 to 64 letters, digits and _ + = , . @ -" })
        .exactOptional(),
    })
    .exactOptional()
    .meta({
      description:
        "Role to assume: `arn`, and where its trust policy or your audit asks for them `external_id` and `session_name` (default `tidemark`).",
    }),
  proxy: z.string().refine(isHttpUrl, { error: 'must be a URL such as "http://proxy.example.com:3128"' }).exactOptional().meta({
    description:
      "Proxy for all requests but those that NO_PROXY exempts. Left out: HTTPS_PROXY and HTTP_PROXY of the environment. Put a password into the environment: `http://${PROXY_LOGIN}@proxy.example.com:3128`.",
  }),
};

/**
 * The variables that say how requests reach a catalog: those of the environment, with `proxy` in the place of its proxies. Endpoints on
 * this machine are reached without the environment's proxy, which could not see them. Throws `config_invalid` for a proxy of the
 * environment that speaks no HTTP: passing it over would call AWS directly.
 */
export function proxyEnvironment({ proxy, endpoint }: GlueConnectionConfig, env: Environment): ProxyEnvironment {
  const either = (name: string): string | undefined => env[name.toLowerCase()] ?? env[name];
  const NO_PROXY = either("NO_PROXY");
  if (proxy !== undefined) return { HTTP_PROXY: proxy, HTTPS_PROXY: proxy, NO_PROXY };
  if (isLoopback(endpoint)) return {};
  const named = (name: string): string | undefined => httpProxy(name, either(name));
  return { HTTP_PROXY: named("HTTP_PROXY"), HTTPS_PROXY: named("HTTPS_PROXY"), NO_PROXY };
}

function httpProxy(name: string, value: string | undefined): string | undefined {
  if (value === undefined || value === "") return undefined;
  // As in other tools, `proxy:3128` is a proxy that speaks HTTP.
  const url = value.includes("://") ? value : `http://${value}`;
  if (isHttpUrl(url)) return url;
  throw new TidemarkError("config_invalid", `The environment's ${name} names no proxy that speaks HTTP.`, {
    remedy: `Set it to a URL such as http://proxy.example.com:3128, or say \`proxy\` in the configuration.`,
  });
}
