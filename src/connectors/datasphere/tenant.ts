import type { CallOptions } from "../../ports/call.ts";
import type { RateLimiter } from "../../ports/rate-limiter.ts";
import { type AccessTokens, type ClientCredentials, clientCredentialTokens } from "./access-token.ts";
import { type Agents, exchange, type Outgoing } from "./exchange.ts";
import { isForPeople } from "./page-for-people.ts";
import { retryAfterMs } from "./retry-after.ts";
import { PASSING, retryPause, type RetryParts } from "./retry-pause.ts";
import { plain, wordsOf } from "./server-words.ts";
import { TenantError, type TenantHttp, type TenantReply, type TenantRequest } from "./tenant-http.ts";
import { TokenEndpoint } from "./token-endpoint.ts";

export interface TenantParts extends RetryParts {
  /** `https://…`, the origin of everything that is read. */
  readonly url: string;
  readonly auth: ClientCredentials;
  readonly agents: Agents;
  /** The budget of this tenant and user, shared by all who read from it. */
  readonly limiter: RateLimiter;
  /** How long nothing may come before a request is given up. */
  readonly timeout_ms: number;
}

/** A tenant to read from, and whether it lets us in. */
export interface Tenant extends TenantHttp {
  /** Gets a token, so that a failed login is told as one. Throws {@link TenantError}. */
  login(options: CallOptions): Promise<void>;
}

const MAX_BYTES = 64 * 1024 * 1024;
// The budget slows down with each: these are not attempts against a wall.
const THROTTLED_ATTEMPTS = 10;
// Whoever is asked to wait longer is not meant to wait.
const LONGEST_WAIT_MS = 5 * 60_000;

/** Answers that are the tenant's own decision, and the same when asked again. */
const DECIDED: ReadonlySet<number> = new Set([200, 304, 400, 403, 404, 405, 406, 413]);

/** Reads from a tenant over HTTP: with a token, within the budget, again where that may help, and never from anywhere else. */
export function openTenant(parts: TenantParts): Tenant {
  const base = new URL(parts.url);
  const endpoint = new TokenEndpoint(parts);
  const tokens = clientCredentialTokens(
    parts.auth,
    (url, headers, body, signal) => endpoint.ask(url, headers, body, signal),
    () => parts.clock.monotonic(),
  );
  return {
    login: async ({ signal }) => void (await tokens.current(signal)),
    get: async (request, { signal }) => await new Reading(parts, tokens, request, ownAddress(request.url, base), signal).answer(),
  };
}

/** The address, if it is the tenant's. A link from an answer may be anything. */
function ownAddress(address: string, base: URL): URL {
  const url = URL.canParse(address, base.href) ? new URL(address, base) : null;
  if (url === null || url.origin !== base.origin || url.username !== "" || url.password !== "")
    throw new TenantError("foreign", `${plain(address)} is no address of ${base.origin}, and was not asked`);
  return url;
}

/** One read and its repetitions. */
class Reading {
  readonly #parts: TenantParts;
  readonly #tokens: AccessTokens;
  readonly #request: TenantRequest;
  readonly #url: URL;
  readonly #signal: AbortSignal;
  #renewed = false;
  #throttled = 0;

  constructor(parts: TenantParts, tokens: AccessTokens, request: TenantRequest, url: URL, signal: AbortSignal) {
    this.#parts = parts;
    this.#tokens = tokens;
    this.#request = request;
    this.#url = url;
    this.#signal = signal;
  }

  async answer(): Promise<TenantReply> {
    for (let attempt = 1; ;) {
      const once = await this.#once();
      if ("reply" in once) return once.reply;
      if (once.again === "never") throw once.error;
      if (once.again === "throttled" && ++this.#throttled >= THROTTLED_ATTEMPTS) throw once.error;
      if (once.again === "later") {
        if (attempt++ >= this.#parts.retry.attempts) throw once.error;
        await retryPause(this.#parts, attempt - 1, once.wait_ms ?? 0, this.#signal);
      }
    }
  }

  async #once(): Promise<Once> {
    const { clock, limiter } = this.#parts;
    const token = await this.#tokens.current(this.#signal);
    const turn = await limiter.turn({ signal: this.#signal });
    const reply = await exchange(this.#outgoing(token)).catch((error: unknown) => {
      // The tenant may have counted it: it is spent, whatever became of it.
      turn.accepted();
      if (error instanceof TenantError) return error;
      throw error;
    });
    if (reply instanceof TenantError) {
      return { error: reply, again: reply.kind === "cut" || reply.kind === "unavailable" ? "later" : "never" };
    }
    const { status } = reply;
    if (status === 429) {
      const wait_ms = retryAfterMs(reply.headers, clock);
      const error = new TenantError("throttled", `it says that requests come too fast, ${wordsOf(reply)}`);
      const isTooLong = wait_ms !== null && wait_ms > LONGEST_WAIT_MS;
      turn.throttled(isTooLong ? undefined : (wait_ms ?? undefined));
      return { error, again: isTooLong ? "never" : "throttled" };
    }
    turn.accepted();
    const isPage = isForPeople(reply, this.#request.accept);
    if (status === 401 || (isPage && status < 400)) return this.#refused(token, reply, isPage);
    if (PASSING.has(status)) {
      const error = new TenantError("unavailable", `it answers ${wordsOf(reply)}`);
      const wait_ms = retryAfterMs(reply.headers, clock) ?? 0;
      return { error, again: wait_ms > LONGEST_WAIT_MS ? "never" : "later", wait_ms };
    }
    return this.#decided(reply, isPage);
  }

  #refused(token: string, reply: TenantReply, isPage: boolean): Once {
    const error = isPage
      ? new TenantError("html", `it answers with a page for people to log in (status ${reply.status}), so the login failed`)
      : new TenantError("unauthorized", `it does not accept the token, ${wordsOf(reply)}`);
    if (this.#renewed) return { error, again: "never" };
    this.#renewed = true;
    this.#tokens.refused(token);
    return { error, again: "now" };
  }

  #decided(reply: TenantReply, isPage: boolean): Once {
    const { status, headers } = reply;
    if (status === 304 ? this.#request.if_none_match !== undefined : DECIDED.has(status) && !isPage) return { reply };
    if (status >= 300 && status < 400) {
      const location = plain(headers.get("location") ?? "nowhere");
      return {
        error: new TenantError("redirected", `it points elsewhere (status ${status}, to ${location}), which is not followed`),
        again: "never",
      };
    }
    // A page with an error's status is some gateway's word, not the tenant's.
    const error = isPage
      ? new TenantError("html", `it answers with a page for people (status ${status})`)
      : new TenantError("unavailable", `it answers ${wordsOf(reply)}`);
    return { error, again: "never" };
  }

  #outgoing(token: string): Outgoing {
    const { accept, if_none_match, max_bytes = MAX_BYTES } = this.#request;
    const { agents, timeout_ms } = this.#parts;
    return {
      method: "GET",
      url: this.#url,
      headers: {
        accept,
        authorization: `Bearer ${token}`,
        ...(if_none_match === undefined ? {} : { "if-none-match": if_none_match }),
      },
      agents,
      timeout_ms,
      max_bytes,
      signal: this.#signal,
    };
  }
}

type Once =
  | { readonly reply: TenantReply }
  | { readonly error: TenantError; readonly again: "never" | "now" | "later" | "throttled"; readonly wait_ms?: number };
