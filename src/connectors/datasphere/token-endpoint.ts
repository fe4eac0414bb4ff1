import { type Agents, exchange } from "./exchange.ts";
import { isForPeople } from "./page-for-people.ts";
import { PASSING, retryPause, type RetryParts } from "./retry-pause.ts";
import { wordsOf } from "./server-words.ts";
import { TenantError } from "./tenant-http.ts";

export interface TokenEndpointParts extends RetryParts {
  readonly agents: Agents;
  readonly timeout_ms: number;
}

const MAX_BYTES = 1024 * 1024;

/** Where tokens come from: not paced, since it is another service, but repeated like any read. */
export class TokenEndpoint {
  readonly #parts: TokenEndpointParts;

  constructor(parts: TokenEndpointParts) {
    this.#parts = parts;
  }

  async ask(url: URL, headers: Headers, body: string, signal: AbortSignal): Promise<Response> {
    for (let attempt = 1; ; attempt++) {
      const reply = await this.#once(url, headers, body, signal).catch((error: unknown) => {
        if (error instanceof TenantError) return error;
        throw error;
      });
      if (!(reply instanceof TenantError)) return reply;
      if ((reply.kind !== "unavailable" && reply.kind !== "cut") || attempt >= this.#parts.retry.attempts) throw reply;
      await retryPause(this.#parts, attempt, 0, signal);
    }
  }

  async #once(url: URL, headers: Headers, body: string, signal: AbortSignal): Promise<Response> {
    const { agents, timeout_ms } = this.#parts;
    const common = { agents, timeout_ms, max_bytes: MAX_BYTES, signal };
    const reply = await exchange({ method: "POST", url, headers: Object.fromEntries(headers), body, ...common });
    const { status } = reply;
    if (PASSING.has(status) || status === 429) throw new TenantError("unavailable", `the login answers ${wordsOf(reply)}`);
    if (status >= 300 && status < 400)
      throw new TenantError("redirected", `the login points elsewhere (status ${status}), which is not followed`);
    if (isForPeople(reply, "application/json"))
      throw new TenantError("html", `the login answers with a page for people (status ${status}), so it failed`);
    return new Response(Buffer.from(reply.body), { status, headers: [...reply.headers].filter(([name]) => name !== "content-encoding") });
  }
}
