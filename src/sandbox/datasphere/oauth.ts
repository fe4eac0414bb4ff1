import { randomBytes, randomUUID } from "node:crypto";
import { type Exchange, headerOf, JSON_TYPE, type Reply } from "./exchange.ts";
import type { Settings } from "./settings.ts";

/** The technical user's client. */
export interface Client {
  readonly id: string;
  readonly secret: string;
}

/** Whether a request bears a token of the tenant: `none` where it bears none at all. */
export type Bearer = "valid" | "invalid" | "none";

const SCOPE = "approuter-sac-sandbox!t1.sap.fpa.user uaa.resource dmi-api-proxy-sac-sandbox!t1.apiaccess";
const FAR = 100_000;

/** The token endpoint, and the tokens it gave out. */
export class OAuth {
  readonly #client: Client;
  readonly #now: () => number;
  readonly #expiries = new Map<string, number>();

  constructor(client: Client, now: () => number) {
    this.#client = client;
    this.#now = now;
  }

  /** Forgets every token: they are invalid from now on. */
  clear(): void {
    this.#expiries.clear();
  }

  bearer(exchange: Exchange): Bearer {
    const authorization = headerOf(exchange, "authorization");
    if (authorization === "") return "none";
    const [, token = ""] = /^Bearer (\S+)$/i.exec(authorization) ?? [];
    const expiry = this.#expiries.get(token);
    return expiry !== undefined && this.#now() < expiry ? "valid" : "invalid";
  }

  /** Answers a request for a token as SAP's authorization service does, its refusals included. */
  token(exchange: Exchange, { token_lifetime_s }: Settings): Reply {
    const form = new URLSearchParams(exchange.body.toString());
    const grant = form.get("grant_type");
    if (grant === null) return refusal(400, "invalid_request", "Missing grant type");
    if (grant !== "client_credentials") return refusal(400, "unsupported_grant_type", `Unsupported grant type: ${grant}`);
    const given = credentialsIn(exchange, form);
    if (given?.id !== this.#client.id || given.secret !== this.#client.secret) return refusal(401, "unauthorized", "Bad credentials");
    const jti = randomUUID().replaceAll("-", "");
    const token = this.#issue(jti, token_lifetime_s);
    return json(200, { access_token: token, token_type: "bearer", expires_in: Math.floor(token_lifetime_s), scope: SCOPE, jti });
  }

  #issue(jti: string, lifetime: number): string {
    const now = this.#now();
    if (this.#expiries.size > FAR) for (const [token, expiry] of this.#expiries) if (expiry <= now) this.#expiries.delete(token);
    const claims = { jti, cid: this.#client.id, scope: SCOPE.split(" "), exp: Math.floor(now / 1000 + lifetime) };
    const parts = [{ alg: "RS256", typ: "JWT" }, claims].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"));
    const token = [...parts, randomBytes(256).toString("base64url")].join(".");
    this.#expiries.set(token, now + lifetime * 1000);
    return token;
  }
}

/** Where to log in and where to ask for tokens: what SAP's command line asks a tenant for. */
export function oauthUrls({ origin }: Exchange): Reply {
  return json(200, { authorizationUrl: `${origin}/oauth/authorize`, tokenUrl: `${origin}/oauth/token` });
}

// In the body, or as HTTP Basic: there the id and the secret stand as they are, so that percent-encoded ones are others.
function credentialsIn(exchange: Exchange, form: URLSearchParams): Client | null {
  const [, basic] = /^Basic (\S+)$/i.exec(headerOf(exchange, "authorization")) ?? [];
  if (basic === undefined) return { id: form.get("client_id") ?? "", secret: form.get("client_secret") ?? "" };
  const pair = Buffer.from(basic, "base64").toString();
  const colon = pair.indexOf(":");
  return colon < 0 ? null : { id: pair.slice(0, colon), secret: pair.slice(colon + 1) };
}

function refusal(status: number, error: string, description: string): Reply {
  const challenge = `Basic realm="UAA/client", error="${error}", error_description="${description}"`;
  return {
    ...json(status, { error, error_description: description }),
    error,
    ...(status === 401 && { headers: { "www-authenticate": challenge } }),
  };
}

function json(status: number, body: object): Reply {
  return { status, type: JSON_TYPE, body: JSON.stringify(body) };
}
