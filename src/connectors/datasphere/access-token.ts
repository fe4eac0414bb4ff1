import type * as OAuth from "oauth4webapi";
import { plain } from "./server-words.ts";
import { TenantError } from "./tenant-http.ts";

/** Who reads: a technical user. Another grant would be another implementation of {@link AccessTokens}. */
export interface ClientCredentials {
  readonly client_id: string;
  /** Called each time a token is asked for, and nowhere else. */
  readonly client_secret: () => string;
  readonly token_url: string;
  /** Where the secret stands: in the body, or as HTTP Basic with id and secret as they are. */
  readonly method: "post" | "basic";
}

/** Tokens to read with. */
export interface AccessTokens {
  /** A token that is good for a while yet. All who ask while one is on its way wait for that one. */
  current(signal: AbortSignal): Promise<string>;
  /** Tells that a token was refused, so that the next {@link current} is another one. */
  refused(token: string): void;
}

/** What a token costs to get: one POST, answered by what the endpoint says, whatever the status. Throws `TenantError`. */
export type AskForToken = (url: URL, headers: Headers, body: string, signal: AbortSignal) => Promise<Response>;

// SAP's command line renews ten seconds ahead; a minute also covers a request that waits for its turn.
const AHEAD_MS = 60_000;
const DEFAULT_LIFETIME_S = 3_600;

/** Tokens by client credentials: kept in memory, renewed ahead of their end, one at a time. `monotonic` is in milliseconds. */
export function clientCredentialTokens(who: ClientCredentials, ask: AskForToken, monotonic: () => number): AccessTokens {
  let held: { readonly token: string; readonly until: number } | null = null;
  let coming: Promise<string> | null = null;

  async function renew(signal: AbortSignal): Promise<string> {
    const asked = monotonic();
    const { token, lifetime_s } = await grant(who, ask, signal);
    // A token of less than two minutes would otherwise never be good for a while.
    const lifetime = lifetime_s * 1_000;
    held = { token, until: asked + Math.max(lifetime - AHEAD_MS, lifetime / 2) };
    return token;
  }

  return {
    current(signal) {
      if (held !== null && monotonic() < held.until) return Promise.resolve(held.token);
      coming ??= renew(signal).finally(() => (coming = null));
      return coming;
    },
    refused(token) {
      if (held?.token === token) held = null;
    },
  };
}

async function grant(
  who: ClientCredentials,
  ask: AskForToken,
  signal: AbortSignal,
): Promise<{ readonly token: string; readonly lifetime_s: number }> {
  const oauth = await import("oauth4webapi");
  const url = new URL(who.token_url);
  const server: OAuth.AuthorizationServer = { issuer: url.origin, token_endpoint: url.href };
  const client: OAuth.Client = { client_id: who.client_id };
  const options: OAuth.ClientCredentialsGrantRequestOptions = {
    signal,
    [oauth.customFetch]: (address, { headers, body }) => ask(new URL(address), new Headers(headers), String(body), signal),
    [oauth.allowInsecureRequests]: url.protocol === "http:",
  };
  try {
    const response = await oauth.clientCredentialsGrantRequest(server, client, authenticationOf(who, oauth), {}, options);
    const { access_token, expires_in = DEFAULT_LIFETIME_S } = await oauth.processClientCredentialsResponse(server, client, response);
    return { token: access_token, lifetime_s: expires_in };
  } catch (error) {
    signal.throwIfAborted();
    throw error instanceof TenantError ? error : refusal(error, oauth, who.client_secret());
  }
}

// The standard's Basic percent-encodes both, and then SAP's ids, which hold "!" and "|", are others.
function authenticationOf({ client_secret, client_id, method }: ClientCredentials, oauth: typeof OAuth): OAuth.ClientAuth {
  if (method === "post") return oauth.ClientSecretPost(client_secret());
  return (_server, _client, _body, headers) => {
    headers.set("authorization", `Basic ${Buffer.from(`${client_id}:${client_secret()}`).toString("base64")}`);
  };
}

function refusal(error: unknown, oauth: typeof OAuth, secret: string): TenantError {
  // An endpoint may repeat what it was sent.
  const unauthorized = (code: string, words?: string): TenantError => {
    const said = `the login was refused as ${plain(code)}${words === undefined ? "" : ` (${plain(words)})`}`;
    return new TenantError("unauthorized", said.replaceAll(secret, "[secret]"));
  };
  if (error instanceof oauth.ResponseBodyError) return unauthorized(error.error, error.error_description);
  if (error instanceof oauth.WWWAuthenticateChallengeError) {
    const { error: code, error_description: words } =
      error.cause.find(({ parameters }) => parameters.error !== undefined)?.parameters ?? {};
    return unauthorized(code ?? `status ${error.status}`, words);
  }
  return new TenantError("unauthorized", "the login answers with what is no token");
}
